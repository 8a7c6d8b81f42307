"""The operations that a program offers, before it is known on which model.

Decorators leave a function a function: it is called as before, and tested without a service.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from demotic.model import Annotation, FunctionSignature, is_many, read_function
from demotic.service.operations._context import PASSED
from demotic.service.operations._errors import OperationsFault

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, eq=False)
class Registered:
    """A registered function. With ``target`` it does an operation that the model declares, else it declares one."""

    function: Callable[..., Any]
    signature: FunctionSignature
    kind: str = ""
    name: str | None = None
    bound: bool = False
    composable: bool = False
    imported: bool = True
    creates: bool = False
    target: str | None = None
    annotations: tuple[Annotation, ...] = ()


class Operations:
    """The operations of a service: functions, which only read, and actions, which may change data.

    ``namespace`` is the schema that declared operations are of, by default the one that has the entity container;
    ``default_namespace`` says that they are called without it, too.

    >>> operations = Operations()
    >>> @operations.function
    ... def Doubled(number: int, times: int = 1) -> int:
    ...     '''Doubles a number.'''
    ...     return number * 2**times
    >>> Doubled(21)
    42

    ``Service(store, operations=operations)`` offers them.
    """

    def __init__(self, namespace: str | None = None, *, default_namespace: bool = True) -> None:
        self.namespace = namespace
        self.default_namespace = default_namespace
        self.registered: list[Registered] = []

    @overload
    def function(self, function: F, /) -> F: ...

    @overload
    def function(
        self,
        /,
        *,
        name: str | None = None,
        bound: bool = False,
        composable: bool = True,
        imported: bool = True,
        annotations: Sequence[Annotation] = (),
    ) -> Callable[[F], F]: ...

    def function(
        self,
        function: F | None = None,
        /,
        *,
        name: str | None = None,
        bound: bool = False,
        composable: bool = True,
        imported: bool = True,
        annotations: Sequence[Annotation] = (),
    ) -> Any:
        """Declare a function: it reads, in one state of the data, and cannot change anything.

        ``name`` is its name in the model where it is not the function's. A ``bound`` one is called on what its first
        parameter stands for: an entity, or many of an entity set. What a ``composable`` one returns may be asked
        further. One that is not ``imported`` is in the model, but has no address of its own.

        Raises DeclarationError for what no operation can be.
        """
        return self._declared(
            function,
            kind="Function",
            name=name,
            bound=bound,
            composable=composable,
            imported=imported,
            annotations=tuple(annotations),
        )

    @overload
    def action(self, function: F, /) -> F: ...

    @overload
    def action(
        self,
        /,
        *,
        name: str | None = None,
        bound: bool = False,
        imported: bool = True,
        creates: bool = False,
        annotations: Sequence[Annotation] = (),
    ) -> Callable[[F], F]: ...

    def action(
        self,
        function: F | None = None,
        /,
        *,
        name: str | None = None,
        bound: bool = False,
        imported: bool = True,
        creates: bool = False,
        annotations: Sequence[Annotation] = (),
    ) -> Any:
        """Declare an action: all that it changes is one transaction, of which an error leaves nothing.

        ``creates`` says that the entity it returns is new. The others are those of `function`.
        """
        return self._declared(
            function,
            kind="Action",
            name=name,
            bound=bound,
            imported=imported,
            creates=creates,
            annotations=tuple(annotations),
        )

    def implements(self, target: str, *, creates: bool = False) -> Callable[[F], F]:
        """Register a function for an operation that the model declares, by qualified name (``Shop.Restock``).

        Of several overloads it does the one whose parameters it has.
        """

        def register(function: F) -> F:
            signature = read_function(function, PASSED)
            self.registered.append(Registered(function, signature, target=target, creates=creates))
            return function

        return register

    def _declared(self, function: F | None, **stated: Any) -> Any:
        def register(function: F) -> F:
            signature = read_function(function, PASSED)
            if stated.get("creates") and (signature.returns is None or is_many(signature.returns)):
                raise OperationsFault(f"{signature.name} creates, but returns no entity", target=signature.name)
            self.registered.append(Registered(function, signature, **stated))
            return function

        return register if function is None else register(function)
