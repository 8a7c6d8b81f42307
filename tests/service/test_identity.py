"""Who is asking: Basic over a file of users, signed tokens, and what is answered to those who are not let in."""

from __future__ import annotations

import base64
import hmac
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from demotic.errors import DemoticError, InvalidInput, NotFound, TooManyRequests, Unauthenticated
from demotic.model import EntityContainer, Model, Schema
from demotic.protocols.odata import ODataV2, ODataV4
from demotic.service import Service
from demotic.service.access import Guard
from demotic.service.identity import (
    ANONYMOUS,
    Basic,
    Bearer,
    Identity,
    KeysFault,
    TokenRules,
    User,
    Users,
    UsersFault,
    acting,
    acting_as,
    check_name,
    hash_password,
    identify,
    read_hash,
    read_keys,
    read_users,
    write_users,
)
from demotic.service.identity._throttle import MOST_NAMES, Throttle
from demotic.store.memory import MemoryStore
from demotic.syntax.http import Request
from demotic.syntax.http.authentication import AuthScheme, basic_credentials, parse_challenges

CHEAP = {"cost": 1, "block": 1, "parallel": 1}
NOW = 1_700_000_000


# --- passwords and users


@pytest.mark.feature("F-ACCESS-10")
def test_a_hash_fits_its_password_and_no_other() -> None:
    made = hash_password("tschüß 🎂", **CHEAP)
    assert read_hash(str(made)) == made
    assert made.fits("tschüß 🎂")
    assert not made.fits("tschüß")
    assert not made.fits("x" * 2000)
    assert "tsch" not in str(made)
    assert hash_password("a", **CHEAP) != hash_password("a", **CHEAP)


def test_the_hash_is_that_of_the_standard() -> None:
    # RFC 7914, section 12, cut to the 32 bytes that are kept (PBKDF2 blocks make the beginning the same).
    made = hash_password("pleaseletmein", cost=14, block=8, parallel=1, salt=lambda _: b"SodiumChloride")
    assert made.digest.hex().startswith("7023bdcb3afd7348461c06cd81fd38eb")


@pytest.mark.parametrize(
    "text",
    ["", "x", "$scrypt$ln=1,r=1,p=1$$", "$2b$12$abc", "$scrypt$ln=30,r=8,p=1$c2FsdHNhbHQ$ZGlnZXN0ZGlnZXN0ZGlnZXN0",
     "$scrypt$ln=14,r=8,p=99$c2FsdHNhbHQ$ZGlnZXN0ZGlnZXN0ZGlnZXN0", "$scrypt$ln=1,r=1,p=1$AAAA$AAAA"],
)  # fmt: skip
def test_what_is_no_hash_or_would_take_too_long_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_hash(text)


@pytest.mark.parametrize("password", ["", "x" * 1025])
def test_a_password_has_a_length(password: str) -> None:
    with pytest.raises(InvalidInput):
        hash_password(password)


def users_file(folder: Path, **passwords: str) -> Path:
    path = folder / "users.json"
    users = {n: User(str(hash_password(p, **CHEAP)), ("clerk",), {"region": "EU"}) for n, p in passwords.items()}
    write_users(path, Users(users))
    return path


@pytest.mark.feature("F-ACCESS-10")
def test_a_file_of_users_is_written_for_its_owner_and_read_again(tmp_path: Path) -> None:
    path = users_file(tmp_path, ann="a", bob="b")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(read_users(path).users) == {"ann", "bob"}
    assert list(tmp_path.iterdir()) == [path]
    assert read_users(path).users["ann"].roles == ("clerk",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "users.json: "),
        ('{"user": {}}', "unknown field `user`"),
        ('{"users": {"ann": {"password": 1}}}', r"\$.users\[...\].password"),
        ('{"users": {"ann": {"password": "secret"}}}', "the password of ann: this is no hash"),
        ('{"users": {"a:b": {"password": "secret"}}}', "cannot be the name"),
    ],
)
def test_a_wrong_file_of_users_is_refused_with_the_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "users.json"
    path.write_text(text)
    with pytest.raises(UsersFault, match=message) as caught:
        read_users(path)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_not_there_or_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file"):
        read_users(tmp_path / "none.json")
    with pytest.raises(UsersFault, match="cannot be read"):
        read_users(tmp_path)
    with pytest.raises(UsersFault, match="cannot be written"):
        write_users(tmp_path / "no" / "users.json", Users())


