"""Make a content package, open it, check it, mend what is wrong, add a file, and pack it: twice the same bytes."""

import hashlib
import tempfile
from pathlib import Path

from demotic.learning.cp import Item, Organization, Title, new_package, open_package
from demotic.learning.findings import findings_text, summary


def make(folder: Path) -> Path:
    """Make a package with a page that is there and a picture that is not."""
    with new_package("cp1.2", name="lesson") as package:
        page = package.add_resource("webcontent", identifier="PAGE", href="index.html")
        package.add_file(b"<p>Rosetta</p><img src='stone.png'/>", "index.html", resource=page)
        package.attach(page, "stone.png")
        item = Item(identifier="ITEM", identifierref="PAGE", title=Title(value="The stone"))
        assert package.manifest.organizations is not None
        package.manifest.organizations.organizations.append(Organization(identifier="WAY", items=[item]))
        package.export(folder / "lesson.zip")
    return folder / "lesson.zip"


def main() -> None:
    """Run all of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = make(folder)

        with open_package(source) as package:
            print(package.profile, package.files.present, "missing:", package.files.missing)
            for line in findings_text(package.check()):
                print(line)
            package.add_file(b"\x89PNG", "stone.png", resource="PAGE")
            print("after that:", summary(package.check()))
            package.export(folder / "mended.zip")

        with open_package(folder / "mended.zip") as package:
            package.export(folder / "again.zip")
        digests = {hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("mended.zip", "again.zip")}
        print("the same bytes:", len(digests) == 1)


if __name__ == "__main__":
    main()
