"""The standard requests: what is asked of both servers, and the ratio we want to reach.

``{n}`` is drawn at random between ``lowest`` and ``highest``. The OData side is written as a client sends it.
"""

from __future__ import annotations

from dataclasses import dataclass

from servers import ROOT


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard request: its targets on our server and on the hand-written one, and the least ratio of the two."""

    name: str
    ours: str
    handwritten: str
    least: float
    lowest: int = 0
    highest: int = 0

    def targets(self, number: int) -> tuple[str, str]:
        """Return both targets with ``number`` drawn."""
        return self.ours.replace("{n}", str(number)), self.handwritten.replace("{n}", str(number))


# The hand-written handler takes the query string of any request for a number.
STANDARD = (
    Standard("key", f"{ROOT}Orders({{n}})", "/key?id={n}", 0.55, 1, 50_000),
    Standard(
        "customer",
        f"{ROOT}Orders?$filter=customer_ID%20eq%20{{n}}%20and%20amount%20gt%20500&$orderby=ID&$top=20",
        "/customer?id={n}",
        0.50,
        1,
        1_000,
    ),
    Standard("page100", f"{ROOT}Orders?$top=100&$orderby=ID", "/page100", 0.60),
    Standard("expand", f"{ROOT}Orders?$top=50&$orderby=ID&$expand=customer,OrderItems", "/expand", 0.60),
    Standard("page5000", f"{ROOT}Orders?$top=5000&$orderby=ID", "/page5000", 0.75),
)
