"""From the arguments of a call to the values that identify it.

A function's signature is compiled once into a function that Python itself binds: `def shape(a, b=..., *c, d, **e)`
returns the values in their order, defaults applied and keywords in place, as fast as a call. What it returns also
begins with the types of the values, so that it can stand for the call in a dictionary, where 1, 1.0 and True are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, NamedTuple

from demotic.cache._errors import WrongCacheUse

if TYPE_CHECKING:
    import inspect

Shape = Callable[..., tuple[Any, ...]]


class Binder(NamedTuple):
    """How the calls of one function are told apart.

    ``shape`` returns the types and then the values of what counts; ``names`` are the names of these values.
    """

    shape: Shape
    names: tuple[str, ...]


def compile_binder(signature: inspect.Signature, name: str, leave_out: Collection[str]) -> Binder:
    """Compile a signature. Raises `WrongCacheUse` if ``leave_out`` names a parameter that is not there."""
    unknown = [other for other in leave_out if other not in signature.parameters]
    if unknown:
        known = ", ".join(signature.parameters) or "none"
        raise WrongCacheUse(f"{name} has no parameter {unknown[0]}", target=unknown[0], hint=f"its parameters: {known}")
    counted = [parameter.name for parameter in signature.parameters.values() if parameter.name not in leave_out]
    defaults = {
        f"_default_{parameter.name}": parameter.default
        for parameter in signature.parameters.values()
        if parameter.default is not parameter.empty
    }
    types = "".join(f"{_TYPE}({other}), " for other in counted)
    values = "".join(f"{other}, " for other in counted)
    names: dict[str, Any] = {**defaults, _TYPE: type}
    exec(f"def shape({_parameters(signature)}): return ({types}{values})", names)
    shape = names["shape"]
    shape.__name__ = name.rpartition(".")[2]  # what Python says when a call does not fit
    shape.__qualname__ = name
    return Binder(shape, tuple(counted))


_TYPE = "_type_of"  # a name of its own, since a parameter may be called type


def _parameters(signature: inspect.Signature) -> str:
    """Write the parameters as source, each default as a name of its own."""
    bare = []
    for parameter in signature.parameters.values():
        changed = parameter.replace(annotation=parameter.empty)
        if parameter.default is not parameter.empty:
            changed = changed.replace(default=_Name(f"_default_{parameter.name}"))
        bare.append(changed)
    return str(signature.replace(parameters=bare, return_annotation=signature.empty))[1:-1]


class _Name:
    """A default that is written as a name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name
