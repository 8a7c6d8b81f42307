"""Starts and stops the servers under test, and finds out what memory they hold.

Each server runs in a process group of its own, so that its workers are found and ended with it.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
ROOT = "/odata/v4/"
PATIENCE = 30.0


class BenchError(Exception):
    """A figure cannot be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its ``name``, ``port``, process, the file of its ``log``, and seconds until it answered."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    started_in: float

    def last_words(self) -> str:
        """Return the end of the log, for an error message."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-8:])


@dataclass(frozen=True, slots=True)
class Setup:
    """What every figure starts from: the ``database``, a ``folder`` for logs, and how both servers are started."""

    database: Path
    folder: Path
    demotic: tuple[str, ...]
    material: Path

    @contextmanager
    def ours(self, *options: str) -> Iterator[Server]:
        """Run ``demotic serve`` as it is by default, with one worker and ``options``."""
        port = free_port()
        command = [*self.demotic, "serve", str(self.database), "--port", str(port), "--workers", "1", *options]
        with run("ours", command, port, ROOT, self.folder) as server:
            yield server

    @contextmanager
    def handwritten(self) -> Iterator[Server]:
        """Run the hand-written handler with one worker and one thread, its best."""
        port = free_port()
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "1"]
        command += ["--host", HOST, "--port", str(port), "--no-access-log", "raw_wsgi:app"]
        environment = {"SHOP_DB": str(self.database), "PYTHONPATH": str(self.material)}
        with run("hand-written", command, port, "/key?id=1", self.folder, environment) as server:
            yield server


def demotic_command(given: str | None) -> tuple[str, ...]:
    """Return the command ``given``, or that of the environment that runs the benchmarks.

    Raises `BenchError` if there is no such program.
    """
    if given is not None:
        return tuple(given.split())
    found = shutil.which("demotic", path=os.fspath(Path(sys.executable).parent)) or shutil.which("demotic")
    if found is None:
        raise BenchError("there is no program demotic beside this Python: install the project there first")
    return (found,)


def free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def run(
    name: str, command: Sequence[str], port: int, target: str, folder: Path, environment: dict[str, str] | None = None
) -> Iterator[Server]:
    """Run a server until the block ends; the block begins once it answers ``target``.

    Raises `BenchError` with the end of its log if it does not.
    """
    log = folder / f"{name}-{port}.log"
    began = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env=os.environ | (environment or {}), start_new_session=True
        )
    try:
        answered = _first_answer(process, port, target, began)
        server = Server(name, port, process, log, answered)
        if answered < 0:
            raise BenchError(f"`{' '.join(command)}` does not answer {target}; its log ends:\n{server.last_words()}")
        yield server
    finally:
        _end(process)


def _first_answer(process: subprocess.Popen[bytes], port: int, target: str, began: float) -> float:
    """Ask until there is an answer; return the seconds from ``began``, -1 if there is none."""
    while time.perf_counter() - began < PATIENCE and process.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", target)
            if connection.getresponse().status == 200:
                return time.perf_counter() - began
        connection.close()
        time.sleep(0.005)
    return -1


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server and its workers: politely, then for certain."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)


def memory(server: Server) -> int:
    """Return the bytes of memory that the server's processes hold now."""
    return sum(_status(pid, "VmRSS") for pid in _processes(server))


def peak_memory(server: Server) -> int:
    """Return the most bytes that the server's processes have held since `forget_peak`."""
    return sum(_status(pid, "VmHWM") for pid in _processes(server))


def forget_peak(server: Server) -> None:
    """Let the peak begin anew at what is held now (proc(5), clear_refs).

    Raises `BenchError` where the system has no such thing.
    """
    try:
        for pid in _processes(server):
            Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")
    except OSError as error:
        raise BenchError(f"memory is measured through Linux's /proc, which does not allow it here: {error}") from error


def _processes(server: Server) -> list[int]:
    """Return the processes of the server's group (proc(5), stat: the third field after the name)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(fields[2]) == server.process.pid:
                found.append(int(path.parent.name))
    return found


def _status(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    return 0
