"""`demotic qti`: items and tests checked, described and converted."""

from __future__ import annotations

import dataclasses
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from demotic.cli._errors import NOTHING_FOUND, OK, UsageFault, about, check_target, safe
from demotic.errors import DemoticError, Unsupported
from demotic.learning.findings import SEVERITIES, Finding, findings_text, summary
from demotic.learning.qti import NotQti, Version, read
from demotic.learning.qti.checking import check_bank, open_bank
from demotic.learning.qti.converting import TARGETS, Loss
from demotic.learning.qti.converting import convert as convert_document
from demotic.learning.qti.legacy import convert_legacy
from demotic.learning.qti.model import NAMESPACES, Interaction, Node, QtiDocument
from demotic.learning.qti.packaging import convert_bank, mended_bases
from demotic.learning.qti.writing import write
from demotic.xml import Document
from demotic.xml.validation import Schema

__all__ = ["check", "convert", "info"]

T = TypeVar("T")


def check(place: str, form: str, severity: str, schemas: list[Path], *, strict: bool) -> int:
    """Check a bank and print what was found; return the exit status."""
    wanted = set(SEVERITIES[: SEVERITIES.index(severity) + 1])
    known = _schemas(schemas)
    totals: Counter[str] = Counter()
    codes: Counter[tuple[str, str]] = Counter()
    shown: list[Finding] = []
    documents, faulty = 0, set[str]()
    with open_bank(place) as bank:
        for checked in _with_progress(check_bank(bank, schemas=known), len(bank.names()), "checked"):
            documents += bool(checked.path)
            faulty |= {f.file for f in checked.findings if f.severity == "error"}
            totals.update(f.severity for f in checked.findings)
            codes.update((f.severity, f.code) for f in checked.findings)
            found = [f for f in checked.findings if f.severity in wanted]
            if form == "json":
                shown += found
            else:
                _print_lines(findings_text(found))
    if not documents:
        raise UsageFault(f"there is nothing of QTI in {place}", target=place)
    if form == "json":
        _print_json(
            {
                "documents": documents,
                "faulty": len(faulty),
                "counts": {each: totals[each] for each in SEVERITIES},
                "findings": [dataclasses.asdict(finding) for finding in shown],
            }
        )
    else:
        _print_lines(_table(codes))
        print(f"{_number(documents)}, {len(faulty)} with errors: {_total(totals)}")
    return NOTHING_FOUND if totals["error"] or (strict and totals["warning"]) else OK


def _schemas(paths: Iterable[Path]) -> dict[Version, Schema]:
    """Return schemas by the versions whose namespaces they are of."""
    known: dict[Version, Schema] = {}
    for path in paths:
        if not path.is_file():
            raise UsageFault(f"there is no schema {path}", target=str(path))
        with about(path):
            document = Document.open(path)
        namespace = document.root.get("targetNamespace") or ""
        if namespace not in NAMESPACES:
            raise UsageFault(f"{path} is no schema of QTI, but of {namespace!r}", target=str(path))
        known[NAMESPACES[namespace]] = Schema(path)
    return known


def _total(totals: Counter[str]) -> str:
    counted = [Finding("", each, "") for each in SEVERITIES for _ in range(min(totals[each], 2))]
    if sum(totals.values()) == len(counted):
        return summary(counted)
    return ", ".join(f"{totals[each]} {each}s" for each in SEVERITIES if totals[each]) or "nothing found"


def _number(documents: int) -> str:
    return f"{documents} {'document' if documents == 1 else 'documents'}"


def _table(codes: Counter[tuple[str, str]]) -> Iterator[str]:
    if codes:
        yield ""
    order: Final = {severity: i for i, severity in enumerate(SEVERITIES)}
    for (severity, code), count in sorted(codes.items(), key=lambda each: (order[each[0][0]], -each[1], each[0][1])):  # type: ignore[index]
        yield f"{count:>7}  {severity:<8} {code}"


