"""Challenges and credentials (RFC 9110, sections 11.3, 11.4 and 11.6): a scheme with a token or parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._lists import Parameters, format_list, read_whole
from demotic.syntax.http.grammar._words import BLANKS, TOKEN, check_token, quote, read_token, read_word, write_word

__all__ = ["AuthScheme", "parse_authentication_info", "parse_challenges", "parse_credentials"]

_TOKEN68: Final = re.compile(r"[A-Za-z0-9._~+/-]++=*+(?=[ \t]*(?:,|$))")
_EQUALS: Final = re.compile(r"[ \t]*=[ \t]*")
_PARAMETER_AHEAD: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]++[ \t]*+=")
_SPACES: Final = re.compile(r" +")
# Parameters that every grammar of a scheme writes in quotes, so that no reader can be surprised by a token.
_ALWAYS_QUOTED: Final = frozenset(
    {"realm", "charset", "domain", "nonce", "opaque", "username", "uri", "response", "cnonce", "qop"}
)


@dataclass(frozen=True, slots=True)
class AuthScheme:
    """A challenge or credentials: the scheme, compared in any case, and either a token or parameters.

    Parameter names come in lower case. `repr` does not show secrets. Raises `InvalidInput` for what no field can hold.
    """

    scheme: str
    token: str | None = field(default=None, repr=False)
    parameters: Parameters = field(default=(), repr=False)

    def __post_init__(self) -> None:
        check_token(self.scheme, "an authentication scheme")
        pairs = tuple((check_token(name, "a parameter").lower(), value) for name, value in self.parameters)
        object.__setattr__(self, "parameters", pairs)
        if self.token is not None and pairs:
            raise InvalidInput(f"{self.scheme} has a token or parameters, not both")
        if self.token is not None and not _TOKEN68.fullmatch(self.token):
            raise InvalidInput("a token has letters, digits and -._~+/, and = at its end")

    def is_scheme(self, name: str) -> bool:
        """Whether this is of that scheme, in any case."""
        return self.scheme.lower() == name.lower()

    def parameter(self, name: str) -> str | None:
        """Return the value of a parameter, `None` if there is none of that name."""
        return dict(reversed(self.parameters)).get(name.lower())

    @property
    def realm(self) -> str | None:
        """The part of the server that the scheme protects."""
        return self.parameter("realm")

    def __str__(self) -> str:
        if self.token is not None:
            return f"{self.scheme} {self.token}"
        # Section 3.4 of RFC 7616 wants what the client chose bare, section 3.3 what the server offers in quotes.
        bare = {"qop"} if self.parameter("response") is not None else set()
        written = format_list(_format(name, value, name in bare) for name, value in self.parameters)
        return f"{self.scheme} {written}" if written else self.scheme


def _format(name: str, value: str, bare: bool) -> str:
    return f"{name}={quote(value) if name in _ALWAYS_QUOTED and not bare else write_word(value)}"


def parse_challenges(text: str) -> tuple[AuthScheme, ...]:
    """Read a `WWW-Authenticate` or `Proxy-Authenticate` field; several fields are joined with commas.

    A comma parts the parameters of one challenge and the challenges alike: what follows is a parameter if an equals
    sign stands after its first word. Raises `SyntaxFault`.
    """
    scanner = Scanner(text)
    challenges: list[AuthScheme] = []
    while True:
        _skip_commas(scanner)
        if scanner.at_end:
            return tuple(challenges)
        challenges.append(_read_scheme(scanner))
        scanner.match(BLANKS)
        if not scanner.at_end and scanner.peek() != ",":
            raise scanner.fail("','")


def parse_credentials(text: str) -> AuthScheme:
    """Read an `Authorization` or `Proxy-Authorization` field. Raises `SyntaxFault`."""
    return read_whole(text, _read_scheme)


def parse_authentication_info(text: str) -> Parameters:
    """Read an `Authentication-Info` field: parameters alone. Raises `SyntaxFault`."""
    scanner = Scanner(text)
    scanner.match(BLANKS)
    parameters = () if scanner.at_end else _read_parameters(scanner)
    _skip_commas(scanner)
    scanner.expect_end()
    return parameters


def _skip_commas(scanner: Scanner) -> bool:
    """Pass over blanks and commas, and return whether there was a comma."""
    scanner.match(BLANKS)
    before = scanner.position
    while scanner.accept(","):
        scanner.match(BLANKS)
    return scanner.position > before


def _read_scheme(scanner: Scanner) -> AuthScheme:
    scheme = read_token(scanner, "an authentication scheme")
    if not scanner.match(_SPACES) or scanner.at_end:
        return AuthScheme(scheme)
    token = scanner.match(_TOKEN68)
    if token is not None:
        return AuthScheme(scheme, token[0])
    return AuthScheme(scheme, parameters=_read_parameters(scanner) if scanner.peek() != "," else ())


def _read_parameters(scanner: Scanner) -> Parameters:
    """Read `name=value` parted by commas, up to the first word that has no equals sign after it."""
    parameters: list[tuple[str, str]] = []
    while True:
        name = scanner.expect_match(TOKEN, "a parameter").lower()
        scanner.expect_match(_EQUALS, "'='")
        parameters.append((name, read_word(scanner)))
        end = scanner.position
        if not _skip_commas(scanner) or not _PARAMETER_AHEAD.match(scanner.text, scanner.position):
            scanner.position = end
            return tuple(parameters)
