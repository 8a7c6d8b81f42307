"""QTI: how long it takes to read, check, write and score an item, and to check a bank of ten thousand of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from report import Figure
from servers import BenchError, Setup
from xml_documents import ITEM, best


def items(*, rounds: int) -> Iterator[Figure]:
    """Yield the times for one item; its like of 3 KB is the unit, so that items of other sizes compare."""
    from demotic.learning.qti import read
    from demotic.learning.qti.checking import check
    from demotic.learning.qti.converting import convert
    from demotic.learning.qti.model import Version
    from demotic.learning.qti.runtime import begin, prepare, submit
    from demotic.learning.qti.writing import write

    document = read(ITEM)
    program = prepare(document)
    state = begin(program, seed=1)
    answer = {"RESPONSE": "choiceB"}
    if submit(program, state, answer)["SCORE"].data != 0.5:  # a figure for something else would be worth nothing
        raise BenchError("the item does not score as it should")
    runs = (
        lambda: read(ITEM),
        lambda: check(document),
        lambda: write(document),
        lambda: convert(document, Version.V3_0),
    )
    reading, checking, writing, converting = (time * 3000 / len(ITEM) / 1000 for time in best(*runs, rounds=rounds))
    # What scoring costs does not go by the size of the document.
    preparing, scoring = (
        time / 1000 for time in best(lambda: prepare(document), lambda: submit(program, state, answer), rounds=rounds)
    )
    yield Figure("qti: read", reading, "ms", most=0.30, note="an item of 3 KB into the model, XML included")
    yield Figure("qti: check", checking, "ms", most=0.5, note="the same item")
    yield Figure("qti: write", writing, "ms")
    yield Figure("qti: convert", converting, "ms", note="2.1 to 3.0")
    yield Figure("qti: prepare", preparing, "ms", note="the same item, once for all sessions")
    yield Figure("qti: score", scoring, "ms", most=0.10, note="one prepared session: a response submitted")


def bank(setup: Setup, *, documents: int) -> Iterator[Figure]:
    """Yield time and memory of checking a bank, in a process of its own."""
    script = Path(__file__).with_name("qti_bank.py")
    done = subprocess.run(
        [sys.executable, script, setup.folder / "bank", str(documents)], capture_output=True, text=True, check=True
    )
    seconds, memory = done.stdout.split()
    note = f"{documents} items, scaled to 10,000"
    yield Figure("qti: bank", float(seconds) * 10_000 / documents, "s", most=30, note=note)
    yield Figure("qti: bank memory", float(memory), "MB", most=200, note="the process's peak, Python included")


def qti(setup: Setup, *, rounds: int, documents: int) -> Iterator[Figure]:
    """Yield all figures about QTI."""
    yield from items(rounds=rounds * 100)
    yield from bank(setup, documents=documents)
