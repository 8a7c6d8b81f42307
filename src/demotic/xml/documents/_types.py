"""Which class the root of an unknown document is of: by its document type and its name."""

from __future__ import annotations

from demotic.errors import InvalidInput
from demotic.xml._names import QName
from demotic.xml.binding._bound import Bound
from demotic.xml.reading._doctype import Doctype

__all__ = ["DocumentTypes"]

_Key = tuple[str | None, str | None, QName | None]

# What is asked in turn: the public identifier, the system identifier, the name of the root; each may be left open.
_QUESTIONS = (
    (True, True, True),
    (True, False, True),
    (False, True, True),
    (True, True, False),
    (True, False, False),
    (False, True, False),
    (False, False, True),
)


class DocumentTypes:
    """A table of element classes for the roots of documents."""

    def __init__(self, *classes: type[Bound]) -> None:
        self._table: dict[_Key, type[Bound]] = {}
        for cls in classes:
            for name in cls._binding.names:
                self.add(cls, root=name)

    def add(
        self, cls: type[Bound], *, root: QName | None = None, public: str | None = None, system: str | None = None
    ) -> None:
        """Choose a class for documents of this root, public and system identifier; what is not given may be anything.

        Raises `InvalidInput` if nothing is given, or another class has been chosen for the same.
        """
        if root is None and public is None and system is None:
            raise InvalidInput("a class for all documents", hint="give it as the root's class when reading")
        known = self._table.setdefault((public, system, root), cls)
        if known is not cls:
            raise InvalidInput(f"{known.__name__} has been chosen for the same documents as {cls.__name__}")

    def choose(self, root: QName, doctype: Doctype | None = None) -> type[Bound] | None:
        """Return the class for a document, the one that fits most closely, or none."""
        public = doctype.public if doctype is not None else None
        system = doctype.system if doctype is not None else None
        for by_public, by_system, by_root in _QUESTIONS:
            key = (public if by_public else None, system if by_system else None, root if by_root else None)
            given = (public is not None or not by_public) and (system is not None or not by_system)
            if given and key in self._table:
                return self._table[key]
        return None