def info(place: str, form: str) -> int:
    """Print what a bank holds; return the exit status."""
    kinds: Counter[str] = Counter()
    versions: Counter[str] = Counter()
    interactions: Counter[str] = Counter()
    unreadable: list[str] = []
    with open_bank(place) as bank:
        for name in _with_progress(iter(bank.names()), len(bank.names()), "read"):
            try:
                found = _documents(bank.read(name), name)
            except NotQti:
                continue
            except DemoticError:
                unreadable.append(name)
                continue
            for version, root in found:
                kinds[root.tag] += 1
                versions[version] += 1
                interactions.update(node.tag for node in root.find(Interaction))
    tables: dict[str, Any] = {
        "documents": dict(sorted(kinds.items())),
        "versions": dict(sorted(versions.items())),
        "interactions": dict(sorted(interactions.items())),
        "unreadable": unreadable,
    }
    if not kinds and not unreadable:
        raise UsageFault(f"there is nothing of QTI in {place}", target=place)
    if form == "json":
        _print_json(tables)
        return OK if kinds else NOTHING_FOUND
    for title in ("documents", "versions", "interactions"):
        print(title)
        _print_lines(f"{count:>7}  {name}" for name, count in tables[title].items())
    _print_lines(f"unreadable: {name}" for name in unreadable)
    return OK if kinds else NOTHING_FOUND


def _documents(data: bytes, name: str) -> list[tuple[str, Node]]:
    """Return the documents of a file, with their versions: several in a file of 1.2."""
    try:
        document = read(data, base=name, lenient=True)
    except Unsupported:
        return [("1.2", made.document.root) for made in convert_legacy(data, file=name)]
    return [(str(document.version), document.root)]


def convert(place: str, target: Path, to: str, report: Path | None, *, force: bool) -> int:
    """Convert a bank and print what is not as it was; return the exit status."""
    version = next((each for each in TARGETS if str(each) == to), None)
    if version is None:
        raise UsageFault(f"QTI {to} is not written", target="--to", hint=f"choose {', '.join(map(str, TARGETS))}")
    for file in [target, *([] if report is None else [report])]:
        check_target(file)
    losses: list[Loss] = []
    documents, unread = 0, 0
    if target.suffix.lower() == ".xml":
        losses, documents = _convert_one(Path(place), target, version, force=force), 1
        _print_lines(map(str, losses))
    else:
        with open_bank(place) as bank:
            total = len(bank.names())
        if not total:
            raise UsageFault(f"there is nothing of QTI in {place}", target=place)
        for done in _with_progress(convert_bank(place, target, version, replace=force), total, "converted"):
            losses += done.losses
            documents += len(done.written)
            unread += any(loss.code == "unreadable" for loss in done.losses)
            _print_lines(map(str, done.losses))
    if report is not None:
        found = {"target": to, "documents": documents, "losses": [dataclasses.asdict(loss) for loss in losses]}
        report.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2))
    kinds = Counter(loss.kind for loss in losses)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing lost"
    print(f"{_number(documents)} in QTI {to}: {told}")
    return NOTHING_FOUND if unread or not documents else OK


def _convert_one(source: Path, target: Path, version: Version, *, force: bool) -> list[Loss]:
    if not source.is_file():
        raise UsageFault(f"there is no document {source}", target=str(source))
    if target.exists() and not force:
        raise UsageFault(f"{target} is there already", target=str(target), hint="--force writes over it")
    with about(source):
        document, losses = _read_one(source)
    losses += mended_bases(document, source.name, lambda path: (source.parent / path).is_file())
    conversion = convert_document(document, version, file=str(source))
    target.write_bytes(write(conversion.document))
    return [*losses, *conversion.losses]


def _read_one(source: Path) -> tuple[QtiDocument, list[Loss]]:
    """Return the one document of a file, and what was lost in reading it; that of 1.2 is converted first."""
    data = source.read_bytes()
    try:
        return read(data, base=str(source), lenient=True), []
    except Unsupported:
        made = convert_legacy(data, file=str(source))
    if len(made) != 1 or made[0].files:
        what = "files inside it" if len(made) == 1 else f"{len(made)} documents"
        raise UsageFault(f"{source} becomes {what}, beside one another", hint="name an archive to write them into")
    dropped = [
        Loss("dropped", "metadata", f"{label}: {value[:80]!r}", str(source))
        for label, values in made[0].metadata.items()
        for value in values
        if value and label not in made[0].placed
    ]
    return made[0].document, [*made[0].losses, *dropped]


def _with_progress(steps: Iterator[T], total: int, word: str) -> Iterator[T]:
    """Yield the steps, and show in a terminal how far they have come."""
    if not sys.stderr.isatty() or total < 20:
        yield from steps
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(steps, description=word, total=total, console=Console(stderr=True), transient=True)


def _print_json(value: object) -> None:
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(safe(line))
