"""Load from wrk: one thread, eight connections, and the outcome that its script writes."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import msgspec
from servers import HOST, BenchError, Server

SCRIPT = Path(__file__).with_name("draw.lua")
CONNECTIONS = 8
INSTALL = "install wrk (Debian, Ubuntu: apt-get install wrk; macOS: brew install wrk; or github.com/wg/wrk)"


class Outcome(msgspec.Struct, frozen=True):
    """What wrk counted: requests answered, of these ``refused`` (not 2xx), connections ``broken``, and times."""

    requests: int
    microseconds: int
    refused: int
    broken: int
    median_us: int
    p99_us: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests * 1e6 / self.microseconds


def wrk() -> str:
    """Return the path of wrk; raise `BenchError` where it is not installed."""
    found = shutil.which("wrk")
    if found is None:
        raise BenchError(f"the load comes from wrk, which is not installed: {INSTALL}")
    return found


def load(server: Server, target: str, *, seconds: float, draw: tuple[int, int], seed: int) -> Outcome:
    """Ask ``server`` for ``target`` as fast as it answers; raise `BenchError` if any answer is missing or refused."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = Path(folder, "outcome.json")
        command = [wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{round(seconds)}s", "-s", str(SCRIPT)]
        command += [f"http://{HOST}:{server.port}", "--", target, *map(str, draw), str(seed)]
        done = subprocess.run(command, env=os.environ | {"WRK_OUTCOME": str(outcome)}, capture_output=True, text=True)
        if done.returncode or not outcome.exists():
            raise BenchError(f"wrk failed: {done.stdout}{done.stderr}")
        counted = msgspec.json.decode(outcome.read_bytes(), type=Outcome)
    if counted.refused or counted.broken or not counted.requests:
        raise BenchError(f"{server.name} under load, {target}: {counted}\n{server.last_words()}")
    return counted
