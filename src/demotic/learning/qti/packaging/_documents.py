"""A document put into a package, with a resource for it and the files beside it that it uses.

Specification: QTI 2.1, 2.2 and 3.0, "Content packaging"; IMS Content Packaging 1.2.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from demotic.learning.cp import Metadata, Package, Resource
from demotic.learning.lom import Lom
from demotic.learning.qti import model as m
from demotic.learning.qti.checking import local_path, mend_file_bases, summarize
from demotic.learning.qti.converting import Loss, Losses
from demotic.learning.qti.model import Node, QtiDocument, Version
from demotic.learning.qti.writing import write

__all__ = ["add_document", "media_of", "mended_bases", "resource_type"]

_KINDS: Final[dict[type[Node], str]] = {
    m.AssessmentItem: "item",
    m.AssessmentTest: "test",
    m.AssessmentSection: "section",
    m.AssessmentStimulus: "stimulus",
    m.OutcomeDeclaration: "outcomes",
    m.ResponseProcessing: "rptemplate",
}


def resource_type(root: Node, version: Version) -> str:
    """Return the type that a package's resource for a document has."""
    return f"imsqti_{_KINDS.get(type(root), 'item')}_xmlv{str(version).replace('.', 'p')}"


def media_of(document: QtiDocument, path: str) -> Iterator[str]:
    """Yield the paths in the package of the files that a document at `path` uses, other documents aside."""
    for link in summarize(document, path).links:
        used = local_path(link.href, path)
        if used is not None and not used.startswith("..") and link.wanted is None:
            yield used


def mended_bases(document: QtiDocument, path: str, exists: Callable[[str], bool]) -> list[Loss]:
    """Let addresses that begin with `$IMS-CC-FILEBASE$` lead to their files; return what was changed, and what not."""
    losses = Losses(path)
    for node, href, made in mend_file_bases(document.root, path, exists):
        if made is None:
            losses.dropped("missing-file", node, f"there is no file {href!r}; the address stays as it is")
        else:
            losses.changed("file-base", node, f"the address {href!r} becomes {made!r}")
    return losses.found


def add_document(
    package: Package,
    document: QtiDocument,
    folder: str = "",
    *,
    name: str | None = None,
    lom: Lom | None = None,
    beside: Path | None = None,
) -> Resource:
    """Write a document into a folder of a package, and return the resource made for it.

    The file is called by the identifier of the document unless `name` says otherwise; `lom` becomes metadata of the
    resource. With `beside`, files in that folder of the system that the document refers to are copied too, once each.
    Nothing changes where it raises: `FileExists` for a path that is taken, `PackagePathFault` for one that is none.
    """
    path = package.check_new_path(
        posixpath.join(folder, name or f"{document.root.attributes.get('identifier', 'document')}.xml")
    )
    values: dict[str, Any] = {} if lom is None else {"metadata": Metadata(lom=[lom])}
    resource = package.add_resource(resource_type(document.root, document.version), href=path, **values)
    package.add_file(write(document), path, resource=resource)
    if beside is not None:
        _add_media(package, document, path, resource, beside)
    return resource


def _add_media(package: Package, document: QtiDocument, path: str, resource: Resource, beside: Path) -> None:
    home, folder = beside.resolve(), posixpath.dirname(path)
    for used in dict.fromkeys(media_of(document, path)):
        place = (home / posixpath.relpath(used, folder or ".")).resolve()
        if not place.is_file() or not place.is_relative_to(home):
            continue  # a check of the package tells of files that are not there
        if used in package.files.infos:
            package.attach(resource, used)
        else:
            package.add_file(place, used, resource=resource)
