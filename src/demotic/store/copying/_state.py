"""How far a copy has come, kept in a file so that it can go on after a break."""

from __future__ import annotations

from pathlib import Path

import msgspec

from demotic.store.copying._plan import CannotCopy, CopyPlan


class JobState(msgspec.Struct):
    """How far a job has come: the place of the next page, how many were copied, and how many were there before."""

    after: str | None = None
    copied: int = 0
    before: int = 0
    done: bool = False


class CopyState(msgspec.Struct):
    """How far a copy has come, job by job. ``fingerprint`` tells which copy it is of."""

    fingerprint: list[str]
    jobs: dict[str, JobState] = {}


def read_state(path: Path | None, plan: CopyPlan, names: tuple[str, str]) -> CopyState:
    """Return the state kept in a file, a new one if there is none. Raises `CannotCopy` for that of another copy."""
    fingerprint = [*names, *(job.name for job in plan.jobs)]
    if path is None or not path.exists():
        return CopyState(fingerprint)
    try:
        found = msgspec.json.decode(path.read_bytes(), type=CopyState)
    except msgspec.MsgspecError:
        raise CannotCopy(f"{path} is no state of a copy", target=str(path), hint="name another file") from None
    if found.fingerprint != fingerprint:
        raise CannotCopy(
            f"{path} is the state of another copy", target=str(path), hint="name another file, or remove it"
        )
    return found


def write_state(path: Path | None, state: CopyState) -> None:
    """Keep a state, as a whole or not at all."""
    if path is None:
        return
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(msgspec.json.encode(state))
    beside.replace(path)


def finished(path: Path | None) -> None:
    """Remove the state of a copy that has come to its end."""
    if path is not None:
        path.unlink(missing_ok=True)
