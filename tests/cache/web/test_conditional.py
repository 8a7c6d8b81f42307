"""Conditional requests around applications that know nothing of them: every case behind WSGI and ASGI."""

from __future__ import annotations

from typing import Any

import pytest

from demotic.cache.web import asgi, wsgi
from demotic.errors import InvalidInput

from .support import Scripted, ask_asgi, ask_wsgi, cases, run_case

ASK = {"wsgi": (wsgi, ask_wsgi), "asgi": (asgi, ask_asgi)}


@pytest.mark.parametrize("form", ASK)
@pytest.mark.parametrize("case", cases("conditional"), ids=lambda case: case["title"])
@pytest.mark.feature("F-WEBCACHE-01", "F-WEBCACHE-02")
@pytest.mark.spec("APP-004", "APP-005", "APP-006")
def test_a_case(case: dict[str, Any], form: str) -> None:
    module, ask = ASK[form]
    run_case(case, form, module.conditional, ask)


@pytest.mark.parametrize("form", ASK)
@pytest.mark.feature("F-WEBCACHE-02")
def test_the_application_is_not_read_once_the_answer_is_304(form: str) -> None:
    module, ask = ASK[form]
    app = Scripted(fields={"Content-Type": "text/plain", "ETag": '"a"'}, chunks=(b"x",) * 9, stream=True)
    assert ask(module.conditional(getattr(app, form)), if_none_match='"a"').status == 304
    # ASGI applications send what they send; nothing of it goes out.
    assert app.sent == (0 if form == "wsgi" else 9)


@pytest.mark.parametrize("form", ASK)
@pytest.mark.feature("F-WEBCACHE-06")
def test_head_can_be_left_to_the_application(form: str) -> None:
    module, ask = ASK[form]
    app = Scripted(fields={"Content-Type": "text/plain", "Content-Length": "5"}, chunks=(b"hello",))
    got = ask(module.conditional(getattr(app, form), head_as_get=False), "HEAD")
    assert (app.asked[0][0], got.fields.get("etag"), got.fields["content-length"]) == ("HEAD", None, "5")


@pytest.mark.parametrize("form", ASK)
@pytest.mark.feature("F-WEBCACHE-06")
def test_the_largest_body_to_compute_a_tag_for_can_be_chosen(form: str) -> None:
    module, ask = ASK[form]
    app = Scripted(fields={"Content-Type": "text/plain"}, chunks=(b"hello",))
    assert "etag" in ask(module.conditional(getattr(app, form), largest=5)).fields
    assert "etag" not in ask(module.conditional(getattr(app, form), largest=4)).fields
    with pytest.raises(InvalidInput, match="largest=-1 is no size"):
        module.conditional(None, largest=-1)
