"""What a request costs whose like has not been seen before, and what counts as its like.

The shape of a request is everything but its literals. A shape is planned once; after that, other literals must neither
cost planning time nor take room among the plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from random import Random
from statistics import median, quantiles
from urllib.parse import quote

from client import Client
from report import Figure
from servers import ROOT, Setup

PROPERTIES = ("ID", "orderDate", "amount", "status", "note", "customer_ID")
# Each is answered by an index or by the first rows: the time to find rows must not drown the time to plan.
FILTERS = (
    "ID gt {n}",
    "ID ge {n} and amount gt 10",
    "customer_ID eq {n}",
    "customer_ID eq {n} and (status eq 'open' or status eq 'paid')",
    "ID gt {n} and contains(note,'ote')",
    "ID in ({n},{m},77)",
    "ID gt {n} and year(orderDate) ge 2020 and not (status eq 'x{m}')",
)
EXPANDS = ("", "customer", "OrderItems", "customer($select=name),OrderItems($filter=quantity gt {m};$top=2)")
ORDERS = ("ID", "ID desc")
WARM_UP = 20
REPEATS = 5


def unseen(setup: Setup, *, shapes: int) -> Iterator[Figure]:
    """Yield how much longer the first request of a shape takes than the next ones; the median over many shapes."""
    extra, seen = [], []
    with setup.ours() as server, Client(server) as client:
        for index, template in enumerate(templates(shapes + WARM_UP)):
            draw = Random(index)
            first, *others = (client.timed(fill(template, draw))[1] * 1000 for _ in range(1 + REPEATS))
            if index >= WARM_UP:
                extra.append(first - median(others))
                seen.append(median(others))
    note = f"{shapes} shapes; a seen one takes {median(seen):.2f} ms; 9 of 10 below {quantiles(extra, n=10)[-1]:.2f} ms"
    yield Figure("unseen shape", median(extra), "ms more", most=4.0, note=note)


def templates(count: int) -> list[str]:
    """Return so many different shapes, mixed the same way every time; ``{n}`` and ``{m}`` stand for literals."""
    selects = [",".join(names) for size in range(1, 7) for names in combinations(PROPERTIES, size)]
    return Random(1).sample(
        [
            f"{ROOT}Orders?$filter={condition}&$select={select}&$orderby={order}&$top=5"
            + (f"&$expand={expand}" if expand else "")
            for select, condition, expand, order in product(selects, FILTERS, EXPANDS, ORDERS)
        ],
        count,
    )


def fill(template: str, draw: Random) -> str:
    """Return the target with literals drawn."""
    filled = template.replace("{n}", str(draw.randint(1, 900))).replace("{m}", str(draw.randint(1, 15)))
    return quote(filled, safe="/?&=$(),;'")
