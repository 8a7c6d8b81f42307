"""The address to listen at: found out and tried before any worker starts, so that what is wrong is told once."""

from __future__ import annotations

import errno
import ipaddress
import socket
from dataclasses import dataclass

from demotic.cli._errors import AddressNotUsable

_REASONS = {
    errno.EADDRINUSE: ("{place} is in use by another program", "stop it, or choose another port: --port {next}"),
    errno.EADDRNOTAVAIL: ("{host} is no address of this machine", "use 127.0.0.1 (this machine only) or 0.0.0.0 (all)"),
    errno.EACCES: (
        "port {port} may not be used by you",
        "ports below 1024 need rights; choose a higher one: --port 8000",
    ),
}


@dataclass(frozen=True, slots=True)
class Address:
    """An address that was free when tried: the ``ip`` and ``port`` to listen at, and ``host`` as it was asked for."""

    host: str
    ip: str
    port: int

    @property
    def url(self) -> str:
        """The URL of the server's root as seen from this machine."""
        ip = ipaddress.ip_address(self.ip)
        host = self.host if not ip.is_unspecified else ("127.0.0.1" if ip.version == 4 else "::1")
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    @property
    def is_local(self) -> bool:
        """Whether only programs of this machine can reach it."""
        return ipaddress.ip_address(self.ip).is_loopback


def usable_address(host: str, port: int) -> Address:
    """Return the address for a host name or IP address and a port, 0 for any that is free.

    Raises `AddressNotUsable` if there is no such host, or the address is taken or not ours.
    """
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError) as error:
        raise AddressNotUsable(
            f"there is no host {host!r}", hint="give a name or IP address of this machine"
        ) from error
    ip = str(place[0])
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            # As servers do: connections of a server just stopped may linger, one that listens is still found.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((ip, port))
            trial.listen()
            return Address(host, ip, int(trial.getsockname()[1]))
    except OSError as error:
        raise _not_usable(error, host, port) from error


def _not_usable(error: OSError, host: str, port: int) -> AddressNotUsable:
    default = (f"the server cannot listen at {{place}}: {error.strerror}", None)
    message, hint = _REASONS.get(error.errno or 0, default)
    facts = {"place": f"{host}:{port}", "host": host, "port": port, "next": port + 1 if port < 65535 else 8000}
    return AddressNotUsable(message.format(**facts), hint=hint and hint.format(**facts))
