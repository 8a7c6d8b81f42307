"""A key and a page in OData 2 beside Pyslet, whose server of OData 2 was the one that Python had.

Its last release (2017) runs on Python 2.7, under waitress as it is by default. It is a peer and no target: without that
Python, or without the package, the figure is ours alone and its note says what is missing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from client import Client
from load import load, wrk
from report import Figure
from servers import BenchError, Server, Setup, free_port, run

HERE = Path(__file__).parent
OURS, THEIRS = "/odata/v2/", "/"
# What is asked of both, the entities of an answer, and the numbers to draw.
REQUESTS = {
    "key": ("Orders({n}L)?$format=json", (1, 50_000)),
    "page100": ("Orders?$top=100&$orderby=ID&$format=json", (0, 0)),
}
COMPARED = ("ID", "status", "note", "customer_ID")
PACKAGES = ("pyslet==0.7.20170805", "waitress<2")


def pyslet(setup: Setup, *, rounds: int, seconds: float) -> Iterator[Figure]:
    """Yield our throughput in OData 2 as times Pyslet's. Raises `BenchError` where ours cannot be measured."""
    wrk()
    with setup.ours() as ours:
        try:
            with peer(setup) as theirs:
                yield from _beside(ours, theirs, rounds, seconds)
        except PeerMissing as missing:
            for name, (target, draw) in REQUESTS.items():
                rate = load(ours, OURS + target, seconds=seconds, draw=draw, seed=1).rate
                yield Figure(f"v2 {name}", rate, "a second", note=f"Pyslet: {missing}")


class PeerMissing(Exception):
    """Pyslet does not run here; the message says why, as its own tools say it."""


def _beside(ours: Server, theirs: Server, rounds: int, seconds: float) -> Iterator[Figure]:
    for name, (target, draw) in REQUESTS.items():
        same_values(ours, theirs, target.replace("{n}", "7"))
        rates: list[tuple[float, float]] = []
        for turn in range(rounds):
            sides = [(ours, OURS), (theirs, THEIRS)]
            found = [load(server, root + target, seconds=seconds, draw=draw, seed=turn).rate for server, root in sides]
            rates.append((found[0], found[1]))
        our_rate, their_rate = (median(rate[side] for rate in rates) for side in (0, 1))
        note = f"{our_rate:,.0f}/s beside {their_rate:,.0f}/s"
        yield Figure(f"v2 {name}", our_rate / their_rate, "times Pyslet", note=note)


def same_values(ours: Server, theirs: Server, target: str) -> None:
    """Raise `BenchError` unless both answer the same entities."""
    with Client(ours) as mine, Client(theirs) as other:
        found, expected = (entities(client.get(root + target)) for client, root in ((mine, OURS), (other, THEIRS)))
    if found != expected or not found:
        raise BenchError(f"{target} has other values: {found[:1]}, Pyslet {expected[:1]}")


def entities(body: bytes) -> list[tuple[Any, ...]]:
    content = json.loads(body)["d"]
    rows = content.get("results", [content])
    return [tuple(row[name] for name in COMPARED) for row in rows]


@contextmanager
def peer(setup: Setup) -> Iterator[Server]:
    """Run Pyslet's server. Raises `PeerMissing`."""
    python, port = old_python(), free_port()
    packages = installed(python, setup.folder / "pyslet")
    command = [python, str(HERE / "pyslet_app.py"), str(setup.database), str(port)]
    try:
        with run("pyslet", command, port, "/", setup.folder, {"PYTHONPATH": str(packages)}) as server:
            yield server
    except BenchError as error:
        raise PeerMissing(str(error)) from error


def old_python() -> str:
    """Return a Python 2.7, on PATH or kept by pyenv. Raises `PeerMissing`."""
    kept = sorted(map(str, Path.home().glob(".pyenv/versions/2.7.*/bin/python")), reverse=True)
    for python in filter(None, (shutil.which("python2.7"), *kept)):
        if subprocess.run([python, "-c", ""], capture_output=True).returncode == 0:
            return python
    raise PeerMissing("no Python 2.7 on PATH or in ~/.pyenv/versions")


def installed(python: str, folder: Path) -> Path:
    """Install the packages into a folder of their own, and return it. Raises `PeerMissing` with what pip says."""
    command = [python, "-m", "pip", "install", "--quiet", "--target", str(folder), *PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise PeerMissing(f"`{' '.join(command[1:])}`: {done.stderr.strip().splitlines()[-1]}")
    return folder
