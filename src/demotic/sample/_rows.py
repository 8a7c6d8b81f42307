"""The rows of the sample shop, drawn from `_words` by one seeded generator: the same ones on every machine.

Money is counted in cents and dates from a fixed day, so that no clock and no rounding has a say. What follows from
other rows is looked up in them: a line's price is the one that the price list has for the day of the order.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from demotic.sample._png import Colour, chequered
from demotic.sample._words import (
    CATEGORIES,
    CITIES,
    EMPLOYEES,
    FAMILY,
    GIVEN,
    NOTES,
    PRODUCTS,
    STATUSES,
    SUPPLIERS,
    TAGS,
)

Value: TypeAlias = str | int | float | bytes | None
Row: TypeAlias = tuple[Value, ...]

_SEED = 1799  # the year in which the stone was found
_CUSTOMERS = 120
_ACTIVE = 110  # customers who ever order
_ORDERS = 640
_PRICE_DAYS = ("2022-01-01", "2023-01-01", "2024-01-01")
_FIRST_ORDER = dt.datetime(2022, 1, 3, 8, 30)
_DISCOUNTS = (0.0, 0.0, 0.0, 0.0625, 0.125, 0.25)  # exact in binary, so that every store agrees on their sums

_PRODUCTS = sum(len(names) for _, names in PRODUCTS.values())

# One row a line of thought: small, nothing at all, the greatest, the least, text that bites, zero.
_EVERY_TYPE: list[Row] = [
    (
        True, 1, -1, 300, 70_000, 5_000_000_000, "12.5000", 0.1, 0.5, "plain", "a longer text", "2024-02-29",
        "2024-02-29 12:30:00", "2024-02-29T12:30:00Z", "12:30:00", "0f8fad5b-d9cb-469f-a165-70867728950e",
        b"\x00\x01\x02",
    ),
    (None,) * 17,
    (
        True, 255, 127, 32_767, 2_147_483_647, 9_223_372_036_854_775_807, "99999999.9999", 1.7976931348623157e308,
        3.4028234663852886e38, "z" * 40, "z" * 4_000, "9999-12-31", "9999-12-31 23:59:59", "9999-12-31T23:59:59Z",
        "23:59:59", "ffffffff-ffff-ffff-ffff-ffffffffffff", bytes(range(256)),
    ),
    (
        False, 0, -128, -32_768, -2_147_483_648, -9_223_372_036_854_775_808, "-99999999.9999", -1.7976931348623157e308,
        -3.4028234663852886e38, "", "", "0001-01-01", "0001-01-01 00:00:00", "0001-01-01T00:00:00Z", "00:00:00",
        "00000000-0000-0000-0000-000000000000", b"",
    ),
    (
        False, 7, -7, -7, -7, -9_007_199_254_740_993, "-0.0001", 5e-324, 1.401298464324817e-45, "100%_[x]\\ 'q' \"d\"",
        "line one\nline two\ttab\r\n\u2028 e\u0301 é 🎂 \u202eabc", "1582-10-15", "1970-01-01 00:00:00",
        "1969-12-31T23:59:59Z", "00:00:01", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "Ω".encode(),
    ),
    (
        False, 0, 0, 0, 0, 0, "0.0000", 0.0, 0.0, " padded ", "ǅ ß ﬁ İ ı 𝔘", "2000-01-01", "2000-01-01 00:00:00",
        "2000-01-01T00:00:00Z", "06:00:00", "12345678-1234-5678-1234-567812345678", b"\xff",
    ),
]  # fmt: skip


def tables() -> Iterator[tuple[str, list[Row]]]:
    """Yield each table's name with its rows, in an order in which every reference finds its target."""
    draw = random.Random(_SEED)
    prices = list(_prices(draw))
    orders = list(_orders(draw))
    yield "Categories", _numbered(CATEGORIES)
    yield "Suppliers", _numbered(SUPPLIERS)
    yield "Customers", _numbered(_customers(draw))
    yield "Employees", _numbered(EMPLOYEES)
    yield "Products", _numbered(_products(draw, prices))
    yield "Photos", _numbered(_photos(draw))
    yield "Tags", _numbered((name,) for name in TAGS)
    yield "ProductTags", list(_links(draw))
    yield "Price List", prices
    yield "Orders", _numbered(orders)
    yield "OrderLines", list(_lines(draw, orders, prices))
    yield "EveryType", _numbered(_EVERY_TYPE)