@pytest.mark.parametrize("name", ["", "a:b", "a\nb"])
def test_some_names_no_credentials_can_carry(name: str) -> None:
    with pytest.raises(UsersFault):
        check_name(name)


# --- Basic


@pytest.mark.feature("F-ACCESS-10")
@pytest.mark.spec("OD-262")
def test_basic_lets_in_whom_the_file_has(tmp_path: Path) -> None:
    basic = Basic(users_file(tmp_path, ann="open: sesame"))
    for _ in range(2):  # the second time from memory
        assert basic.identify(basic_credentials("ann", "open: sesame")) == Identity(
            "ann", frozenset({"clerk"}), {"region": "EU"}
        )
    for name, password in [("ann", "x"), ("ann", ""), ("bob", "open: sesame"), ("ann", "open: sesame "), ("", "")]:
        with pytest.raises(Unauthenticated, match="the name or the password is wrong"):
            basic.identify(basic_credentials(name, password))


def test_basic_reads_the_file_again_when_it_changes(tmp_path: Path) -> None:
    path = users_file(tmp_path, ann="old")
    basic = Basic(path)
    basic.identify(basic_credentials("ann", "old"))
    users_file(tmp_path, ann="new", bob="b")
    with pytest.raises(Unauthenticated):
        basic.identify(basic_credentials("ann", "old"))
    assert basic.identify(basic_credentials("ann", "new")).name == "ann"
    path.write_text("{broken")
    with pytest.raises(Unauthenticated):
        basic.identify(basic_credentials("ann", "new"))
    path.unlink()
    with pytest.raises(Unauthenticated):
        basic.identify(basic_credentials("ann", "new"))


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def tried(basic: Basic, name: str, password: str) -> str | int:
    """Return the name that was let in, 401, or the seconds to wait."""
    try:
        return basic.identify(basic_credentials(name, password)).name or ""
    except TooManyRequests as refusal:
        return refusal.wait
    except Unauthenticated as refusal:
        return refusal.status


@pytest.mark.feature("F-ACCESS-13")
def test_wrong_passwords_are_looked_at_ever_later(tmp_path: Path) -> None:
    clock = Clock()
    basic = Basic(users_file(tmp_path, ann="right", bob="b", eve="e"), clock=clock)
    assert tried(basic, "eve", "e") == "eve"
    for name in ("ann", "nobody", "eve"):
        assert [tried(basic, name, "wrong") for _ in range(6)] == [401] * 5 + [1], name
    assert tried(basic, "ann", "right") == 1, "not even the right one is looked at"
    assert tried(basic, "eve", "e") == "eve", "who is let in already notices nothing"
    assert tried(basic, "bob", "b") == "bob"
    waits = []
    for _ in range(8):
        wait = tried(basic, "ann", "wrong")
        waits.append(wait)
        clock.now += int(wait)
        assert tried(basic, "ann", "wrong") == 401
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    clock.now += 60
    assert tried(basic, "ann", "right") == "ann"
    assert [tried(basic, "ann", "wrong") for _ in range(4)] == [401] * 4, "whoever was let in begins anew"


@pytest.mark.feature("F-ACCESS-13")
def test_only_so_many_names_are_counted() -> None:
    throttle = Throttle(Clock())
    for n in range(MOST_NAMES + 10):
        for _ in range(5 if n < 20 else 1):
            throttle.failed(f"name {n}" * 50)
    throttle.ensure_open("name 0" * 50)
    with pytest.raises(TooManyRequests):
        throttle.ensure_open("name 19" * 50)
    assert len(throttle._names) == MOST_NAMES


