"""What a response may look like: protocol version and format.

[MS-ODATA], sections 2.2.5.3 (DataServiceVersion), 2.2.5.7 (MaxDataServiceVersion), 2.2.5.1 (Accept) and 2.2.3.6.1.7
($format). JSON means verbose JSON here; later kinds of it (``odata=light`` and the like) are refused by name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from demotic.errors import InvalidInput, NotAcceptable, SyntaxFault
from demotic.syntax.http import MediaType, negotiate, parse_accept, parse_media_type

VERSION: Final = re.compile(r"\s*(\d{1,3})\.(\d{1,3})\s*(?:;.*)?", re.DOTALL)
VERBOSE: Final = "verbose"
JSON: Final = (
    MediaType("application", "json", (("odata", VERBOSE),)),
    MediaType("application", "json", ()),
)
XML: Final = (MediaType("application", "xml"), MediaType("text", "xml"))
_IGNORED: Final = ("charset", "type")
_SHORT: Final = {"json": "application/json", "verbosejson": "application/json;odata=verbose", "xml": "application/xml"}
_ATOM: Final = ("application/atom+xml", "application/atomsvc+xml", "application/xml", "text/xml")


@lru_cache(maxsize=64)
def version_for(maximum: str | None, used: str | None) -> str:
    """Return the version of the response, ``2.0`` or ``1.0``. Raises InvalidInput for fields that ask for others.

    ``maximum`` is the request's MaxDataServiceVersion, ``used`` its DataServiceVersion.
    """
    if used is not None and _version("DataServiceVersion", used) not in ((1, 0), (2, 0)):
        raise InvalidInput(
            f"DataServiceVersion {used.strip()} is not spoken here", target="DataServiceVersion", hint="use 1.0 or 2.0"
        )
    if maximum is None:
        return "2.0"
    number = _version("MaxDataServiceVersion", maximum)
    if number < (1, 0):
        raise InvalidInput(
            f"no version up to {maximum.strip()} is spoken here", target="MaxDataServiceVersion", hint="use 1.0 or 2.0"
        )
    return "1.0" if number < (2, 0) else "2.0"


def _version(field: str, text: str) -> tuple[int, int]:
    found = VERSION.fullmatch(text)
    if found is None:
        raise InvalidInput(f"{text!r} is not a version", target=field, hint="use 1.0 or 2.0")
    return int(found[1]), int(found[2])


def check_json(accept: str | None, format_option: str | None) -> None:
    """Raise NotAcceptable where the caller takes no verbose JSON, InvalidInput for broken fields."""
    wanted = _wanted(accept, format_option)
    if wanted is None or _takes(wanted, JSON, format_option):
        return
    hint = "verbose JSON is offered: application/json, or $format=json"
    if any(essence in wanted.lower() for essence in _ATOM):
        hint = f"Atom is not offered yet; {hint}"
    target = "$format" if format_option is not None else "Accept"
    raise NotAcceptable(f"nothing that fits {wanted!r} can be sent", target=target, hint=hint)


def check_xml(accept: str | None, format_option: str | None) -> None:
    """Raise NotAcceptable where the caller takes no XML. Of a field that asks for Atom, plain XML is near enough."""
    wanted = _wanted(accept, format_option)
    if wanted is None or _takes(wanted, XML, format_option) or "atom" in wanted.lower():
        return
    target = "$format" if format_option is not None else "Accept"
    raise NotAcceptable(f"nothing that fits {wanted!r} can be sent", target=target, hint="metadata is application/xml")


def check_plain(accept: str | None, format_option: str | None) -> None:
    """Check the fields of a request whose answer has one type only (``$count``, ``$value``): well formed is enough."""
    if format_option is not None:
        raise InvalidInput("$format does not apply to a raw value", target="$format", hint="leave it out")
    _wanted(accept, None)


def prefers_xml(accept: str | None, query: str) -> bool:
    """Whether a caller reads errors as XML: it asks for XML or Atom, and not for JSON."""
    if "format=json" in query or accept is None:
        return False
    folded = accept.lower()
    return "json" not in folded and "*/*" not in folded and ("xml" in folded)


def _wanted(accept: str | None, format_option: str | None) -> str | None:
    if format_option is not None:
        wanted = _SHORT.get(format_option.lower(), "application/atom+xml" if format_option == "atom" else format_option)
        try:
            parse_media_type(wanted)
        except (SyntaxFault, InvalidInput) as fault:
            raise InvalidInput(f"{format_option!r} is not a format", target="$format", hint="use json") from fault
        return wanted
    try:
        parse_accept(accept or "")
    except SyntaxFault as fault:
        raise InvalidInput(f"the field cannot be read: {fault.message}", target="Accept") from fault
    return accept


def _takes(wanted: str, offered: tuple[MediaType, ...], format_option: str | None) -> bool:
    return negotiate(wanted, list(offered), ignoring=_IGNORED) is not None
