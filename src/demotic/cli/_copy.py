"""`demotic copy`: entities from one store into another, with a progress bar and a summary."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from demotic.cli._errors import NOTHING_FOUND, OK, UsageFault
from demotic.cli._source import Source
from demotic.model import Model
from demotic.store import Store
from demotic.store.copying import Copied, CopyPlan, Progress, plan_copy
from demotic.store.copying import copy as copy_entities
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store, table_statements


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """How to copy: see the options of the command."""

    sets: tuple[str, ...] = ()
    create: bool = False
    update: bool = False
    batch: int = 500
    state: Path | None = None
    streams: bool = False
    dry_run: bool = False


def copy(source: str, target: str, options: CopyOptions) -> int:
    """Copy, or say what would be copied; return the exit status. Raises `DemoticError` where that is not possible."""
    if Path(target).is_dir():
        raise UsageFault(f"{target} is a folder, which takes no entities", hint="name a database")
    if _same(source, target):
        raise UsageFault("a database cannot be copied into itself", hint="name another one to copy to")
    with ExitStack() as stack:
        store = stack.enter_context(Source(source).open())
        if options.dry_run:
            return _told(store, target, options, stack)
        goal = stack.enter_context(_opened(target, store.model, options.create))
        with _bars() as on_progress:
            done = copy_entities(
                store,
                goal,
                sets=options.sets,
                batch=options.batch,
                existing="update" if options.update else "refuse",
                streams=options.streams,
                state=options.state,
                names=(Source(source).shown, Source(target).shown),
                on_progress=on_progress,
            )
        plan = plan_copy(store.model, goal.model, options.sets, streams=options.streams)
    _summary(done, plan)
    return OK if all(item.complete for item in done) else NOTHING_FOUND


def _same(source: str, target: str) -> bool:
    one, other = (Path(text.removeprefix("sqlite:///")) for text in (source, target))
    return source == target or (one.exists() and other.exists() and one.samefile(other))


def _opened(target: str, model: Model, create: bool) -> Store:
    if not create:
        return open_store(target)
    create_tables(target, model, missing=True)
    return open_store(target, model=model)


def _told(store: Store, target: str, options: CopyOptions, stack: ExitStack) -> int:
    """Say what would be copied and made."""
    there = stack.enter_context(MemoryStore(store.model) if options.create else open_store(target))
    plan = plan_copy(store.model, there.model, options.sets, streams=options.streams)
    with store.transaction() as tx:
        for job in plan.jobs:
            print(f"{job.name}: {tx[job.set].count()} entities")
    for name, reason in plan.left_out:
        print(f"left out: {name}: {reason}")
    if options.create:
        made = [text for text in table_statements(store.model) if text.startswith("CREATE TABLE")]
        print(f"{len(made)} tables would be made, as far as they are not there")
    return OK


def _summary(done: list[Copied], plan: CopyPlan) -> None:
    width = max((len(item.set) for item in done), default=0)
    for item in done:
        note = "" if item.complete else f", but {item.after} are there now ({item.before} before)"
        print(f"{item.set:<{width}}  {item.source} copied{note}")
    for name, reason in plan.left_out:
        print(f"left out: {name}: {reason}")


@contextmanager
def _bars() -> Iterator[Callable[[Progress], None] | None]:
    """Show a bar for each job on a terminal; elsewhere nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, transient=not sys.stderr.isatty()) as bars:
        tasks: dict[str, TaskID] = {}

        def show(progress: Progress) -> None:
            if progress.job not in tasks:
                tasks[progress.job] = bars.add_task(progress.job, total=progress.total)
            bars.update(tasks[progress.job], completed=progress.copied, total=progress.total)

        yield show
