"""Who may change what is served: this machine alone, unless said otherwise."""

from __future__ import annotations

import pytest

from demotic.cli._application import changes_from_here
from demotic.syntax.http import Request, Response


@pytest.mark.feature("F-CLI-50")
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 204),
        ("LOCALHOST:8000", 204),
        ("127.0.0.1:8000", 204),
        ("[::1]:8000", 204),
        ("evil.example", 403),
        ("localhost.evil.example:8000", 403),
        ("127.0.0.1.evil.example", 403),
        ("", 403),
    ],
)
def test_changes_are_taken_under_names_of_this_machine_alone(host: str, status: int) -> None:
    handler = changes_from_here(lambda request: Response(204, []))
    assert handler(Request("PATCH", "/odata/v4/Products(1)", host=host)).status == status
    assert handler(Request("GET", "/odata/v4/Products(1)", host=host)).status == 204
