"""Whether requests that differ only in their literals share one plan; counted in this process, not timed.

The handler counts how often it reads, binds and compiles a request in full. It should do so once.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from report import Figure
from servers import ROOT, BenchError, Setup

if TYPE_CHECKING:
    from demotic.protocols.odata import ODataV4

QUERY = "$filter=customer_ID%20eq%20{}%20and%20amount%20gt%20{}%20and%20note%20ne%20'{}'&$orderby=ID&$top=20"


def plans(setup: Setup, *, requests: int) -> Iterator[Figure]:
    """Yield how many plans so many requests with different literals make."""
    # Here, because every other figure can do without the project in this process.
    from demotic.protocols.odata import ODataV4
    from demotic.service import Service
    from demotic.store.sql import open_store

    store = open_store(str(setup.database))
    try:
        handler = ODataV4(Service(store), ROOT)
        draw = Random(1)
        for index in range(requests):
            amount = f"{draw.randint(1, 999)}.{draw.randint(0, 99):02}"
            ask(handler, QUERY.format(draw.randint(1, 1000), amount, f"note{index}"))
        counted = handler.statistics
    finally:
        store.close()
    note = f"for {requests:,} requests; shapes kept: {counted.shapes}"
    yield Figure("plans", counted.compiled, "plan" if counted.compiled == 1 else "plans", most=1, note=note)


def ask(handler: ODataV4, query: str) -> None:
    """Let the handler answer, in the process itself; raise `BenchError` for any status but 200."""
    from demotic.syntax.http import Request

    response = handler(Request("GET", f"{ROOT}Orders", query))
    if response.status != 200:
        raise BenchError(f"{query} is answered with {response.status}: {response.body!r}")
    if not isinstance(response.body, bytes):
        response.body.close()
