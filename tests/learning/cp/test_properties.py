"""Random changes to a package: a folder and an archive stay the same, and the manifest stays in step with the files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import DemoticError
from demotic.learning.cp import Manifest, Package, PackagePathFault, Resource, Resources, normal_path, open_package
from demotic.learning.cp._paths import path_of, reference

START = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><organizations/><resources>
  <resource identifier="A" type="webcontent" href="a.txt"><file href="a.txt"/></resource>
  <resource identifier="B" type="webcontent" xml:base="d/"><file href="b%20c.txt"/>
    <dependency identifierref="A"/></resource>
</resources></manifest>"""

paths = st.sampled_from(
    [
        "a.txt",
        "A.txt",
        "d/b c.txt",
        "d/e.txt",
        "d",
        "d/e/f.txt",
        "é.txt",
        "e\u0301.txt",
        "x%y.txt",
        "../out",
        ".hid",
        "n#?.txt",
    ]
)
resources = st.sampled_from(["A", "B", "RES-1", "none"])
changes = st.one_of(
    st.tuples(st.just("add_file"), st.binary(max_size=4), paths, resources | st.none(), st.booleans()),
    st.tuples(st.just("attach"), resources, paths),
    st.tuples(st.just("rename_file"), paths, paths),
    st.tuples(st.just("remove_file"), paths),
    st.tuples(st.just("add_resource")),
    st.tuples(st.just("remove_resource"), resources, st.booleans()),
    st.tuples(st.just("rename_resource"), resources, resources),
)


def make(package: Package, name: str, *arguments: Any) -> object:
    """Make one change."""
    named: dict[str, Callable[[], object]] = {
        "add_file": lambda: package.add_file(arguments[0], arguments[1], resource=arguments[2], replace=arguments[3]),
        "remove_resource": lambda: package.remove_resource(arguments[0], keep_files=arguments[1]),
    }
    return named.get(name, lambda: getattr(package, name)(*arguments))()


def outcome(package: Package, change: tuple[Any, ...]) -> str:
    """Return what is told of a change: nothing, or the code of what refuses it."""
    try:
        make(package, *change)
    except DemoticError as fault:
        return fault.code
    return ""


def state(package: Package) -> tuple[Any, ...]:
    """Return what there is to see of a package."""
    table = package.files
    named = {path: len(files) for path, files in table.items()}
    return (
        [(each.identifier, each.href, [file.href for file in each.files]) for each in package.resources()],
        named,
        table.missing,
        table.unreferenced,
        {path: package.read(path) for path in table.present},
    )


@settings(max_examples=60)
@given(st.lists(changes, max_size=8))
def test_a_folder_and_an_archive_change_alike_and_tables_stay_true(todo: list[tuple[Any, ...]]) -> None:
    with ExitStack() as opened:
        first = opened.enter_context(open_package(_folder(opened)))
        start = BytesIO()
        first.export(start)
        second = opened.enter_context(open_package(start))
        for change in todo:
            before = state(first)
            told = outcome(first, change)
            assert outcome(second, change) == told, change
            if told:
                assert state(first) == before, "what is refused changes nothing"
            assert state(first) == state(second)
            assert state(first)[1:4] == _again(first)
        one, two = BytesIO(), BytesIO()
        first.export(one)
        second.export(two)
        assert one.getvalue() == two.getvalue()
        again = opened.enter_context(open_package(one))
        assert state(again) == state(first)


def _folder(opened: ExitStack) -> str:
    from pathlib import Path

    root = Path(opened.enter_context(tempfile.TemporaryDirectory()))
    for path, content in {"imsmanifest.xml": START, "a.txt": "A", "d/b c.txt": "B"}.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(content)
    return str(root)


def _again(package: Package) -> tuple[Any, ...]:
    """Return the table as it is when everything is read anew."""
    table = package.rescan()
    return {path: len(files) for path, files in table.items()}, table.missing, table.unreferenced


names = st.text(
    st.characters(codec="utf-8", exclude_characters="/\\\0", exclude_categories=["Cs"]), min_size=1, max_size=6
)


@given(st.lists(names, min_size=1, max_size=4), st.lists(names, max_size=3))
def test_a_reference_leads_back_to_its_path(parts: list[str], base: list[str]) -> None:
    try:
        path, folder = normal_path("/".join(parts)), normal_path("/".join(base))
    except PackagePathFault:
        return
    resource = Resource()
    manifest = Manifest(resources=Resources(resources=[resource]))
    assert manifest.resources is not None
    if folder:
        manifest.resources.base = f"{reference(resource, folder)}/"
    if path:
        assert path_of(resource, reference(resource, path)) == path
