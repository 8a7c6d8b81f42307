"""Serving a store in this process, and a database by `demotic serve` in another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acceptance_support.http import ServerClient, WsgiClient
from demotic.protocols.odata import ODataV4
from demotic.service import Limits, Operations, Service
from demotic.store import Store
from demotic.transports.wsgi import WsgiApplication


def client_of(
    store: Store,
    limits: Limits | None = None,
    *,
    key_as_segment: bool = False,
    read_only: bool = True,
    operations: Operations | None = None,
) -> WsgiClient:
    """A client of a store served in this process."""
    service = Service(
        store,
        limits=limits or Limits(),
        read_only=read_only,
        key_as_segment=key_as_segment,
        operations=operations,
    )
    return WsgiClient(WsgiApplication(ODataV4(service)))


@contextmanager
def running_server(path: Path, *options: str, writable: bool = False) -> Iterator[str]:
    """Run `demotic serve` on a free port; give the origin that it announces."""
    program = Path(sys.executable).with_name("demotic")
    command = [str(program), "serve", str(path), "--port", "0", "--no-log", *options]
    command += [] if writable else ["--read-only"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            said = []
            for line in process.stdout:
                said.append(line)
                if line.strip().startswith("http://"):
                    yield line.strip().rstrip("/")
                    break
            else:
                pytest.fail(f"the server says no address: {''.join(said)}")
        finally:
            process.send_signal(signal.SIGTERM)
            process.stdout.read()


def wait_for(origin: str) -> str:
    """Wait until a server that has said its address answers there."""
    for _ in range(200):
        client = ServerClient(origin)
        try:
            if client.get("").status == 200:
                return origin
        except OSError:
            time.sleep(0.05)
        finally:
            client.close()
    pytest.fail(f"nothing answers at {origin}")