def _numbered(rows: Iterable[Row]) -> list[Row]:
    return [(number, *row) for number, row in enumerate(rows, 1)]


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _prices(draw: random.Random) -> Iterator[Row]:
    for product in range(1, _PRODUCTS + 1):
        cents = draw.randrange(95, 9_900, 5)
        for day in _PRICE_DAYS:
            yield product, day, _money(cents)
            cents += cents // draw.randrange(10, 40)


def _customers(draw: random.Random) -> Iterator[Row]:
    for number in range(_CUSTOMERS):
        name = f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}"
        email = None if number % 7 == 3 else f"customer{number + 1}@example.com"
        city, country = draw.choice(CITIES)
        since = dt.date(2015, 1, 1) + dt.timedelta(days=draw.randrange(2_500))
        credit = None if number % 5 == 4 else _money(draw.randrange(0, 500_000, 5_000))
        yield name, email, city, country, since.isoformat(), credit


def _products(draw: random.Random, prices: list[Row]) -> Iterator[Row]:
    latest = {product: price for product, _, price in prices}
    number = 0
    for category, (supplier, names) in PRODUCTS.items():
        for name in names:
            number += 1
            weight = None if number % 6 == 0 else draw.randrange(1, 400) / 16
            released = None if number % 9 == 0 else (dt.date(2010, 6, 1) + dt.timedelta(31 * number)).isoformat()
            yield name, latest[number], weight, draw.randrange(250), number % 8 == 0, released, category, supplier


def _photos(draw: random.Random) -> Iterator[Row]:
    taken = dt.datetime(2023, 5, 1, 9)
    for number, product in enumerate(range(1, _PRODUCTS + 1, 2)):
        dark, light = _colour(draw, 0), _colour(draw, 128)
        caption = None if number % 4 == 0 else f"View {number % 3 + 1}"
        image = chequered(16, light, dark)
        yield caption, "image/png", image, _instant(taken + dt.timedelta(hours=7 * number)), product


def _colour(draw: random.Random, least: int) -> Colour:
    red, green, blue = (draw.randrange(least, least + 128) for _ in range(3))
    return red, green, blue


def _links(draw: random.Random) -> Iterator[Row]:
    for product in range(1, _PRODUCTS + 1):
        for tag in sorted(draw.sample(range(1, len(TAGS) + 1), draw.randrange(4))):
            yield product, tag


def _orders(draw: random.Random) -> Iterator[Row]:
    for number in range(_ORDERS):
        placed = _FIRST_ORDER + dt.timedelta(minutes=2_017 * number)
        status = draw.choice(STATUSES)
        sent = (
            _instant(placed + dt.timedelta(hours=draw.randrange(5, 200))) if status in ("shipped", "closed") else None
        )
        employee = None if number % 11 == 10 else draw.randrange(4, len(EMPLOYEES) + 1)
        freight = _money(draw.randrange(0, 4_000, 25))
        yield _instant(placed), sent, status, freight, draw.choice(NOTES), draw.randrange(1, _ACTIVE + 1), employee


def _lines(draw: random.Random, orders: list[Row], prices: list[Row]) -> Iterator[Row]:
    on_day = {(product, day): price for product, day, price in prices}
    for order, (placed, *_) in enumerate(orders, 1):
        day = f"{str(placed)[:4]}-01-01"
        for line, product in enumerate(draw.sample(range(1, _PRODUCTS + 1), draw.randrange(1, 6)), 1):
            yield order, line, draw.randrange(1, 25), on_day[product, day], draw.choice(_DISCOUNTS), product


def _instant(moment: dt.datetime) -> str:
    return f"{moment.isoformat()}Z"
