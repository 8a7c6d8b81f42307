"""What a response may look like: protocol version, format and preferences, from the request's header fields.

OData Protocol 4.01, sections 5 (versioning), 8.1.5, 8.2.1, 8.2.6, 8.2.7 and 8.2.8; OData JSON Format 4.01, section 3.
Everything here depends on the fields and `$format` alone, so an outcome is worked out once for each combination and
kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from demotic.errors import InvalidInput, NotAcceptable, SyntaxFault
from demotic.protocols.odata.v4._rows import Metadata
from demotic.service import Representation
from demotic.syntax.http import MediaType, negotiate, parse_accept, parse_media_type, parse_prefer

VERSION = re.compile(r"\s*(\d{1,3})\.(\d{1,3})\s*")
VERSIONS = ("4.0", "4.01")
IGNORED = ("charset", "odata.streaming", "streaming", "exponentialdecimals")
# Short forms of $format (Protocol 4.01, section 11.2.12). Atom is known, and not offered.
SHORT_FORMS = {"json": "application/json", "xml": "application/xml", "atom": "application/atom+xml"}


def _json_offers() -> list[MediaType]:
    """All JSON types, minimal metadata first; each answers to the parameter with and without the prefix of 4.0."""
    return [
        MediaType(
            "application",
            "json",
            (("odata.metadata", level), ("metadata", level), ("ieee754compatible", exact)),
        )
        for level in ("minimal", "full", "none")
        for exact in ("false", "true")
    ]


JSON = _json_offers()
XML = [MediaType("application", "xml")]


@dataclass(frozen=True, slots=True)
class Format:
    """The agreed format of a JSON response."""

    metadata: Metadata
    exact: bool
    version: str

    @property
    def representation(self) -> Representation:
        """How stores shall represent values."""
        return Representation.JSON_EXACT if self.exact else Representation.JSON

    @property
    def content_type(self) -> str:
        """The value of the Content-Type field. The prefixed parameter is valid in both versions."""
        exact = ";IEEE754Compatible=true" if self.exact else ""
        return f"application/json;odata.metadata={self.metadata.value};odata.streaming=true{exact};charset=utf-8"


@lru_cache(maxsize=64)
def version_for(maximum: str | None, used: str | None) -> str:
    """Return the OData-Version of the response. Raises InvalidInput for fields that ask for what we do not speak.

    ``maximum`` is the request's OData-MaxVersion, ``used`` its OData-Version.
    """
    if used is not None and _version("OData-Version", used) not in ((4, 0), (4, 1)):
        raise InvalidInput(
            f"OData-Version {used.strip()} is not spoken here", target="OData-Version", hint="use 4.0 or 4.01"
        )
    if maximum is None:
        return "4.01"
    number = _version("OData-MaxVersion", maximum)
    if number < (4, 0):
        raise InvalidInput(
            f"no version up to {maximum.strip()} is spoken here", target="OData-MaxVersion", hint="use 4.0 or 4.01"
        )
    return "4.0" if number == (4, 0) else "4.01"


def _version(field: str, text: str) -> tuple[int, int]:
    found = VERSION.fullmatch(text)
    if found is None:
        raise InvalidInput(f"{text!r} is not a version", target=field, hint="use 4.0 or 4.01")
    return int(found[1]), int(found[2])


def json_format(accept: str | None, format_option: str | None, version: str) -> Format:
    """Agree on a JSON format. Raises NotAcceptable where the caller takes no JSON, InvalidInput for broken fields."""
    chosen = _choose(accept, format_option, JSON)
    return Format(
        Metadata(chosen.parameter("odata.metadata")), chosen.parameter("ieee754compatible") == "true", version
    )


def metadata_is_json(accept: str | None, format_option: str | None) -> bool:
    """Agree on the form of the metadata document: XML unless JSON is asked for."""
    return _choose(accept, format_option, XML + JSON).subtype == "json"


def check_plain(accept: str | None, format_option: str | None) -> None:
    """Check the fields of a request whose answer has one type only (``$count``, ``$value``): well formed is enough.

    Clients send the Accept of their JSON requests here as well, so it is not held against them.
    """
    if format_option is not None:
        raise InvalidInput("$format does not apply to a raw value", target="$format", hint="leave it out")
    _parsed(accept)


def _choose(accept: str | None, format_option: str | None, offered: list[MediaType]) -> MediaType:
    if format_option is not None:
        accept = SHORT_FORMS.get(format_option.lower(), format_option)
        try:
            parse_media_type(accept)
        except (SyntaxFault, InvalidInput) as fault:
            hint = "use json, or a media type such as application/json;odata.metadata=full"
            raise InvalidInput(f"{format_option!r} is not a format", target="$format", hint=hint) from fault
    else:
        _parsed(accept)
    chosen = negotiate(accept, offered, ignoring=IGNORED)
    if chosen is None:
        offers = ", ".join(dict.fromkeys(offer.essence for offer in offered))
        target = "$format" if format_option is not None else "Accept"
        raise NotAcceptable(f"nothing that fits {accept!r} can be sent", target=target, hint=f"offered: {offers}")
    return chosen


def _parsed(accept: str | None) -> None:
    try:
        parse_accept(accept or "")
    except SyntaxFault as fault:
        raise InvalidInput(f"the field cannot be read: {fault.message}", target="Accept") from fault


@lru_cache(maxsize=256)
def max_page_size(prefer: str | None) -> int | None:
    """Return the page size that the caller prefers, ``None`` where it states none.

    A preference never makes a request fail (RFC 7240, section 2), so one that cannot be read is passed over.
    """
    if not prefer:
        return None
    try:
        preferences = parse_prefer(prefer)
    except SyntaxFault:
        return None
    found = preferences.get("maxpagesize") or preferences.get("odata.maxpagesize")
    if found is None or found.value is None or not re.fullmatch(r"[0-9]{1,9}", found.value):
        return None
    return int(found.value) or None
