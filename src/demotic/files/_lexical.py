"""What a path says by its text alone: `LexicalPath`, the half of `FilePath` that asks no file system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from demotic.files._errors import UnsafePath

if TYPE_CHECKING:
    from demotic.files._rules import PathRules
    from demotic.files._system import FileSystem

__all__ = ["LexicalPath", "Part"]

Part = "str | bytes | os.PathLike[str] | LexicalPath"
"""What a path is made of."""


class LexicalPath:
    """A path of a file system: a text that does not change, and the system that it is of.

    An empty path is false. Paths are equal to paths of the same system and to texts, if the text is the same; they
    compare in that order, and hash as their texts do.
    """

    __slots__ = ("system", "text")

    system: FileSystem
    text: str

    def __init__(self, system: FileSystem, text: str) -> None:
        object.__setattr__(self, "system", system)
        object.__setattr__(self, "text", text)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a path does not change; make another")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.system, self.text)

    def __deepcopy__(self, _: dict[int, Any]) -> Self:
        return self

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a path does not change; make another")

    @property
    def rules(self) -> PathRules:
        """How paths are written on this file system."""
        return self.system.rules

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.system.name or 'local'}: {self.text!r})"

    def __bytes__(self) -> bytes:
        return self.to_bytes()

    def to_bytes(self) -> bytes:
        """Return the text in the encoding of the file system."""
        return self.text.encode(self.rules.encoding, "surrogateescape")

    def __bool__(self) -> bool:
        return bool(self.text)

    def _comparable(self, other: object) -> str | None:
        if isinstance(other, LexicalPath):
            return other.text if other.system.same_as(self.system) else None
        return other if isinstance(other, str) else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (LexicalPath, str)):
            return NotImplemented
        return self._comparable(other) == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __lt__(self, other: object) -> bool:
        text = self._comparable(other)
        return NotImplemented if text is None else self.text < text

    def _made(self, text: str) -> Self:
        return type(self)(self.system, text)

    def joined(self, *parts: Any) -> Self:
        """Return this path with others after it; an absolute one discards what stands before it.

        Parts are texts, bytes in the encoding of the file system, or paths of the same file system; `TypeError` for
        others.
        """
        return self._made(self.rules.join(self.text, *map(self.system.coerced, parts)))

    def __truediv__(self, other: Any) -> Self:
        return self.joined(other)

    def below(self, text: str) -> Self:
        """Return the path of `text` within this folder, as foreign texts (a manifest's, say) name it.

        Raises `UnsafePath` for an absolute path and for one that leads out of this folder, wherever it leads.
        """
        depth = 0
        for name in self.rules.names(text):
            depth += {self.rules.current: 0, self.rules.parent: -1}.get(name, 1)
            if depth < 0:
                raise UnsafePath(f"{text!r} leads out of {self.text!r}", path=text)
        if (
            self.rules.is_absolute(text)
            or self.rules.split_drive(text)[0]
            or text.startswith(tuple(self.rules.separators))
        ):
            raise UnsafePath(f"{text!r} is absolute, not within {self.text!r}", path=text)
        return self._made(self.rules.normalized(self.rules.join(self.text, text)))

    @property
    def parent(self) -> Self:
        """What stands before the last separator."""
        return self._made(self.rules.split(self.text)[0])

    @property
    def name(self) -> str:
        """The last name; empty if the path ends in a separator."""
        return self.rules.split(self.text)[1]

    @property
    def stem(self) -> str:
        """The last name without its extension."""
        return self.rules.split_extension(self.name)[0]

    @property
    def extension(self) -> str:
        """The extension of the last name, with its mark; empty if it has none."""
        return self.rules.split_extension(self.text)[1]

    def split(self) -> tuple[Self, Self]:
        """Return head and tail: what stands before the last separator, and the last name."""
        head, tail = self.rules.split(self.text)
        return self._made(head), self._made(tail)

    def split_extension(self) -> tuple[Self, str]:
        """Return the path without its extension, and that, a text."""
        root, extension = self.rules.split_extension(self.text)
        return self._made(root), extension

    def split_drive(self) -> tuple[Self, Self]:
        """Return the drive (empty on systems without), and the rest."""
        drive, rest = self.rules.split_drive(self.text)
        return self._made(drive), self._made(rest)

    def split_unc(self) -> tuple[Self, Self]:
        """Return machine and share (empty unless it is a UNC path), and the rest."""
        mount, rest = self.rules.split_unc(self.text)
        return self._made(mount), self._made(rest)

    @property
    def is_unc(self) -> bool:
        """Whether it begins with a machine and a share."""
        return self.rules.is_unc(self.text)

    @property
    def is_single_name(self) -> bool:
        """Whether it is one name, which may be empty, and not the root."""
        return self.rules.is_single_name(self.text)

    @property
    def is_folder_like(self) -> bool:
        """Whether it ends in a separator."""
        return self.rules.is_folder_like(self.text)

    @property
    def is_root(self) -> bool:
        """Whether it is a root: nothing but separators, drive and share aside."""
        return self.rules.is_root(self.text)

    @property
    def is_absolute(self) -> bool:
        """Whether it begins at a root."""
        return self.rules.is_absolute(self.text)

    def absolute(self) -> Self:
        """Return the path from the root, without `.` and `..`; a relative one begins in the working folder.

        Raises `OutsideRoot` for one that leads above the root.
        """
        return self._made(self.system.absolute_text(self))

    def normalized(self) -> Self:
        """Return the path without `.`, doubled separators, and names that `..` takes back."""
        return self._made(self.rules.normalized(self.text))

    def folded(self) -> Self:
        """Return the path in the case in which the system compares paths."""
        return self._made(self.rules.folded(self.text))
