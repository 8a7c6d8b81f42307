"""A large content package: time and memory of listing, checking and exporting it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from report import Figure
from servers import Setup


def packages(setup: Setup, *, megabytes: int, files: int) -> Iterator[Figure]:
    """Yield the figures of one package of some size with a number of items, in a process of its own."""
    script = Path(__file__).with_name("package_once.py")
    done = subprocess.run(
        [sys.executable, script, setup.folder, str(megabytes), str(files)], capture_output=True, text=True, check=True
    )
    listed, checked, exported, base, after_check, after_export = map(float, done.stdout.split())
    size = f"{megabytes} MB, {files} items"
    yield Figure("cp: list", listed, "s", most=5, note=size)
    yield Figure("cp: check", checked, "s", most=30, note=size)
    yield Figure("cp: check memory", after_check - base, "MB", most=100, note="growth of the process")
    yield Figure("cp: export", megabytes / exported, "MB/s", note=size)
    yield Figure("cp: export memory", after_export - after_check, "MB", most=20, note="growth beyond the check's")
    for name in ("package.zip", "exported.zip"):
        (setup.folder / name).unlink(missing_ok=True)
