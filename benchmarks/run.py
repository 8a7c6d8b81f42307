"""Measure Demotic: beside hand-written code, and against its own promises. README.md beside this file has the method.

usage: python benchmarks/run.py [--quick] [--only key,page100,…] [--rounds 3] [--seconds 3] [--json FILE] [--strict]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from caches import caches
from dates import dates
from packages import packages
from plans import plans
from postgresql import postgresql
from pyslet_peer import pyslet
from qti_items import qti
from report import Figure, document, surroundings, table
from rules import rules
from servers import BenchError, Setup, demotic_command
from shapes import unseen
from standard import STANDARD
from startup import start
from streams import stalled, stream
from throughput import throughput
from web_cache import web_cache
from xml_documents import xml

HERE = Path(__file__).parent
# Every other figure by its name on the command line; the standard requests are measured together.
OTHERS: dict[str, Callable[[Setup, argparse.Namespace], Iterator[Figure]]] = {
    "unseen": lambda setup, options: unseen(setup, shapes=40 if options.quick else 200),
    "plans": lambda setup, options: plans(setup, requests=1_000 if options.quick else 10_000),
    "rules": lambda setup, options: rules(setup, rounds=options.rounds, seconds=options.seconds),
    "stream": lambda setup, options: stream(setup, rounds=options.rounds),
    "stalled": lambda setup, options: stalled(setup, seconds=options.seconds),
    "iso": lambda setup, options: dates(rounds=options.rounds),
    "qti": lambda setup, options: qti(setup, rounds=options.rounds, documents=500 if options.quick else 10_000),
    "xml": lambda setup, options: xml(setup, rounds=options.rounds, megabytes=20 if options.quick else 200),
    "cp": lambda setup, options: packages(setup, megabytes=100 if options.quick else 2_000, files=5_000),
    "cache": lambda setup, options: caches(rounds=options.rounds, quick=options.quick),
    "start": lambda setup, options: start(setup, rounds=options.rounds),
    "postgresql": lambda setup, options: postgresql(setup, rounds=options.rounds, seconds=options.seconds),
    "pyslet": lambda setup, options: pyslet(setup, rounds=options.rounds, seconds=options.seconds),
    "web": lambda setup, options: web_cache(rounds=options.rounds),
}
NAMES = (*(standard.name for standard in STANDARD), *OTHERS)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure Demotic; benchmarks/README.md has the method.")
    parser.add_argument("--quick", action="store_true", help="rounds of one second and fewer shapes, for a first look")
    parser.add_argument("--only", type=names, default=NAMES, metavar="NAMES", help=f"some of {','.join(NAMES)}")
    parser.add_argument("--rounds", type=positive, default=3, help="rounds to take medians of (default 3)")
    parser.add_argument("--seconds", type=positive, help="seconds of load in a round (default 3, quick 1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--strict", action="store_true", help="exit with 1 unless every target is met")
    parser.add_argument("--demotic", metavar="COMMAND", help="the program to measure instead of this environment's")
    parser.add_argument(
        "--material", type=Path, default=HERE, metavar="FOLDER", help="take make_shop.py and raw_wsgi.py from there"
    )
    options = parser.parse_args()
    options.seconds = options.seconds or (1 if options.quick else 3)
    return options


def names(text: str) -> tuple[str, ...]:
    chosen = tuple(text.split(","))
    unknown = [name for name in chosen if name not in NAMES]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no figure {', '.join(unknown)}; there are {', '.join(NAMES)}")
    return chosen


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of at least 1")
    return int(text)


def measure(setup: Setup, options: argparse.Namespace) -> Iterator[Figure]:
    """Yield every figure asked for; one that cannot be measured says so and leaves the others alone."""
    standards = [standard for standard in STANDARD if standard.name in options.only]
    if standards:
        ratios = throughput(setup, standards, rounds=options.rounds, seconds=options.seconds)
        yield from guarded(",".join(standard.name for standard in standards), ratios)
    for name, figures in OTHERS.items():
        if name in options.only:
            yield from guarded(name, figures(setup, options))


def guarded(name: str, figures: Iterator[Figure]) -> Iterator[Figure]:
    print(f"measuring {name} …", file=sys.stderr, flush=True)
    try:
        yield from figures
    except BenchError as error:
        yield Figure(name, None, note=str(error))
    except Exception as error:  # the project's own, where a figure runs in this process; the others still count
        yield Figure(name, None, note=repr(error))


def main() -> int:
    """Measure, print the table, and return the exit status."""
    options = arguments()
    circumstances = surroundings() | {"rounds": options.rounds, "seconds": options.seconds}
    with tempfile.TemporaryDirectory(prefix="demotic-bench-") as folder:
        try:
            setup = prepare(options, Path(folder))
        except BenchError as error:
            print(error, file=sys.stderr)
            return 2
        figures = list(measure(setup, options))
    print("  ".join(f"{name} {value}" for name, value in circumstances.items()), end="\n\n")
    print(table(figures))
    if options.json:
        options.json.write_text(document(figures, circumstances), "utf-8")
    failed = any(figure.verdict in ("MISSED", "FAILED") for figure in figures)
    return 1 if options.strict and failed else 0


def prepare(options: argparse.Namespace, folder: Path) -> Setup:
    """Write the database and find the programs. Raises `BenchError` where something is missing."""
    database = folder / "shop.db"
    script = options.material / "make_shop.py"
    made = subprocess.run([sys.executable, script, database], capture_output=True, text=True)
    if made.returncode:
        raise BenchError(f"{script} does not write the database: {made.stderr}")
    return Setup(database, folder, demotic_command(options.demotic), options.material.resolve())


if __name__ == "__main__":
    sys.exit(main())
