"""URIs of servers: `http`, `https` and others like them (RFC 9110, section 4.2; RFC 6455, section 3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from demotic.syntax.uri._authority import Authority
from demotic.syntax.uri._errors import InvalidURI
from demotic.syntax.uri._grammar import Parts, compose
from demotic.syntax.uri._normal import plain_host
from demotic.syntax.uri._percent import PATH_SEGMENT, percent_encode
from demotic.syntax.uri._uri import URI, register_scheme

__all__ = ["HttpURI", "ServerURI", "http_uri"]

_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}


class ServerURI(URI):
    """A URI whose authority names a server: an empty path is the root, the scheme's own port need not be written."""

    @property
    def default_port(self) -> int | None:
        """The port of the scheme."""
        return _DEFAULT_PORTS.get((self.scheme or "").lower())

    @property
    def address(self) -> tuple[str, int]:
        """Host, in lower case and without brackets, and port: where to connect to.

        Raises `InvalidURI` if the host is missing, as in `http:g`, or no port is known.
        """
        if self.authority is None or not self.authority.host:
            raise InvalidURI("a host", self.text, len(self.scheme or "") + 1)
        port = self.authority.port
        port = self.default_port if port is None else port
        if port is None:
            raise InvalidURI("a port", self.text, len(self.text))
        return plain_host(self.authority).host.lower().strip("[]").replace("%25", "%"), port

    def _scheme_normal(self, parts: Parts) -> Parts:
        authority = parts.authority
        if authority is None:
            return parts
        if not authority.port_text or authority.port == self.default_port:
            authority = replace(authority, port_text=None)
        return parts._replace(authority=plain_host(authority), path=parts.path or "/")


class HttpURI(ServerURI):
    """An `http` or `https` URI: its host is not empty, and its port one that there is (RFC 9110, section 4.2).

    The RFC asks for an authority, but `http:g`, which RFC 3986 (section 5.4.2) has as a reference, is read too.
    User information, which RFC 9110 (section 4.2.4) deprecates, is kept: look at `userinfo` before you trust a link.
    """

    def _check(self) -> None:
        if self.authority is None:
            return
        start = self.text.index("//") + 2
        if not self.authority.host:
            raise InvalidURI("a host", self.text, start)
        try:
            self.authority.port  # noqa: B018  it refuses a number that is too high
        except InvalidURI as fault:
            raise InvalidURI(fault.expected, self.text, start + fault.position) from None

    @property
    def target(self) -> str:
        """Path and query as a request line has them (RFC 9112, section 3.2.1, `origin-form`)."""
        return compose(Parts(None, None, self.path or "/", self.query, None))


def http_uri(
    host: str = "localhost",
    path: str = "/",
    *,
    port: int | None = None,
    query: str | None = None,
    fragment: str | None = None,
    secure: bool = False,
) -> URI:
    """Return an `http` URI, with `secure` an `https` one, of these parts; the port is left out if it is the default.

    An IPv6 address may stand with or without brackets. In the path, what a path cannot hold is percent-coded; query and
    fragment are coded already. Raises `InvalidURI` for parts that no URI may hold.

    >>> http_uri("example.com", "/a b", port=8080)
    HttpURI('http://example.com:8080/a%20b')
    """
    scheme = "https" if secure else "http"
    literal = ":" in host and not host.startswith("[")
    shown = None if port is None or port == _DEFAULT_PORTS[scheme] else str(port)
    authority = Authority(host=f"[{host}]" if literal else host, port_text=shown)
    return URI(scheme, authority, percent_encode(path, PATH_SEGMENT + "/"), query, fragment)


for _scheme in _DEFAULT_PORTS:
    register_scheme(_scheme, HttpURI if _scheme.startswith("http") else ServerURI)
