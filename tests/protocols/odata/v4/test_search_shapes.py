"""Searches that differ in their terms alone are compiled once, and answered as if each were compiled anew."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store.sql import open_store
from demotic.syntax.http import Request

# Searches of one form on each line.
FORMS = [
    ("oil", "OIL", "tea", '"olive oil"', "50", "it's", "Ω", '"a b"'),
    ("oil OR tea", '"rye bread" OR knife', "10 OR 50"),
    ("bread NOT rye", "bread NOT knife"),
    ("bread AND (rye OR x)", "cloth AND (pegs OR y)"),
]
# What is not lifted: terms with escapes, percent signs, semicolons or said twice, and what is no list of terms.
OTHERS = ["50%", '"a\\"b"', "a;b", "oil oil", "AND", "AND oil", "'oil'", "(oil", "NOT", "oil)", '"', '""', ""]


def ask(handler: ODataV4, search: str, more: str = "") -> tuple[int, bytes]:
    response = handler(Request("GET", "/Products", f"$select=Name&$search={quote(search)}{more}"))
    assert isinstance(response.body, bytes)
    return response.status, response.body


@pytest.mark.feature("F-ODATA-16")
def test_searches_of_one_form_are_compiled_once(shop: Path) -> None:
    with open_store(str(shop)) as store:
        for form in FORMS:
            kept = ODataV4(Service(store), "/")
            for search in (form[0], *form):
                assert ask(kept, search) == ask(ODataV4(Service(store), "/"), search), search
            assert kept.statistics.compiled == 1, form


@pytest.mark.feature("F-ODATA-16")
def test_other_searches_are_answered_as_ever(shop: Path) -> None:
    with open_store(str(shop)) as store:
        kept = ODataV4(Service(store), "/")
        for search in (*OTHERS, *(item for form in FORMS for item in form)) * 2:
            for more in ("", "&$top=1", "&$filter=ID gt 5".replace(" ", "%20")):
                assert ask(kept, search, more) == ask(ODataV4(Service(store), "/"), search, more), (search, more)