@pytest.mark.feature("F-ACCESS-13")
def test_who_must_wait_is_told_how_long(tmp_path: Path) -> None:
    basic = Basic(users_file(tmp_path, ann="right"), clock=Clock())
    service = Service(MemoryStore(Model({"S": Schema("S", container=EntityContainer("C"))})))
    for speak in (ODataV4, ODataV2):
        guarded = Guard(speak, service, authenticators=[basic], anonymous=False)
        fields = {"authorization": str(basic_credentials("ann", "wrong"))}
        for _ in range(6):
            response = guarded(Request("GET", "/", fields=fields))
        assert (response.status, response.field("retry-after")) == (429, "1")
        assert response.field("www-authenticate") is None


# --- tokens

RSA, EC, ED = RSAKey.generate_key(2048), ECKey.generate_key("P-256"), OKPKey.generate_key("Ed25519")
SECRET = OctKey.import_key({"kty": "oct", "k": base64.urlsafe_b64encode(b"s" * 32).decode().rstrip("=")})
SIGNERS: dict[str, Any] = {"RS256": RSA, "ES256": EC, "EdDSA": ED, "Ed25519": ED, "HS256": SECRET}
CLAIMS = {"sub": "ann", "exp": NOW + 60, "roles": ["clerk", 5], "region": "EU"}


def part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def signed(claims: Any = CLAIMS, alg: str = "RS256", key: Any = None, **header: Any) -> str:
    text = f"{part({'alg': alg, **header})}.{part(claims)}"
    return f"{text}.{part(JWSRegistry.algorithms[alg].sign(text.encode(), key or SIGNERS[alg]))}"


def with_secret(secret: bytes) -> str:
    """Return a token that is signed with bytes which everybody may know."""
    text = f"{part({'alg': 'HS256'})}.{part(CLAIMS)}"
    return f"{text}.{part(hmac.digest(secret, text.encode(), 'sha256'))}"


def keys_file(folder: Path, *keys: Any) -> Path:
    path = folder / "keys.json"
    path.write_text(json.dumps({"keys": [key if isinstance(key, dict) else public(key) for key in keys]}))
    return path


def public(key: Any, **more: Any) -> dict[str, Any]:
    return {**key.as_dict(private=key.key_type == "oct"), **more}


def bearer(path: Path, **rules: Any) -> Bearer:
    return Bearer(read_keys(path), TokenRules(**rules), now=lambda: NOW)


def name_of(authenticator: Bearer, token: str) -> str | None:
    return authenticator.identify(AuthScheme("Bearer", token)).name


@pytest.mark.feature("F-ACCESS-11")
@pytest.mark.parametrize("alg", SIGNERS)
def test_a_token_signed_by_a_known_key_is_taken(tmp_path: Path, alg: str) -> None:
    known = bearer(keys_file(tmp_path, RSA, EC, ED, SECRET))
    found = known.identify(AuthScheme("Bearer", signed(alg=alg)))
    assert (found.name, found.roles, found.claims["region"]) == ("ann", frozenset({"clerk"}), "EU")
    for other in SIGNERS.values():
        if other is not SIGNERS[alg] and other.key_type == SIGNERS[alg].key_type:
            raise AssertionError("one key of each kind")
    with pytest.raises(Unauthenticated, match="not signed by a key"):
        bearer(keys_file(tmp_path, *{id(k): k for k in SIGNERS.values() if k is not SIGNERS[alg]}.values())).identify(
            AuthScheme("Bearer", signed(alg=alg))
        )


@pytest.mark.feature("F-ACCESS-11")
def test_a_key_verifies_one_algorithm_whatever_the_token_says(tmp_path: Path) -> None:
    pem = RSA.as_pem(private=False)
    (tmp_path / "key.pem").write_bytes(pem)
    known = bearer(tmp_path / "key.pem")
    assert name_of(known, signed()) == "ann"
    head = part({"alg": "none"})
    for token in [
        with_secret(pem),
        with_secret(RSA.as_dict(private=False)["n"].encode()),
        with_secret(b""),
        f"{head}.{part(CLAIMS)}.",
        f"{head}.{part(CLAIMS)}.{signed().rsplit('.', 1)[1]}",
        f"{part({'alg': 'RS512'})}.{part(CLAIMS)}.{signed().rsplit('.', 1)[1]}",
        signed(alg="RS512", key=RSA) if "RS512" in JWSRegistry.algorithms else "",
        signed(alg="PS256", key=RSA),
        f"{part({})}.{part(CLAIMS)}.AAAA",
        f"{part({'alg': ['RS256']})}.{part(CLAIMS)}.AAAA",
        signed(key=RSAKey.generate_key(2048)),
        signed()[:-6] + "AAAAAA",
        signed().replace(".", ".e", 1),
    ]:
        with pytest.raises((Unauthenticated, DemoticError)) as caught:
            known.identify(AuthScheme("Bearer", token))
        assert caught.value.status in (400, 401)


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_a_public_key_may_be_pem(tmp_path: Path, alg: str) -> None:
    (tmp_path / "key.pem").write_bytes(SIGNERS[alg].as_pem(private=False))
    assert name_of(bearer(tmp_path / "key.pem"), signed(alg=alg)) == "ann"


