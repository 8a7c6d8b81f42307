"""Profiles as XML, and back.

Specification: AfA PNP 3.0, profile for QTI 3.0, XML binding (`access-for-all-pnp`, `access-for-all-pnp-records`).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.learning.qti.preferences._features import FEATURES, MODES, SETS, Setting
from demotic.learning.qti.preferences._preferences import Need, Preferences, Record
from demotic.xml import Document, Element, QName, serialize

__all__ = ["NAMESPACE", "read_preferences", "read_records", "write_preferences", "write_records"]

NAMESPACE: Final = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imsafa3p0pnp_v1p0"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_ROOT, _RECORDS, _RECORD = "access-for-all-pnp", "access-for-all-pnp-records", "access-for-all-pnp-record"
_MODE: Final = "replace-access-mode-"
_OF_RECORD: Final = ("person-sourced-id", "appointment-id", _ROOT)


def read_preferences(data: bytes | str) -> Preferences:
    """Read the profile of one candidate.

    Raises `XmlSyntaxFault` for what is no XML, and `InvalidInput`, with line and column, for an element that PNP does
    not have and for a value that is wrong. Elements of other vocabularies are kept.
    """
    return _preferences(_root(data, _ROOT))


def read_records(data: bytes | str) -> list[Record]:
    """Read the profiles of several candidates. Raises as `read_preferences` does."""
    return [_record(element) for element in _own(_root(data, _RECORDS), (_RECORD,))]


def write_preferences(preferences: Preferences) -> bytes:
    """Return a profile as XML."""
    return serialize(Document(_profile(preferences)))


def write_records(records: Sequence[Record]) -> bytes:
    """Return profiles as XML. Raises `InvalidInput` for none, which the schema does not allow."""
    if not records:
        raise InvalidInput("there are no records to write", hint="at least one")
    return serialize(Document(_element(_RECORDS, [_written(record) for record in records])))


# Reading.


def _root(data: bytes | str, name: str) -> Element:
    root: Element = Document.parse(data).root
    if root.name.local != name or root.name.namespace not in (NAMESPACE, ""):
        raise _wrong(root, f"{root.name.local} is no profile", f"{name} in {NAMESPACE}")
    return root


def _wrong(element: Element, message: str, hint: str | None) -> InvalidInput:
    place = f"line {element.line}, column {element.column}"
    return InvalidInput(f"{message} ({place})", target=element.name.local, hint=hint)


def _own(element: Element, known: Sequence[str], others: list[Element] | None = None) -> Iterator[Element]:
    """Iterate over the elements inside that are of this vocabulary; those of others are put aside, if wanted."""
    for child in element.elements():
        if child.name.namespace not in (NAMESPACE, ""):
            if others is None:
                raise _wrong(child, f"{element.name.local} has an element of {child.name.namespace}", "take it out")
            others.append(child)
        elif child.name.local not in known:
            raise _wrong(child, f"{element.name.local} has no {child.name.local}", f"it has {', '.join(known)}")
        else:
            yield child


def _record(element: Element) -> Record:
    parts: dict[str, list[Element]] = {name: [] for name in _OF_RECORD}
    for child in _own(element, _OF_RECORD):
        parts[child.name.local].append(child)
    persons, appointments, profiles = parts.values()
    if len(persons) != 1 or len(profiles) != 1:
        raise _wrong(element, "a record has one person and one profile", f"{_OF_RECORD[0]}, {_ROOT}")
    system = persons[0].attributes.get(QName("", "source-system"), "")
    text = tuple(each.text.strip() for each in appointments)
    return Record(persons[0].text.strip(), system, _preferences(profiles[0]), text)


def _preferences(root: Element) -> Preferences:
    needs: list[Need] = []
    sets: dict[str, tuple[str, ...]] = dict.fromkeys(SETS, ())
    extensions: list[Element] = []
    for child in _own(root, (*FEATURES, *SETS), extensions):
        name = child.name.local
        if name in SETS:
            sets[name] += tuple(each.name.local for each in child.elements())
        elif any(need.feature == name for need in needs) and not FEATURES[name].many:
            raise _wrong(child, f"{name} is there twice", "once")
        else:
            needs.append(_need(child))
    at_start, as_option, prohibited = sets.values()
    return Preferences(tuple(needs), at_start, as_option, prohibited, tuple(extensions))


def _need(element: Element) -> Need:
    name = element.name.local
    feature = FEATURES[name]
    settings: dict[str, Any] = {}
    for key, setting in feature.settings.items():
        texts = list(_texts(element, setting.path))
        if not setting.many and len(texts) > 1:
            raise _wrong(element, f"{key} of {name} is there {len(texts)} times", "once")
        try:
            values = tuple(setting.parse(text.strip()) for text in texts)
        except (ValueError, KeyError):
            raise _wrong(element, f"{key} of {name} is {', '.join(map(repr, texts))}", setting.meaning) from None
        if values:
            settings[key] = values if setting.many else values[0]
    modes = tuple(f"{_MODE}{mode}" for mode in MODES) if feature.modes else ()
    paths = [setting.path for setting in feature.settings.values()]
    inside = tuple(dict.fromkeys(path.split("/")[0] for path in paths if path[0] not in "@."))
    replaced = tuple(
        child.name.local.removeprefix(_MODE) for child in _own(element, (*modes, *inside)) if child.name.local in modes
    )
    try:
        return Need(name, settings, replaced)
    except InvalidInput as error:
        raise _wrong(element, error.message, error.hint) from None


def _texts(element: Element, path: str) -> Iterator[str]:
    """Iterate over the texts at a path: an attribute, the text itself, or what child elements hold."""
    first, _, rest = path.partition("/")
    if first == ".":
        yield element.text
    elif first.startswith("@"):
        value = element.attributes.get(_attribute(first))
        if value is not None:
            yield value
    else:
        for child in element.elements():
            if child.name.local == first and child.name.namespace in (NAMESPACE, ""):
                yield from _texts(child, rest or ".")


def _attribute(step: str) -> QName:
    return QName(_XML, step[5:]) if step.startswith("@xml:") else QName("", step[1:])


# Writing.


def _element(name: str, children: Sequence[Element | str] = (), attributes: dict[QName, str] | None = None) -> Element:
    return Element(QName(NAMESPACE, name), attributes, children)


def _written(record: Record) -> Element:
    system = {QName("", "source-system"): record.source_system}
    return _element(_RECORD, [
        _element("person-sourced-id", [record.person], system),
        *(_element("appointment-id", [text]) for text in record.appointments),
        _profile(record.preferences),
    ])  # fmt: skip


def _profile(preferences: Preferences) -> Element:
    order = list(FEATURES)
    needs = sorted(preferences.needs, key=lambda need: order.index(need.feature))
    parts = [_written_need(need) for need in needs]
    for name, features in zip(SETS, (preferences.at_start, preferences.as_option, preferences.prohibited), strict=True):
        if features:
            parts.append(_element(name, [_element(each) for each in features]))
    return _element(_ROOT, [*parts, *map(copy.deepcopy, preferences.extensions)])


def _written_need(need: Need) -> Element:
    result = _element(need.feature, [_element(f"{_MODE}{mode}") for mode in need.replaces])
    for name, setting in FEATURES[need.feature].settings.items():
        if name in need.settings:
            value = need.settings[name]
            for each in value if setting.many else (value,):
                _put(result, setting, setting.format(each))
    return result


def _put(element: Element, setting: Setting, text: str) -> None:
    """Write a text at a path, within elements that are there already, except for the last, which is made."""
    steps = setting.path.split("/")
    for index, step in enumerate(steps):
        if step == ".":
            element.children.append(text)
        elif step.startswith("@"):
            element.attributes[_attribute(step)] = text
        else:
            last = index == len(steps) - 1
            found = None if last else next((c for c in element.elements() if c.name.local == step), None)
            if found is None:
                found = _element(step, [text] if last and text else [])
                element.children.append(found)
            element = found
