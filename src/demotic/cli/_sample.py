"""`demotic sample`: writes the sample shop and says what to do with it."""

from __future__ import annotations

from pathlib import Path

from demotic.cli._errors import UsageFault
from demotic.sample import create


def write_sample(file: Path, *, replace: bool) -> int:
    """Write the sample database to ``file``. Raises `UsageFault` if it is there, unless ``replace`` is true.

    Raises `SampleNotWritten` if it cannot be.
    """
    if file.is_file() and not replace:
        raise UsageFault(f"{file} already exists", hint="choose another name, or --force to write over it")
    path = create(file, replace=replace)
    print(f"wrote {path}; now: demotic serve {path}")
    return 0
