"""Write a feed of some size and read its entries one by one: speed by the clock and in processor time, the process's
peak of memory, number of entries.

usage: python benchmarks/xml_feed.py FILE MEGABYTES
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from demotic.xml import Bound, QName, attribute, child, children, iterate, text

ATOM = "http://www.w3.org/2005/Atom"


class Title(Bound, name=QName(ATOM, "title")):
    value = text()


class Id(Bound, name=QName(ATOM, "id")):
    value = text()


class Updated(Bound, name=QName(ATOM, "updated")):
    value = text()


class Content(Bound, name=QName(ATOM, "content")):
    type = attribute("type")
    value = text()


class Link(Bound, name=QName(ATOM, "link")):
    href = attribute("href", required=True)
    rel = attribute("rel")


class Name(Bound, name=QName(ATOM, "name")):
    value = text()


class Author(Bound, name=QName(ATOM, "author")):
    person = child(Name)


class Entry(Bound, name=QName(ATOM, "entry")):
    id = child(Id, required=True)
    title = child(Title, required=True)
    updated = child(Updated, required=True)
    author = child(Author)
    content = child(Content)
    links = children(Link)


def peak() -> float:
    """Return the most memory that the process has had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # `getrusage` would count the process that started this one too: its peak is handed on by fork and exec.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1_000_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> None:
    """Write, read, print."""
    file, megabytes = Path(sys.argv[1]), int(sys.argv[2])
    written = 0
    with file.open("w", encoding="utf-8") as out:
        written += out.write(f'<feed xmlns="{ATOM}" xml:base="http://example.com/"><title>Long</title>\n')
        number = 0
        while written < megabytes * 1_000_000:
            number += 1
            written += out.write(
                f"  <entry>\n    <id>urn:entry:{number}</id>\n    <title>Entry number {number}</title>\n"
                "    <updated>2026-01-01T00:00:00Z</updated>\n    <author><name>Somebody</name></author>\n"
                f'    <link rel="alternate" href="entries/{number}"/>\n    <content type="text">'
                f"{'What there is to say in this entry, at some length. ' * 8}</content>\n  </entry>\n"
            )
        out.write("</feed>")
    start, used = time.perf_counter(), time.process_time()
    found = sum(1 for entry in iterate(file, Entry) if entry.title.value)
    seconds, used = time.perf_counter() - start, time.process_time() - used
    assert found == number
    size = written / 1_000_000
    print(f"{size / seconds:.1f} {size / used:.1f} {peak():.1f} {found}")


if __name__ == "__main__":
    main()
