"""What a simple row rule costs: the same requests with and without one, answered in this process and over HTTP.

In this process, the process's own time is timed, turn about, the best of the rounds: what a rule costs is less than
what machines differ by from second to second. Over HTTP, two servers are loaded in turns, and again the best counts.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from load import load, wrk
from report import Figure
from servers import ROOT, BenchError, Setup

if TYPE_CHECKING:
    from demotic.syntax.http import Handler

REQUESTS = {
    "key": ("Orders(7)", ""),
    "page100": ("Orders", "$top=100"),
    "expand": ("Customers", "$expand=Orders($top=5)&$top=20"),
}
RULES = {"sets": {"Orders": {"read": "ID ge 0"}, "Customers": {"read": "ID ge 0"}}}
LEAST = 0.9


def rules(setup: Setup, *, rounds: int, seconds: float) -> Iterator[Figure]:
    """Yield the ratio of requests answered with a rule to those without: in this process, then over HTTP."""
    yield from _in_process(setup, rounds)
    yield from _over_http(setup, rounds, seconds)


def _in_process(setup: Setup, rounds: int) -> Iterator[Figure]:
    from demotic.protocols.odata import ODataV4
    from demotic.service import Service
    from demotic.service.access import AccessControl, Guard, rules_of
    from demotic.store.sql import open_store

    store = open_store(str(setup.database))
    try:
        service = Service(store)
        plain = ODataV4(service, ROOT)
        guarded = Guard(lambda seen: ODataV4(seen, ROOT), service, control=AccessControl(service, rules_of(RULES)))
        for name, (path, query) in REQUESTS.items():
            best = [0.0, 0.0]
            for _ in range(rounds + 1):
                for place, handler in enumerate((plain, guarded)):
                    best[place] = max(best[place], _rate(handler, path, query))
            note = f"{best[1]:,.0f} of {best[0]:,.0f} a second"
            yield Figure(f"rules {name}", best[1] / best[0], "of that without", least=LEAST, note=note)
    finally:
        store.close()


def _over_http(setup: Setup, rounds: int, seconds: float) -> Iterator[Figure]:
    wrk()
    path = setup.folder / "rules.json"
    path.write_text(json.dumps(RULES), "utf-8")
    with setup.ours() as plain, setup.ours("--rules", str(path)) as guarded:
        for name, (target, query) in REQUESTS.items():
            best = [0.0, 0.0]
            for turn in range(2 * rounds):
                for side in (0, 1) if turn % 2 else (1, 0):
                    server, address = (plain, guarded)[side], f"{ROOT}{target}?{query}".rstrip("?")
                    rate = load(server, address, seconds=seconds, draw=(0, 0), seed=turn).rate
                    best[side] = max(best[side], rate)
            note = f"{best[1]:,.0f} of {best[0]:,.0f} a second"
            yield Figure(f"rules {name} http", best[1] / best[0], "of that without", least=LEAST, note=note)


def _rate(handler: Handler, path: str, query: str, seconds: float = 0.5) -> float:
    """Return how many requests a second of this process's time answers. Raises `BenchError` for a refusal."""
    from demotic.syntax.http import Request

    request = Request("GET", ROOT + path, query)
    if handler(request).status != 200:
        raise BenchError(f"{path}?{query} was refused")
    count, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        for _ in range(10):
            handler(request)
        count += 10
    return count / spent
