"""Reading ISO 8601 date-times: beside Python's own reader, which is written in C, and beside other libraries."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from statistics import median
from time import perf_counter
from typing import Any

from dateutil.parser import isoparse
from metomi.isodatetime.parsers import TimePointParser
from report import Figure

from demotic.syntax.iso8601 import TimePoint

# The forms that Python's reader takes as well; those after them only the libraries.
NATIVE = (
    "2024-02-29T23:59:59Z",
    "2024-02-29T23:59:59.123456+05:30",
    "2024-02-29T23:59:59",
    "20240229T235959Z",
    "2024-W09-4T23:59",
)
OTHERS = ("2024-060T23:59:59Z", "2024060T235959+0530", "20240229T24", "2024-02-29T23:59:59,5Z")
TARGET = 15.0


def dates(*, rounds: int) -> Iterator[Figure]:
    """Yield how many times as long our reader takes as Python's, and how many times as fast as the libraries it is."""
    yield from _against_python(rounds)
    theirs = {"dateutil": isoparse, "isodatetime": TimePointParser().parse}
    for name, read in theirs.items():
        ratios = {
            text: _ratio(read, TimePoint.parse, text, rounds) for text in (*NATIVE, *OTHERS) if _reads(read, text)
        }
        slowest = min(ratios, key=lambda text: ratios[text])
        note = f"over {len(ratios)} forms that both read; least for {slowest}, median {median(ratios.values()):.1f}"
        yield Figure(f"iso: times as fast as {name}", ratios[slowest], least=1.0, note=note)
    yield from _imports(rounds)


def _against_python(rounds: int) -> Iterator[Figure]:
    ratios = {text: _ratio(TimePoint.parse, datetime.fromisoformat, text, rounds) for text in NATIVE}
    slowest = max(ratios, key=lambda text: ratios[text])
    note = f"over {len(NATIVE)} forms; most for {slowest}, median {median(ratios.values()):.1f}"
    yield Figure("iso: time beside fromisoformat", ratios[slowest], most=TARGET, note=note)
    split = max(_ratio(_read_and_split, datetime.fromisoformat, text, rounds) for text in NATIVE)
    yield Figure("iso: the same, and ask for date and time", split, note="what reading leaves for later included")


def _read_and_split(text: str) -> Any:
    point = TimePoint.parse(text)
    return point.date, point.time


def _reads(read: Callable[[str], Any], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _ratio(one: Callable[[str], Any], other: Callable[[str], Any], text: str, rounds: int) -> float:
    """Return how many times as long `one` takes; the median of many short runs that take turns."""
    ratios = []
    for _ in range(15 * rounds):
        first = _seconds(one, text, 400)
        ratios.append(first / _seconds(other, text, 400))
    return median(ratios)


def _seconds(read: Callable[[str], Any], text: str, times: int) -> float:
    start = perf_counter()
    for _ in range(times):
        read(text)
    return perf_counter() - start


def _imports(rounds: int) -> Iterator[Figure]:
    """Yield the processor time that `import demotic.syntax` and `demotic.xml` add to a start of Python, with lxml."""
    for modules, most in (("demotic.syntax, demotic.xml, lxml.etree", 100.0), ("demotic.syntax", None)):
        times = []
        for _ in range(5 * rounds):
            program = f"from time import process_time as t; s = t(); import {modules}; print(t() - s)"
            result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
            times.append(float(result.stdout) * 1000)
        note = f"{min(times):.0f} to {max(times):.0f} ms"
        yield Figure(f"iso: import {modules}", median(times), "ms", most=most, note=note)
