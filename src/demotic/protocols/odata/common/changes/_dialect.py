"""What versions of the protocol say in ways of their own when data is changed: the forms of bodies and entity tags."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from demotic.errors import InvalidInput
from demotic.model import EntitySet, EntityType, Model, Property
from demotic.service import Entity, Ref
from demotic.syntax.http import Request


class Resolve(Protocol):
    """What the bodies of changes speak of beside their values: entities by their URLs, and types."""

    @property
    def model(self) -> Model:
        """The model that names of types are looked up in."""

    def __call__(self, url: str, kind: EntityType) -> Ref:
        """Return a reference to the entity of a URL; raises InvalidInput if it is none, or of another type."""


class Dialect(ABC):
    """How one version reads the bodies of changes."""

    upserts: ClassVar[bool] = False
    """Whether a change of what is not there inserts it."""

    @abstractmethod
    def body(self, request: Request, most: int) -> dict[str, Any]:
        """Return the JSON object that is a request's body, of at most that many bytes. Raises DemoticError."""

    @abstractmethod
    def entity(
        self, kind: EntityType, given: Mapping[str, Any], resolve: Resolve, *, existing: bool = False
    ) -> dict[str, object]:
        """Return the values of an entity by name, references as `Ref`, new entities as mappings.

        What is of a type derived from ``kind`` has that under ``@type``. ``existing`` says that it is there already.
        Raises InvalidInput with the place of what is wrong.
        """

    @abstractmethod
    def value(self, item: Property, given: Mapping[str, Any]) -> Any:
        """Return the native value of a property that is written alone."""

    @abstractmethod
    def reference(self, given: Mapping[str, Any]) -> str:
        """Return the URL in a body that refers to an entity. Raises InvalidInput."""

    def reference_list(self, given: Mapping[str, Any]) -> Sequence[str]:
        """Return the URLs in a body that refers to many entities. Raises InvalidInput."""
        raise InvalidInput("references are written one by one", target="body")

    @abstractmethod
    def raw(self, item: Property, text: str) -> object:
        """Return the native value of a property for its raw text."""

    @abstractmethod
    def tags(self, entity: Entity) -> Sequence[str]:
        """Return the entity tags that callers may know a state by."""

    def expansion(self, kind: EntityType, values: Mapping[str, object]) -> str:
        """Return the ``$expand`` that shows what was inserted below an entity, empty for nothing."""
        return ""

    def demands(self, entity_set: EntitySet) -> bool:
        """Whether entities of a set are changed only by callers who say which state they know."""
        return False
