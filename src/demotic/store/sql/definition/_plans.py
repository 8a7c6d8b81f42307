"""What a layout consists of: plain facts about tables, columns, references and ways, of which statements are made."""

from __future__ import annotations

from dataclasses import dataclass, field

from demotic.model import EntitySet, EntityType, NavigationProperty, PrimitiveType, Property
from demotic.store.media import Stream

Path = tuple[Property, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ColumnPlan:
    """A column. ``path`` leads to its property, through complex ones.

    ``kind`` is the primitive type that it keeps, ``None`` where the value is kept as JSON. ``made`` says that the
    database makes a value where none is given, ``expression`` how if a hook said so. A ``hidden`` one is a foreign key
    that the model does not show, or tells the type; its property stands for one. An ``optional`` one need not be there:
    it is one of those that tell of a stream. That of an ``heir`` keeps a property that not all types have which the
    table keeps.
    """

    name: str
    path: Path
    kind: PrimitiveType | None
    type: str
    nullable: bool
    made: bool = False
    expression: str | None = None
    hidden: bool = False
    optional: bool = False
    heir: bool = False

    @property
    def property(self) -> Property:
        """The property at the end of the path."""
        return self.path[-1]


@dataclass(frozen=True, slots=True, eq=False)
class ReferencePlan:
    """A foreign key."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]
    on_delete: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MediaPlan:
    """The table of chunks that keeps what the streams of a table's entities hold, and these streams."""

    chunks: TablePlan
    streams: tuple[Stream, ...]


@dataclass(slots=True, eq=False)
class TablePlan:
    """A table. ``path`` is its source path; ``type`` is ``None`` for a link table, ``set`` also for contained ones.

    ``heirs`` are the types derived from its type, which it keeps too, and ``kind`` the column that tells them apart.
    """

    name: str
    path: tuple[str, ...]
    type: EntityType | None = None
    set: EntitySet | None = None
    columns: list[ColumnPlan] = field(default_factory=list)
    key: tuple[str, ...] = ()
    unique: list[tuple[str, ...]] = field(default_factory=list)
    references: list[ReferencePlan] = field(default_factory=list)
    media: MediaPlan | None = None
    heirs: tuple[EntityType, ...] = ()
    kind: str = ""

    def navigation(self) -> dict[NavigationProperty, EntityType]:
        """Return the navigation properties of its entities, each with a type that has it."""
        kinds = (self.type, *self.heirs) if self.type is not None else ()
        return {item: kind for kind in reversed(kinds) for item in kind.all_navigation().values()}

    def column(self, name: str) -> ColumnPlan:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)

    def column_of(self, item: Property) -> ColumnPlan | None:
        """Return the column of one of the type's own properties, ``None`` if it has none for itself."""
        return next((column for column in self.columns if column.path == (item,)), None)


@dataclass(frozen=True, slots=True, eq=False)
class WayPlan:
    """How a navigation property is followed: see `demotic.store.sql.storage._mapping.Link`."""

    source: TablePlan
    target: TablePlan
    pairs: tuple[tuple[str, str], ...]
    own: bool = False
    through: TablePlan | None = None
    onward: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, eq=False)
class Layout:
    """How a model is kept in tables. ``notes`` say what of it is not, each with the place in the model."""

    dialect: str
    tables: dict[str, TablePlan] = field(default_factory=dict)
    sets: dict[EntitySet, TablePlan] = field(default_factory=dict)
    types: dict[EntityType, TablePlan] = field(default_factory=dict)
    ways: dict[NavigationProperty, WayPlan] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
