"""What can be wrong with a model, or with a value that a model describes.

InvalidInput
├── ModelError                  a model does not hold together; `target` is the path of the culprit
│   ├── ModelIncomplete         something refers to what is not declared
│   ├── DuplicateName           a name is declared twice in one scope
│   │   └── IncompatibleNames   a name hides another, or is hidden by it
│   ├── InvalidName             a name is no identifier
│   ├── InvalidMetadataDocument a metadata document breaks a rule of its format
│   ├── ModelConstraintError    complete, but no data could follow it
│   └── DeclarationError        a Python class says what no model can
└── InvalidValue                a value does not fit its property
NotFound
└── NotFoundInModel             the model has nothing of that name
"""

from __future__ import annotations

from demotic.errors import DemoticError, InvalidInput, NotFound


class ModelError(InvalidInput):
    """A model does not hold together. `line` and `column` are the culprit's place in its document, 0 if it has none."""

    code = "ModelError"

    def __init__(
        self,
        message: str,
        *,
        target: str | None = None,
        hint: str | None = None,
        details: tuple[DemoticError, ...] = (),
        line: int = 0,
        column: int = 0,
    ) -> None:
        place = f" (line {line}, column {column})" if line else ""
        text = f"{target}: {message}{place}" if target else f"{message}{place}"
        super().__init__(text, target=target, hint=hint, details=details)
        self.problem = message
        self.line = line
        self.column = column


class ModelIncomplete(ModelError):
    """Something refers to what is not declared."""

    code = "ModelIncomplete"


class DuplicateName(ModelError):
    """A name is declared twice in one scope."""

    code = "DuplicateName"


class IncompatibleNames(DuplicateName):
    """A name hides another, or is hidden by it."""

    code = "IncompatibleNames"


class InvalidName(ModelError):
    """A name is no identifier."""

    code = "InvalidName"


class InvalidMetadataDocument(ModelError):
    """A metadata document breaks a rule of its format."""

    code = "InvalidMetadataDocument"


class ModelConstraintError(ModelError):
    """A model is complete, but no data could follow it."""

    code = "ModelConstraintError"


class DeclarationError(ModelError):
    """A Python class says what no model can."""

    code = "DeclarationError"


class InvalidValue(InvalidInput):
    """A value does not fit its property."""

    code = "InvalidValue"


class NotFoundInModel(NotFound, KeyError):
    """The model has nothing of that name."""

    code = "NotFoundInModel"
