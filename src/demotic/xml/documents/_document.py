"""A document: its root, and what stands around it.

Unlike `parse`, which reads messages, this reads files: document type declarations are allowed, their entities expanded
within bounds, and nothing outside the document is touched unless a resolver is given.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar, overload

from demotic.errors import InvalidInput, NotFound
from demotic.xml._names import QName
from demotic.xml.binding._bound import Bound
from demotic.xml.documents._address import Declaration, address, file_path
from demotic.xml.documents._types import DocumentTypes
from demotic.xml.reading._builder import Builder
from demotic.xml.reading._doctype import Doctype, Resolver
from demotic.xml.reading._faults import Faults, Report
from demotic.xml.reading._limits import DEFAULT_LIMITS, Limits
from demotic.xml.reading._parse import ExpatReader, check_root
from demotic.xml.tree._ids import ids
from demotic.xml.tree._nodes import Branch, Node
from demotic.xml.writing._serialize import codec_name, encoded, leaf, pieces

if TYPE_CHECKING:
    from demotic.syntax.uri import URI
    from demotic.xml.lenient._repairs import Repair
    from demotic.xml.validation._dtd import Dtd

__all__ = ["Document", "Fetch"]

Fetch: TypeAlias = Callable[[str], tuple[bytes, str | None]]
_COMMENT: Final = re.compile(r"<!--.*?-->|\"[^\"]*\"|'[^']*'", re.DOTALL)
_PARAMETER: Final = re.compile(r"%[^\s;%]+;")

R = TypeVar("R", bound=Branch)
B = TypeVar("B", bound=Bound)


class Document(Generic[R]):
    """A document.

    `root` is its element or object, `before` and `after` are the comments and processing instructions around it, and
    the document type declaration; `base` is its address, `lang` the language that holds where no `xml:lang` says
    otherwise; `declaration` is what it began with, if anything; `repairs` what was mended when it was read leniently.

    A root given as a class is made, and one that belongs to another document is an error.
    """

    def __init__(
        self,
        root: R | type[R] | None = None,
        *,
        base: URI | str | Path | None = None,
        lang: str | None = None,
        declaration: Declaration | None = None,
        doctype: Doctype | None = None,
    ) -> None:
        self._root: R | None = None
        self.base = base
        self.lang = lang
        self.declaration = declaration
        self.before: list[Node | Doctype] = [] if doctype is None else [doctype]
        self.after: list[Node] = []
        self.repairs: tuple[Repair, ...] = ()
        if root is not None:
            self.root = root() if isinstance(root, type) else root

    @property
    def base(self) -> URI | None:
        """The document's address. Text without a scheme is a path, made absolute when it is set."""
        return self._base

    @base.setter
    def base(self, value: URI | str | Path | None) -> None:
        self._base = address(value)

    @property
    def doctype(self) -> Doctype | None:
        """The document type declaration; its place is among the nodes of `before`."""
        return next((node for node in self.before if isinstance(node, Doctype)), None)

    @doctype.setter
    def doctype(self, value: Doctype | None) -> None:
        place = next((i for i, node in enumerate(self.before) if isinstance(node, Doctype)), None)
        if place is not None:
            del self.before[place]
        if value is not None:
            self.before.insert(place or 0, value)

    @property
    def root(self) -> R:
        """The root. Raises `NotFound` where there is none yet."""
        if self._root is None:
            raise NotFound("the document has no root")
        return self._root

    @root.setter
    def root(self, node: R) -> None:
        if node._parent is not None and node._parent is not self:
            raise InvalidInput(f"{node._name} has its place elsewhere", hint="take it out there, or copy it")
        if self._root is not None:
            self._root._parent = None
        self._root = node
        node._parent = self

    def _content(self) -> list[Branch]:
        return [] if self._root is None else [self._root]

    @classmethod
    @overload
    def parse(
        cls,
        data: bytes | str,
        root: type[B],
        *,
        base: URI | str | Path | None = ...,
        lang: str | None = ...,
        encoding: str | None = ...,
        limits: Limits = ...,
        resolver: Resolver | None = ...,
        classes: Iterable[type[Bound]] = ...,
        report: Report | None = ...,
    ) -> Document[B]: ...
    @classmethod
    @overload
    def parse(
        cls,
        data: bytes | str,
        root: DocumentTypes | None = None,
        *,
        base: URI | str | Path | None = ...,
        lang: str | None = ...,
        encoding: str | None = ...,
        limits: Limits = ...,
        resolver: Resolver | None = ...,
        classes: Iterable[type[Bound]] = ...,
        report: Report | None = ...,
    ) -> Document[Any]: ...
    @classmethod
    def parse(
        cls,
        data: bytes | str,
        root: type[Bound] | DocumentTypes | None = None,
        *,
        base: URI | str | Path | None = None,
        lang: str | None = None,
        encoding: str | None = None,
        limits: Limits = DEFAULT_LIMITS,
        resolver: Resolver | None = None,
        classes: Iterable[type[Bound]] = (),
        report: Report | None = None,
    ) -> Document[Any]:
        """Read a document, its root as an object of a class, of the class that `DocumentTypes` chooses, or as element.

        `encoding` is what came with it (a `charset`), `resolver` says what external identifiers stand for. `classes`
        and `report` are those of `read`. Raises `XmlSyntaxFault`, `XmlBindingFault`, and `LimitExceeded`.
        """
        document = cls(base=base, lang=lang)
        text_base = None if document.base is None else str(document.base)
        faults = Faults(report)
        reader = ExpatReader(
            data,
            limits,
            encoding=encoding,
            doctype=True,
            resolver=resolver,
            base=text_base,
            root=root if isinstance(root, type) else None,
            classes=classes,
            faults=faults,
        )
        if isinstance(root, DocumentTypes):
            reader.builder.choose = lambda name: root.choose(name, reader.found_doctype)
        builder = reader.run()
        check_root(builder.root, root if isinstance(root, type) else None)
        document.adopt(builder)
        if reader.declaration is not None:
            version, stated, standalone = reader.declaration
            alone = None if standalone < 0 else bool(standalone)
            document.declaration = Declaration(version, stated, alone)
        faults.tell()
        return document

    def adopt(self, builder: Builder) -> None:
        """Take over what a reader has built."""
        self.root = builder.root
        self.before, self.after = list(builder.before), list(builder.after)

    @classmethod
    def open(cls, path: str | Path, root: Any = None, **options: Any) -> Document[Any]:
        """Read a file, with the options of `parse`; its path is the base."""
        file = Path(path)
        return cls.parse(file.read_bytes(), root, **{"base": file, **options})

    @classmethod
    def load(cls, address: str, root: Any = None, *, fetch: Fetch | None = None, **options: Any) -> Document[Any]:
        """Read what stands at an address, which is the base: a file, or anything that `fetch` knows how to get.

        `fetch` returns the bytes, and the `charset` that came with them or None. Raises `NotFound` for a file that is
        not there, and `InvalidInput` for another address without `fetch`; the other `options` are those of `parse`.
        """
        from demotic.syntax.uri import parse_uri

        uri = parse_uri(address)
        path = file_path(uri)
        if path is not None and fetch is None:
            if not path.exists():
                raise NotFound(f"there is no file {path}", target=address)
            return cls.parse(path.read_bytes(), root, **{"base": uri, **options})
        if fetch is None:
            raise InvalidInput(f"there is nothing that fetches {address}", hint="give fetch=")
        data, charset = fetch(address)
        return cls.parse(data, root, **{"base": uri, "encoding": charset, **options})

    @property
    def standalone(self) -> bool:
        """Whether nothing outside of the document can change what it says (XML 1.0, section 2.9).

        It says so itself, or has no document type, or one without external subset and references to parameter entities.
        """
        doctype = self.doctype
        if doctype is None or (self.declaration is not None and self.declaration.standalone):
            return True
        inside = _COMMENT.sub("", doctype.internal or "")
        return doctype.system is None and doctype.public is None and not _PARAMETER.search(inside)

    @cached_property
    def dtd(self) -> Dtd | None:
        """What the document type declaration declares in the document itself, if there is one."""
        from demotic.xml.validation._dtd import read_dtd

        return None if self.doctype is None else read_dtd(self.doctype)

    @property
    def id_attributes(self) -> Mapping[QName, tuple[QName, ...]]:
        """The attributes that the document type declares as IDs, by element."""
        return {} if self.dtd is None else self.dtd.id_attributes

    def by_id(self, value: str) -> Branch:
        """Return the element with an ID. Raises `NotFound`, or `DuplicateId` where any ID is given twice."""
        found = ids(self).get(value)
        if found is None:
            raise NotFound(f"no element has the ID {value!r}", target=value)
        return found

    def serialize(self, *, encoding: str = "utf-8", declaration: bool = True) -> bytes:
        """Return the document as bytes, with its document type declaration. Raises as the function `serialize`."""
        return encoded("".join(self._pieces(encoding, declaration)), encoding)

    def _pieces(self, encoding: str, declaration: bool) -> Iterable[str]:
        if declaration:
            known = self.declaration or Declaration()
            alone = "" if known.standalone is None else f' standalone="{"yes" if known.standalone else "no"}"'
            yield f'<?xml version="{known.version}" encoding="{codec_name(encoding)}"{alone}?>\n'
        yield from (f"{node if isinstance(node, Doctype) else leaf(node)}\n" for node in self.before)
        yield from pieces(self.root)
        yield from ("\n" + leaf(node) for node in self.after)

    def save(self, path: str | Path | None = None, *, create: bool = True, **options: Any) -> None:
        """Write the document to a file, by default that of its base, all of it or nothing.

        Folders are made as needed. Without `create` the file must be there already. Raises `NotFound` if it is not, and
        `InvalidInput` for a base that is no file.
        """
        file = Path(path) if path is not None else self._file()
        if not create and not file.exists():
            raise NotFound(f"there is no file {file}", target=str(file))
        data = self.serialize(**options)
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.{os.getpid()}.new")
        try:
            fresh.write_bytes(data)
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)

    def _file(self) -> Path:
        path = None if self.base is None else file_path(self.base)
        if path is None:
            raise InvalidInput(f"the document's base {self.base} is no file", hint="give a path")
        return path

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "dtd"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self._root is not None:
            self._root._parent = self

    def __deepcopy__(self, memo: Any) -> Document[R]:
        from copy import copy

        from demotic.xml.tree._copy import twin

        result = copy(self)
        result.__dict__["_root"] = None
        result.before, result.after = list(self.before), list(self.after)
        if self._root is not None:
            result.root = twin(self._root)  # type: ignore[assignment]
        return result
