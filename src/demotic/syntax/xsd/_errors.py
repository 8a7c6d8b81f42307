"""What is wrong with a literal, a value, a type or a pattern.

    InvalidInput, ValueError
    ├── DatatypeError          a literal or value that a datatype does not have
    │   └── LiteralFault       a text that is no literal of a type; a SyntaxFault, with the place
    ├── DerivationFault        a type that cannot be derived like this
    ├── PatternFault           a text that is no regular expression; a SyntaxFault, with the place
    └── IndeterminateOrder     two values of which neither is less, nor are they equal; a TypeError

All are `ValueError`s too, as Python has it for a value of the right type that will not do.
"""

from __future__ import annotations

from demotic.errors import InvalidInput, SyntaxFault

__all__ = ["DatatypeError", "DerivationFault", "IndeterminateOrder", "LiteralFault", "PatternFault"]


class DatatypeError(InvalidInput, ValueError):
    """A literal or value that a datatype does not have.

    `target` is the name of the type, and `rule` the validation rule of XML Schema 1.1 part 2 that is broken, such as
    `cvc-maxInclusive-valid`.
    """

    code = "InvalidDatatypeValue"

    def __init__(
        self, message: str, *, target: str | None = None, rule: str = "cvc-datatype-valid", hint: str | None = None
    ) -> None:
        super().__init__(message, target=target, hint=hint)
        self.rule = rule


class LiteralFault(SyntaxFault, DatatypeError):
    """A text that is no literal of a datatype.

    Its form is wrong at `position`, or it is the literal of a value that a facet refuses; then `rule` names the facet.
    """

    code = "InvalidLiteral"

    def __init__(
        self,
        expected: str,
        text: str,
        position: int = 0,
        *,
        target: str,
        hint: str | None = None,
        rule: str = "cvc-datatype-valid",
        message: str | None = None,
    ) -> None:
        super().__init__(expected, text, position, target=target, hint=hint)
        self.rule = rule
        if message is not None:
            self.message = message


class DerivationFault(InvalidInput, ValueError):
    """A datatype that cannot be derived like this: a facet that does not apply, or does not restrict."""

    code = "InvalidDerivation"


class PatternFault(SyntaxFault, ValueError):
    """A text that is no regular expression of XML Schema."""

    code = "InvalidPattern"


class IndeterminateOrder(InvalidInput, ValueError, TypeError):
    """Two values of which XML Schema says neither that one is less nor that they are equal."""

    code = "IndeterminateOrder"
