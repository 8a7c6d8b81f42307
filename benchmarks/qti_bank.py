"""Check a bank of many items; print the seconds of processor time and the peak of memory in MB."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from xml_documents import ITEM

from demotic.learning.qti.checking import check_bank, open_bank


def main(folder: Path, count: int) -> None:
    """Make the bank and check it."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"item-{number:05}.xml").write_bytes(ITEM)
    start = time.process_time()
    with open_bank(folder) as bank:
        checked = sum(1 for _ in check_bank(bank))
    seconds = time.process_time() - start
    assert checked >= count
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