def test_a_key_id_chooses_among_keys(tmp_path: Path) -> None:
    other = RSAKey.generate_key(2048)
    known = bearer(keys_file(tmp_path, public(RSA, kid="one", use="sig", alg="RS256"), public(other, kid="two")))
    assert name_of(known, signed(kid="one")) == "ann"
    assert name_of(known, signed(key=other, kid="two")) == "ann"
    assert name_of(known, signed(key=other)) == "ann"
    with pytest.raises(Unauthenticated):
        known.identify(AuthScheme("Bearer", signed(kid="two")))


CHECKS: list[tuple[dict[str, Any], dict[str, Any], str | None]] = [
    ({}, {}, None),
    ({"exp": NOW - 29}, {}, None),
    ({"exp": NOW - 30}, {}, "has expired"),
    ({"exp": NOW}, {"leeway": 0}, "has expired"),
    ({"exp": NOW + 0.5}, {"leeway": 0}, None),
    ({"exp": None}, {}, "exp is no time"),
    ({"exp": "never"}, {}, "exp is no time"),
    ({"exp": True}, {}, "exp is no time"),
    ({"nbf": NOW + 30}, {}, None),
    ({"nbf": NOW + 31}, {}, "not valid yet"),
    ({"iss": "x"}, {}, None),
    ({"iss": "x"}, {"issuer": "x"}, None),
    ({"iss": "y"}, {"issuer": "x"}, "of another issuer"),
    ({}, {"issuer": "x"}, "of another issuer"),
    ({"aud": "x"}, {"audience": "x"}, None),
    ({"aud": ["y", "x"]}, {"audience": "x"}, None),
    ({"aud": ["y"]}, {"audience": "x"}, "for another audience"),
    ({"aud": "y"}, {}, "for another audience"),
    ({}, {"audience": "x"}, "for another audience"),
    ({"sub": 5}, {}, "names nobody"),
    ({"sub": ""}, {}, "names nobody"),
    ({"mail": "a@b"}, {"name": "mail"}, None),
    ({}, {"name": "mail"}, "names nobody"),
    ({"roles": "clerk boss"}, {}, None),
    ({"roles": {"a": 1}}, {}, None),
]


@pytest.mark.feature("F-ACCESS-11")
@pytest.mark.parametrize(("claims", "rules", "refusal"), CHECKS, ids=str)
def test_a_token_is_for_here_and_now(
    tmp_path: Path, claims: dict[str, Any], rules: dict[str, Any], refusal: str | None
) -> None:
    known = bearer(keys_file(tmp_path, SECRET), **rules)
    token = signed({**CLAIMS, **claims}, "HS256")
    if refusal is None:
        assert name_of(known, token)
    else:
        with pytest.raises(Unauthenticated, match=refusal):
            known.identify(AuthScheme("Bearer", token))


