"""Challenges and credentials: schemes, Basic and Bearer, and what stays out of logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http.authentication import (
    AuthScheme,
    basic_challenge,
    basic_credentials,
    bearer_credentials,
    parse_challenges,
    parse_credentials,
    read_basic,
    read_bearer,
)

from .http_values import PARAMETERS, TOKENS


@pytest.mark.spec("HTTP-057")
@pytest.mark.feature("F-HTTP-09")
def test_basic_credentials_are_name_and_password() -> None:
    assert str(basic_credentials("Aladdin", "open sesame")) == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    assert read_basic(parse_credentials("basic dGVzdDoxMjPCow==")) == ("test", "123£")
    assert read_basic(parse_credentials("Basic dGVzdDoxMjOj")) == ("test", "123£")
    assert str(basic_challenge("foo")) == 'Basic realm="foo", charset="UTF-8"'
    assert parse_challenges(str(basic_challenge('a "b"')))[0].realm == 'a "b"'


@pytest.mark.feature("F-HTTP-09")
def test_bearer_credentials_are_a_token() -> None:
    assert str(bearer_credentials("mF_9.B5f-4.1JqM")) == "Bearer mF_9.B5f-4.1JqM"
    assert read_bearer(parse_credentials("bearer mF_9.B5f-4.1JqM")) == "mF_9.B5f-4.1JqM"


@pytest.mark.parametrize("text", ["Bearer YTpi", "Basic", "Basic YTp", "Basic YWI=", 'Basic realm="a"', "Basic !"])
def test_credentials_of_another_form_are_refused(text: str) -> None:
    with pytest.raises(SyntaxFault):
        read_basic(parse_credentials(text))


def test_a_token_of_another_scheme_is_refused() -> None:
    for text in ("Basic YTpi", "Bearer", 'Bearer realm="a"'):
        with pytest.raises(SyntaxFault):
            read_bearer(parse_credentials(text))


def test_secrets_stay_out_of_logs() -> None:
    shown = repr((basic_credentials("a", "secret"), AuthScheme("Digest", parameters=(("response", "secret"),))))
    assert shown == "(AuthScheme(scheme='Basic'), AuthScheme(scheme='Digest'))"


def test_what_the_client_chose_is_bare_and_what_the_server_offers_is_quoted() -> None:
    assert str(AuthScheme("Digest", parameters=(("qop", "auth"),))) == 'Digest qop="auth"'
    chosen = AuthScheme("Digest", parameters=(("response", "0"), ("qop", "auth"), ("nc", "1")))
    assert str(chosen) == 'Digest response="0", qop=auth, nc=1'
    assert chosen.parameter("NC") == "1"
    assert chosen.realm is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: basic_credentials("a:b", "c"),
        lambda: basic_credentials("a", "c\n"),
        lambda: bearer_credentials("a b"),
        lambda: bearer_credentials(""),
        lambda: AuthScheme("a b"),
        lambda: AuthScheme("a", "b", (("c", "d"),)),
        lambda: AuthScheme("a", parameters=(("b c", "d"),)),
    ],
)
def test_what_no_field_can_say_is_not_made(make: Callable[[], Any]) -> None:
    with pytest.raises(InvalidInput):
        make()


TOKEN68 = st.from_regex(r"[A-Za-z0-9._~+/-]{1,9}={0,2}", fullmatch=True)
SCHEMES = st.builds(AuthScheme, TOKENS, TOKEN68) | st.builds(AuthScheme, TOKENS, parameters=PARAMETERS)


@given(st.lists(SCHEMES, max_size=4))
def test_challenges_survive_their_text(challenges: list[AuthScheme]) -> None:
    assert parse_challenges(", ".join(map(str, challenges))) == tuple(challenges)
    assert [parse_credentials(str(challenge)) for challenge in challenges] == challenges


@given(st.text(), st.text())
def test_names_and_passwords_survive(user: str, password: str) -> None:
    try:
        credentials = basic_credentials(user, password)
    except InvalidInput:
        assert ":" in user or any(ord(c) < 0x20 or ord(c) == 0x7F or 0xD800 <= ord(c) < 0xE000 for c in user + password)
    else:
        assert read_basic(parse_credentials(str(credentials))) == (user, password)
