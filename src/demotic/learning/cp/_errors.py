"""What can go wrong with a package. What its storage does raises the errors of `demotic.files`.

PackageFault                 400  anything below
├── NotAPackage              400  what was given is no folder, no archive and no manifest
├── BrokenManifest           400  the manifest cannot be read as one
├── PackagePathFault         400  a path that is no place for a file of the package
├── PackageFileFault         400  no regular file where one is needed
├── PackageStorageFault      501  the package lies where this cannot be done
├── NoManifest               404  there is no manifest
├── NotInManifest            404  no resource, item or manifest has this identifier
└── IdentifierTaken          409  the identifier belongs to something else
"""

from __future__ import annotations

from demotic.errors import DemoticError

__all__ = [
    "BrokenManifest",
    "IdentifierTaken",
    "NoManifest",
    "NotAPackage",
    "NotInManifest",
    "PackageFault",
    "PackageFileFault",
    "PackagePathFault",
    "PackageStorageFault",
]


class PackageFault(DemoticError):
    """Something about a content package is wrong."""

    code = "PackageFault"
    status = 400


class NotAPackage(PackageFault):
    """What was given is no folder, no archive and no manifest."""

    code = "NotAPackage"


class BrokenManifest(PackageFault):
    """The manifest cannot be read as one; ``line`` and ``column`` are where, if that is known."""

    code = "BrokenManifest"

    def __init__(self, message: str, *, line: int = 0, column: int = 0, hint: str | None = None) -> None:
        super().__init__(message, target="imsmanifest.xml", hint=hint)
        self.line = line
        self.column = column


class PackagePathFault(PackageFault):
    """A path that is no place for a file of the package: outside of it, ignored, or the manifest's own."""

    code = "PackagePathFault"


class PackageFileFault(PackageFault):
    """There is no regular file where one is needed."""

    code = "PackageFileFault"


class PackageStorageFault(PackageFault):
    """The package lies where this cannot be done."""

    code = "PackageStorageFault"
    status = 501


class NoManifest(PackageFault):
    """The package has no manifest."""

    code = "NoManifest"
    status = 404


class NotInManifest(PackageFault):
    """No resource, item or manifest of the package has this identifier."""

    code = "NotInManifest"
    status = 404


class IdentifierTaken(PackageFault):
    """The identifier belongs to something else in the manifest."""

    code = "IdentifierTaken"
    status = 409