@pytest.mark.parametrize(
    "token",
    ["", "a", "a.b", "a.b.c", "a.b.c.d", f"{part([])}.{part(CLAIMS)}.", signed(CLAIMS, crit=["exp"]),
     signed([1]), signed({k: v for k, v in CLAIMS.items() if k != "exp"}), signed(b64=False), "A" * 20_000],
)  # fmt: skip
def test_what_is_no_token_is_refused(tmp_path: Path, token: str) -> None:
    with pytest.raises(DemoticError) as caught:
        bearer(keys_file(tmp_path, RSA)).identify(AuthScheme("Bearer", token or None))
    assert caught.value.status in (400, 401)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nothing", "neither a JSON Web Key Set nor a key in PEM"),
        ('{"keys": []}', "no key that verifies"),
        ('{"keys": [5]}', "key 1 is no JSON Web Key"),
        ('{"keys": [{"kty": "oct", "k": "c2hvcnQ"}]}', "shorter than 32 bytes"),
        ('{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}', "shorter than 2048 bits"),
        ('{"keys": [{"kty": "EC", "crv": "P-521", "x": "", "y": ""}]}', "keys of EC P-521 are not taken"),
        ('{"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]}', "key 1 is no EC key"),
        ('{"keys": [{"kty": "oct", "alg": "RS256"}]}', "key 1 is for RS256"),
        ('{"keys": [{"kty": "RSA", "use": "enc"}]}', "no key that verifies"),
        ("-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----", "no key that is taken"),
    ],
)
def test_a_wrong_file_of_keys_is_refused_with_the_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(KeysFault, match=message):
        read_keys(path)
    with pytest.raises(NotFound):
        read_keys(tmp_path / "none")


# --- who is let in


def test_work_is_for_somebody_within_a_block() -> None:
    assert acting() is ANONYMOUS
    with acting_as(Identity("ann")):
        assert acting().name == "ann"
        with acting_as(ANONYMOUS):
            assert not acting().is_known
    assert acting() is ANONYMOUS


def handler(folder: Path, *, anonymous: bool) -> Callable[[Request], Any]:
    service = Service(MemoryStore(Model({"Empty": Schema("Empty", container=EntityContainer("Container"))})))
    known = (Basic(users_file(folder, ann="a")), bearer(keys_file(folder, SECRET)))
    return Guard(ODataV4, service, authenticators=known, anonymous=anonymous)


@pytest.mark.feature("F-ACCESS-12")
@pytest.mark.parametrize(
    ("field", "message", "error"),
    [
        (None, "this service answers only those it knows", None),
        ("Basic !", "cannot be read", "invalid_token"),
        (str(basic_credentials("ann", "b")), "the name or the password is wrong", "invalid_token"),
        ("Bearer x.y.z", "no signed JSON Web Token", "invalid_token"),
        ("Negotiate abc", "scheme Negotiate are not taken", "invalid_token"),
        ("", "cannot be read", "invalid_token"),
    ],
)
def test_who_is_not_let_in_is_asked_who_they_are(
    tmp_path: Path, field: str | None, message: str, error: str | None
) -> None:
    fields = {} if field is None else {"authorization": field}
    response = handler(tmp_path, anonymous=False)(Request("GET", "/odata/v4/", "", fields))
    assert response.status == 401
    found = json.loads(response.body)["error"]
    assert found["code"] == "Unauthenticated"
    assert message in found["message"]
    challenges = [parse_challenges(value)[0] for name, value in response.fields if name == "www-authenticate"]
    assert [item.scheme for item in challenges] == ["Basic", "Bearer"]
    assert challenges[0].parameter("charset") == "UTF-8"
    assert challenges[1].parameter("error") == error
    assert "Authorization" in [value for name, value in response.fields if name == "vary"]


@pytest.mark.feature("F-ACCESS-12")
def test_who_is_known_is_let_in(tmp_path: Path) -> None:
    guard = handler(tmp_path, anonymous=False)
    for field in (str(basic_credentials("ann", "a")), f"bearer {signed(alg='HS256')}"):
        assert guard(Request("GET", "/odata/v4/", "", {"authorization": field})).status == 200
    assert handler(tmp_path, anonymous=True)(Request("GET", "/odata/v4/")).status == 200
    assert guard(Request("HEAD", "/odata/v4/")).body == b""


def test_nobody_is_known_without_authenticators() -> None:
    assert identify(None, (), anonymous=True) is ANONYMOUS
    with pytest.raises(Unauthenticated, match="are not taken"):
        identify("Basic YTpi", (), anonymous=True)
    assert os.environ.get("AUTHORIZATION") is None
