"""`demotic qti score | stats | run | render`: the arguments and help texts; what they do stands in `_qti_run`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from demotic.cli._qti_commands import qti_app

__all__ = ["qti_app", "render", "run", "score", "stats"]


class ScoreFormat(StrEnum):
    """What `demotic qti score` writes."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


class Viewer(StrEnum):
    """Who looks at a rendered item."""

    CANDIDATE = "candidate"
    AUTHOR = "author"
    SCORER = "scorer"
    TUTOR = "tutor"
    PROCTOR = "proctor"


Document = Annotated[Path, typer.Argument(metavar="FILE", help="An item or a test")]
Responses = Annotated[
    Path, typer.Argument(metavar="RESPONSES", help="A CSV or JSON file, one candidate a line or object")
]
Seed = Annotated[int, typer.Option("--seed", help="What clones, orders and selections follow from", min=0)]


@qti_app.command()
def score(
    file: Document,
    responses: Responses,
    form: Annotated[ScoreFormat, typer.Option("--format", "-f", help="What to write")] = ScoreFormat.TEXT,
    seed: Seed = 0,
) -> int:
    """Score responses to an item or a test.

    A CSV file has a column for each response variable (of a test: ITEM.VARIABLE), and perhaps one named id; several
    values stand in one cell with | between them. A JSON file is a list of objects: {"id": …, "responses": {"RESPONSE":
    ["A"]}}, of a test {"responses": {"Q1": {"RESPONSE": "A"}}}.

    \b
    Examples:
      demotic qti score item.xml answers.csv
      demotic qti score test.xml answers.json --format csv > scores.csv
    """
    from demotic.cli._qti_run import score as go

    return go(file, responses, form.value, seed)


@qti_app.command()
def stats(file: Document, responses: Responses, seed: Seed = 0) -> int:
    """Show statistics of the outcomes of many candidates, and how often each response was given.

    \b
    Example:
      demotic qti stats item.xml answers.csv
    """
    from demotic.cli._qti_run import stats as go

    return go(file, responses, seed)


@qti_app.command()
def run(file: Document, seed: Seed = 0) -> int:
    """Take an item or a test in the terminal.

    \b
    Example:
      demotic qti run test.xml
    """
    from demotic.cli._qti_run import run as go

    return go(file, seed)


@qti_app.command()
def render(
    file: Document,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; the terminal if not given")
    ] = None,
    view: Annotated[Viewer, typer.Option("--view", help="Who looks")] = Viewer.CANDIDATE,
    solution: Annotated[bool, typer.Option("--solution", help="Show the correct responses")] = False,
    pnp: Annotated[
        Path | None, typer.Option("--pnp", help="The needs and preferences of the candidate, as XML (PNP 3.0)")
    ] = None,
    seed: Seed = 0,
) -> int:
    """Render an item as a page of HTML.

    \b
    Example:
      demotic qti render item.xml -o item.html
    """
    from demotic.cli._qti_run import render as go

    return go(file, output, view.value, solution, seed, pnp)
