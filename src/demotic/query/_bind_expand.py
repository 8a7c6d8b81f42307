"""``$expand``: which navigation properties come along, and how often they are followed again.

``$levels`` is written out: ``Boss($levels=3)`` becomes ``Boss($expand=Boss($expand=Boss))``, each with all the options;
``max`` is as deep as the limit on expansion allows. OData URL Conventions 4.01, section 5.1.3; Protocol 4.01, section
11.2.5.2.1.1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from demotic.errors import InvalidInput
from demotic.model import STREAM, EntityType, NavigationProperty, StructuredType
from demotic.query._applicable import ENTITY_OPTIONS, given_options
from demotic.query._bind_context import Context
from demotic.query._bind_places import cast_type, derives, found_type
from demotic.query._errors import NotApplicable, UnknownName, choices
from demotic.query._resolved import OfType
from demotic.query._shapes import of_type
from demotic.query._tree import ExpandItem, Levels, Options


@dataclass(frozen=True, slots=True)
class Expansion:
    """One navigation property to expand, with its options; without one what was asked for is checked only.

    ``of`` is the type that has it, where that is not what everything is of; ``narrowed`` the type that its targets are
    cast to.
    """

    navigation: NavigationProperty | None
    options: Options
    ending: str = ""
    of: OfType | None = None
    narrowed: EntityType | None = None


@dataclass(slots=True)
class _Way:
    """How far the path of an item was followed: ``plain`` as long as that is casts and one navigation property."""

    kind: StructuredType | None
    navigation: NavigationProperty | None = None
    of: EntityType | None = None
    narrowed: EntityType | None = None
    plain: bool = True


def expansions(
    context: Context, items: tuple[ExpandItem, ...], kind: StructuredType | None, depth: int
) -> list[Expansion]:
    """Return what the items of one level expand; ``*`` stands for all navigation properties that are not named."""
    chosen: dict[str, Expansion] = {}
    starred: ExpandItem | None = None
    for item in items:
        if item.path[-1] == "*":
            _star(context, item, kind)
            starred = item
            continue
        found = _followed(context, item, kind, depth)
        name = "/".join(item.path)
        if name in chosen or any(
            found.navigation is not None and found.navigation is other.navigation for other in chosen.values()
        ):
            raise InvalidInput(f"{context.at(item.at)}: {name} is expanded twice", target=context.option)
        chosen[name] = found
    if starred is not None and kind is not None:
        for name, navigation in kind.all_navigation().items():
            if name not in chosen:
                _count(context, depth)
                again = ExpandItem((name,), starred.options, -1)
                options = _levels(context, again, navigation, kind, depth)
                chosen[name] = Expansion(navigation, options, starred.ending)
    return list(chosen.values())


def _count(context: Context, depth: int) -> None:
    context.expand_items += 1
    context.limits.check("expand_items", context.expand_items, target=context.option)
    context.limits.check("expand_depth", depth + 1, target=context.option)


def _star(context: Context, item: ExpandItem, kind: StructuredType | None) -> None:
    if replace(item.options, levels=None) != Options():
        raise InvalidInput(f"{context.at(item.at)}: $expand=* takes no options", target=context.option)
    if len(item.path) > 1:
        _walk(context, item, kind, item.path[:-1], starred=True)
        shown = "/".join((*item.path, *([item.ending] if item.ending else [])))
        context.beyond(f"{context.at(item.at)}: expanding {shown}")


def _followed(context: Context, item: ExpandItem, kind: StructuredType | None, depth: int) -> Expansion:
    """Check one item; return what it expands."""
    where = context.at(item.at)
    shown = "/".join(item.path)
    if item.path == ("$value",) or item.path[0].startswith("@"):
        context.beyond(f"{where}: expanding {shown}")
        return Expansion(None, item.options)
    way = _walk(context, item, kind, item.path)
    navigation = way.navigation
    _count(context, depth)
    if navigation is None:
        context.beyond(f"{where}: expanding {shown}")
        return Expansion(None, item.options)
    if not navigation.collection:
        for option in sorted(given_options(item.options) - ENTITY_OPTIONS - {"levels"}):
            raise NotApplicable(
                f"{where}: ${option} does not apply to {navigation.name}, which leads to one entity",
                target=context.option,
            )
    for option in sorted(given_options(item.options) & {"format", "skiptoken"}):
        raise NotApplicable(f"{where}: ${option} does not apply within $expand", target=context.option)
    if item.ending == "$count" and not navigation.collection:
        context.beyond(f"{where}: the number of {shown}, which leads to one entity,")
    if not way.plain:
        context.beyond(f"{where}: expanding {shown}")
    options = _levels(context, item, navigation, kind, depth)
    of = None if way.of is None or way.of is kind else of_type(context.model, way.of)
    return Expansion(navigation, options, item.ending, of, way.narrowed)


def _levels(
    context: Context, item: ExpandItem, navigation: NavigationProperty, kind: StructuredType | None, depth: int
) -> Options:
    """Return the options of an item with its levels written out."""
    levels = item.options.levels
    if levels is None:
        return item.options
    options = replace(item.options, levels=None)
    most = context.limits.expand_depth - depth
    wanted = most if levels.value is None else levels.value
    if levels.value is not None:
        context.limits.check("expand_depth", depth + wanted, target=context.option)
    if wanted <= 1:
        return options
    path = _again(context, item, navigation)
    if path is None or kind is None:
        if levels.value is None or item.at < 0:
            return options
        raise InvalidInput(
            f"{context.at(item.at)}: {navigation.name} does not lead on to another {navigation.name}",
            target=context.option,
            hint="leave out $levels",
        )
    left = None if levels.value is None else wanted - 1
    further = replace(item, path=path, options=replace(item.options, levels=Levels(left, "", levels.at)))
    return replace(options, expand=(*options.expand, further))


def _again(context: Context, item: ExpandItem, navigation: NavigationProperty) -> tuple[str, ...] | None:
    """Return the path by which what a navigation property leads to has the same one, ``None`` if it has none."""
    if item.path == ("*",) or navigation.name not in item.path:
        return None
    place = item.path.index(navigation.name)
    cast = found_type(context, item.path[-1], item.at) if "." in item.path[-1] else None
    kind = cast if isinstance(cast, EntityType) else navigation.target
    if kind.all_navigation().get(navigation.name) is not None:
        return item.path[place:]
    first = found_type(context, item.path[0], item.at) if "." in item.path[0] else None
    return item.path if isinstance(first, StructuredType) and derives(first, kind) else None


def _walk(
    context: Context, item: ExpandItem, kind: StructuredType | None, path: tuple[str, ...], *, starred: bool = False
) -> _Way:
    """Follow the path of an item to the navigation property that it ends in."""
    where = context.at(item.at)
    way = _Way(kind)
    for index, name in enumerate(path):
        kind, navigation = way.kind, way.navigation
        if kind is None or name.startswith("@"):
            return _Way(None, plain=False)
        if "." in name:
            way.kind = cast_type(context, kind, name, found_type(context, name, item.at), item.at)
            if not isinstance(way.kind, EntityType):
                way.plain = False
            elif navigation is None:
                way.of = way.kind
            else:
                way.narrowed = way.kind
            continue
        if navigation is not None:
            if name in kind.all_navigation():
                raise InvalidInput(
                    f"{where}: {'/'.join(path)} is more than one step",
                    target=context.option,
                    hint=f"write $expand={navigation.name}($expand={'/'.join(path[index:])})",
                )
            raise _unknown(context, item, kind, name)
        found = kind.all_properties().get(name)
        way.navigation = kind.all_navigation().get(name)
        if way.navigation is not None:
            way.kind = way.navigation.target
        elif found is not None and isinstance(found.type, StructuredType) and index + 1 < len(path) + starred:
            way.kind, way.plain = found.type, False
        elif (found is not None and found.type is STREAM) or (found is None and kind.open):
            return _Way(None, plain=False)
        else:
            raise _unknown(context, item, kind, name)
    return way


def _unknown(context: Context, item: ExpandItem, kind: StructuredType, name: str) -> UnknownName:
    what = "is no navigation property" if name in kind.all_properties() else "is not there"
    return UnknownName(
        f"{context.at(item.at)}: {name} {what} in {kind.qualified_name}",
        target=context.option,
        hint=choices(name, kind.all_navigation()),
    )
