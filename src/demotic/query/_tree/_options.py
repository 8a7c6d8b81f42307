"""System query options and their items.

OData ABNF Construction Rules 4.01, section 2; Data Aggregation 4.0, section 3; Temporal Data 4.0, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from demotic.query._tree._expressions import Aggregate, Arguments, Expression, Path, Search


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One item of ``$orderby``."""

    expression: Expression
    descending: bool
    at: int


@dataclass(frozen=True, slots=True)
class ComputeItem:
    """One item of ``$compute``: ``expression as name``."""

    expression: Expression
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class SelectItem:
    """One item of ``$select``: a path of names; ``("*",)`` selects all structural properties.

    ``Schema.*`` selects all operations of a schema; ``parameters`` tell the overload of a function. An annotation has
    its at sign.
    """

    path: tuple[str, ...]
    at: int
    options: Options | None = None
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpandItem:
    """One item of ``$expand``: a path of names (``*`` last for all) and the options in its parentheses.

    ``ending`` is ``$ref`` or ``$count`` where the path ends so. The path ``("$value",)`` is the media stream.
    """

    path: tuple[str, ...]
    options: Options
    at: int
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Integer:
    """A non-negative integer given to ``$top`` or ``$skip``; that of ``$index`` may be negative."""

    value: int
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Levels:
    """The value of ``$levels``, ``None`` for ``max``."""

    value: int | None
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word in the arguments of a transformation that is no name: ``preorder``, ``postorder``, ``keep start``."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """What ``groupby`` groups by, in its inner parentheses: paths and rollups."""

    elements: tuple[Path | Transformation, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Named:
    """``path as name`` of ``join``, ``transformations as name`` of ``nest``."""

    what: Path | Pipeline
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Transformation:
    """One set transformation, ``rollup`` or ``rolluprecursive``, by its name; ``identity`` has no parentheses.

    A function of the service has its qualified name, and its parameters as the only argument.
    """

    name: str
    arguments: tuple[TransformationArgument, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Set transformations, each applied to what the one before leaves: the value of ``$apply``."""

    transformations: tuple[Transformation, ...]
    at: int


TransformationArgument: TypeAlias = (
    Expression
    | OrderItem
    | ComputeItem
    | Aggregate
    | Search
    | Integer
    | Keyword
    | Grouping
    | Named
    | Pipeline
    | Arguments
)


@dataclass(frozen=True, slots=True)
class Options:
    """The system query options of a request, or of one expanded item; ``None`` or empty means not given.

    ``aliases`` are the parameter aliases by name, without the at sign. ``temporal`` are ``at``, ``from``, ``to`` and
    ``toInclusive`` of the extension for temporal data. ``custom`` are the options that are no system query options,
    decoded and in order; OData has no opinion about them.
    """

    filter: Expression | None = None
    orderby: tuple[OrderItem, ...] = ()
    select: tuple[SelectItem, ...] = ()
    expand: tuple[ExpandItem, ...] = ()
    top: Integer | None = None
    skip: Integer | None = None
    count: bool = False
    skiptoken: str | None = None
    format: str | None = None
    aliases: dict[str, Expression] = field(default_factory=dict, hash=False)
    custom: tuple[tuple[str, str], ...] = ()
    search: Search | None = None
    compute: tuple[ComputeItem, ...] = ()
    levels: Levels | None = None
    apply: Pipeline | None = None
    deltatoken: str | None = None
    id: str | None = None
    index: Integer | None = None
    schemaversion: str | None = None
    temporal: tuple[tuple[str, Expression], ...] = ()
