"""Addresses to listen at: free ones are found, others refused with what to do instead."""

from __future__ import annotations

import socket

import pytest

from demotic.cli._address import Address, usable_address
from demotic.cli._errors import AddressNotUsable


@pytest.mark.parametrize(
    ("address", "url", "is_local"),
    [
        (Address("127.0.0.1", "127.0.0.1", 8000), "http://127.0.0.1:8000/", True),
        (Address("localhost", "127.0.0.1", 80), "http://localhost:80/", True),
        (Address("::1", "::1", 8000), "http://[::1]:8000/", True),
        (Address("0.0.0.0", "0.0.0.0", 8000), "http://127.0.0.1:8000/", False),
        (Address("::", "::", 8000), "http://[::1]:8000/", False),
        (Address("192.0.2.7", "192.0.2.7", 1), "http://192.0.2.7:1/", False),
    ],
)
def test_an_address_has_a_url_to_open(address: Address, url: str, is_local: bool) -> None:
    assert (address.url, address.is_local) == (url, is_local)


def test_port_0_takes_any_that_is_free() -> None:
    address = usable_address("127.0.0.1", 0)
    assert address.ip == "127.0.0.1"
    assert address.port > 0


@pytest.mark.feature("F-CLI-13")
def test_a_port_in_use_is_refused_even_if_its_owner_would_share_it() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(AddressNotUsable, match=f"127.0.0.1:{port} is in use") as caught:
            usable_address("127.0.0.1", port)
    assert "--port" in str(caught.value.hint)


@pytest.mark.feature("F-CLI-13")
@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("no.such.host.invalid", "there is no host 'no.such.host.invalid'"),
        ("192.0.2.1", "192.0.2.1 is no address of this machine"),
        ("a" * 70, "there is no host"),
        ("", "there is no host ''"),
    ],
)
def test_a_host_that_is_not_ours_is_refused(host: str, message: str) -> None:
    with pytest.raises(AddressNotUsable, match=message) as caught:
        usable_address(host, 0)
    assert caught.value.hint
