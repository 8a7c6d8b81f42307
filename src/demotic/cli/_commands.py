"""The commands, their arguments and their help texts. What they do stands in the module of each."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from demotic import __version__
from demotic.cli._cache_commands import cache_app
from demotic.cli._cp_commands import cp_app
from demotic.cli._errors import UsageFault
from demotic.cli._qti_run_commands import qti_app
from demotic.cli._user_commands import user_app

# Help as plain text: the same in a terminal, a pipe and a log.
app = typer.Typer(name="demotic", add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
app.add_typer(user_app)
app.add_typer(cache_app)
app.add_typer(cp_app)
app.add_typer(qti_app)


class InspectFormat(StrEnum):
    """What `demotic inspect` writes."""

    TEXT = "text"
    CSDL = "csdl"
    JSON = "json"
    PYTHON = "python"


class QueryFormat(StrEnum):
    """What `demotic query` writes."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Dialect(StrEnum):
    """Whose SQL `demotic tables` writes."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    MARIADB = "mariadb"
    MYSQL = "mysql"


Url = Annotated[
    str,
    typer.Argument(
        metavar="URL|FILE",
        help="A database (a SQLite file, postgresql://user@host/database, mariadb://…), or a folder."
        " There is no option for the schema: the address names it, as postgresql://user@host/database?schema=NAME",
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="PATTERN", help="Only tables of this name (* and ? are wildcards); repeatable"),
]
Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", metavar="PATTERN", help="Not the tables of this name; repeatable")
]
Key = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="VIEW=COL,COL", help="The columns that identify a row of a view; repeatable"),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="MODEL", help="Publish the tables as this model: a CSDL XML file, or module:name in Python"
    ),
]


def run(arguments: list[str]) -> int:
    """Run the command that ``arguments`` name and return its exit status. Raises whatever the command raises."""
    status = app(arguments, prog_name="demotic", standalone_mode=False)
    return status if isinstance(status, int) else 0


def _version(wanted: bool) -> None:
    if wanted:
        print(f"demotic {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def demotic(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the program an error happened.")] = False,
) -> None:
    """Publish a database as an OData service, look at it, and query it.

    \b
    Try it:
      demotic sample shop.db
      demotic serve shop.db
      demotic query shop.db 'Products?$top=5'
    """
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def serve(
    url: Url,
    host: Annotated[
        str, typer.Option(help="The name or IP address to listen at; 0.0.0.0 for all of this machine's")
    ] = ("127.0.0.1"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 for any that is free")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer requests")] = 1,
    threads: Annotated[
        int, typer.Option(min=1, help="Requests that a process works on at a time: more let quick ones pass slow ones")
    ] = 1,
    page_size: Annotated[int, typer.Option(min=0, help="The most entities in one answer; 0 for no limit")] = 5000,
    time_limit: Annotated[float, typer.Option(min=0, help="The seconds that a query may take; 0 for no limit")] = 30.0,
    include: Include = None,
    exclude: Exclude = None,
    key: Key = None,
    model: ModelOption = None,
    root_url: Annotated[
        str | None, typer.Option(metavar="URL", help="The public address of the start page, behind a proxy")
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="The title of the start page [default: the database's name]")
    ] = None,
    log: Annotated[bool, typer.Option("--log/--no-log", help="A line for every request, on standard error")] = True,
    read_only: Annotated[
        bool | None,
        typer.Option(
            "--read-only/--writable",
            help="Whether data can be changed [default: writable on this machine alone, else read-only]",
        ),
    ] = None,
    users: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Who may come in by name and password; `demotic user add` makes the file"),
    ] = None,
    jwt_keys: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Keys of those whose signed tokens are taken (JWKS, or a public key in PEM)"),
    ] = None,
    jwt_issuer: Annotated[str | None, typer.Option(metavar="TEXT", help="The issuer that tokens must have")] = None,
    jwt_audience: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The audience that tokens must be for; without, they have none")
    ] = None,
    jwt_leeway: Annotated[float, typer.Option(min=0, help="Seconds by which the clocks of others may differ")] = 30.0,
    jwt_name: Annotated[str, typer.Option(metavar="CLAIM", help="The claim that is somebody's name")] = "sub",
    jwt_roles: Annotated[str, typer.Option(metavar="CLAIM", help="The claim that lists somebody's roles")] = "roles",
    rules: Annotated[
        str | None, typer.Option(metavar="FILE", help="Who may do what with which data (TOML or JSON; docs/access.md)")
    ] = None,
    allow_anonymous: Annotated[
        bool | None,
        typer.Option(
            "--allow-anonymous/--no-anonymous",
            help="Whether those may come in who do not say who they are [default: on this machine alone, unless "
            "--users or --jwt-keys is given]",
        ),
    ] = None,
    cors: Annotated[
        list[str] | None,
        typer.Option(metavar="ORIGIN", help="Whose pages may read answers in browsers, * for all; repeatable"),
    ] = None,
    cors_credentials: Annotated[
        bool, typer.Option("--cors-credentials", help="Let browsers send what they keep: only to --cors by name")
    ] = False,
    body_timeout: Annotated[
        float, typer.Option(min=1, help="Seconds that a client may take to send the body of a request")
    ] = 30.0,
    media_size: Annotated[
        int, typer.Option(min=0, metavar="MB", help="Megabytes of a stream that is sent, a picture say, at most")
    ] = 64,
    body_threads: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=256,
            help="Threads to spare for clients that send bodies slowly; they slow all requests down, so there are 16 "
            "where others can reach the server, and else none",
        ),
    ] = None,
    key_as_segment: Annotated[
        bool, typer.Option("--key-as-segment", help="Take keys as path segments too: Products/1 as Products(1)")
    ] = False,
) -> int:
    """Serve a database as OData v4, or the files of a folder.

    Who comes in can do everything that --rules does not forbid, and change the data if it is writable.

    \b
    Examples:
      demotic serve shop.db
      demotic serve shop.db --port 8080 --exclude 'tmp_*' --key 'Sales=Product_ID'
      demotic serve shop.db --host 0.0.0.0 --users users.json --rules rules.toml
      demotic serve shop.db --workers 2 --root-url https://data.example.com/ --allow-anonymous
    """
    from demotic.cli._access import Access, ensure_meant
    from demotic.cli._address import usable_address
    from demotic.cli._application import Settings
    from demotic.cli._serve import serve as run_server
    from demotic.cli._source import source

    place = replace(source(url, include or (), exclude or (), key or (), model), time_limit=time_limit or None)
    address = usable_address(host, port)
    closed = read_only if read_only is not None else not address.is_local or root_url is not None
    anonymous = allow_anonymous if allow_anonymous is not None else users is None and jwt_keys is None
    access = Access(users, jwt_keys, jwt_issuer, jwt_audience, jwt_leeway, jwt_name, jwt_roles, rules, anonymous)
    ensure_meant(access, allowed=allow_anonymous, reachable=not address.is_local)
    settings = Settings(
        place,
        title or place.name,
        page_size or None,
        _public(root_url),
        threads,
        log,
        closed,
        only_here=read_only is None and address.is_local,
        access=access,
        cors=tuple(cors or ()),
        cors_credentials=cors_credentials,
        body_timeout=body_timeout,
        media_size=media_size,
        body_threads=body_threads,
        key_as_segment=key_as_segment,
    )
    return run_server(settings, address, workers=workers)


def _public(url: str | None) -> str | None:
    if url is None:
        return None
    if not url.startswith(("http://", "https://")) or "?" in url or "#" in url:
        raise UsageFault(f"--root-url {url!r} is no address of a site", hint="write it as https://data.example.com/")
    return url if url.endswith("/") else f"{url}/"


@app.command()
def inspect(
    url: Url,
    form: Annotated[InspectFormat, typer.Option("--format", "-f", help="What to write")] = InspectFormat.TEXT,
    include: Include = None,
    exclude: Exclude = None,
    key: Key = None,
    model: ModelOption = None,
) -> int:
    """Show what a database is served as: sets, properties, keys, navigation.

    \b
    Examples:
      demotic inspect shop.db
      demotic inspect shop.db --format csdl > shop.xml
      demotic inspect shop.db --format python > shop_model.py
    """
    from demotic.cli._inspect import inspect as write
    from demotic.cli._source import source

    return write(source(url, include or (), exclude or (), key or (), model), form.value)


@app.command()
def query(
    url: Url,
    request: Annotated[
        str,
        typer.Argument(metavar="[REQUEST]", help="OData, as after the service root; none lists the sets"),
    ] = "",
    form: Annotated[
        QueryFormat | None,
        typer.Option("--format", "-f", help="How to write the answer [default: table in a terminal, else json]"),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Follow next links to the end")] = False,
    include: Include = None,
    exclude: Exclude = None,
    key: Key = None,
    model: ModelOption = None,
) -> int:
    """Ask a database an OData query, without a server.

    Put the request in single quotes: the shell takes $ for itself elsewhere.

    \b
    Examples:
      demotic query shop.db 'Products?$filter=Price gt 20&$orderby=Name'
      demotic query shop.db 'Orders(10)?$expand=Customer'
      demotic query shop.db 'Customers?$select=Name,City' --all --format csv > customers.csv

    Exit status: 0 found, 1 nothing found, 2 the request is wrong.
    """
    from demotic.cli._query import query as ask
    from demotic.cli._source import source

    chosen = form.value if form is not None else None
    return ask(source(url, include or (), exclude or (), key or (), model), request, chosen, everything=everything)


@app.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A database or folder, as for serve")],
    target: Annotated[str, typer.Argument(metavar="TO", help="A database")],
    sets: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME", help="Only this entity set; repeatable")
    ] = None,
    create: Annotated[bool, typer.Option("--create", help="Make the tables that are not there yet")] = False,
    update: Annotated[bool, typer.Option("--update", help="Update entities whose keys are there already")] = False,
    batch: Annotated[int, typer.Option(min=1, help="Entities that are written in one transaction")] = 500,
    state: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep in this file how far it has come; if it is there, go on from there"),
    ] = None,
    streams: Annotated[bool, typer.Option("--streams", help="Copy streams too, such as the contents of files")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be copied, and do nothing")] = False,
) -> int:
    """Copy entities with their links from one store to another.

    \b
    Examples:
      demotic copy shop.db backup.db --create
      demotic copy shop.db backup.db --set Products --set Categories --update
      demotic copy photos/ photos.db --create --state photos.state

    Exit status: 0 all is copied, 1 numbers differ at the end, 2 it cannot be copied.
    """
    from demotic.cli._copy import CopyOptions
    from demotic.cli._copy import copy as run_copy

    options = CopyOptions(tuple(sets or ()), create, update, batch, state, streams, dry_run)
    return run_copy(source, target, options)


@app.command()
def tables(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="A CSDL XML file, or module:name of a model declared in Python")
    ],
    dialect: Annotated[Dialect, typer.Option(help="Whose SQL to write")] = Dialect.SQLITE,
    create: Annotated[
        str | None, typer.Option("--create", metavar="DATABASE", help="Make the tables there, in place of showing them")
    ] = None,
    missing: Annotated[bool, typer.Option("--missing", help="With --create: only those that are not there")] = False,
    drop: Annotated[
        str | None, typer.Option("--drop", metavar="DATABASE", help="Drop the tables there, with all that is in them")
    ] = None,
    show_drop: Annotated[bool, typer.Option("--show-drop", help="Show the statements that drop the tables")] = False,
) -> int:
    """Show the tables that keep a model as SQL, or make or drop them.

    \b
    Examples:
      demotic tables shop.xml --dialect postgresql > shop.sql
      demotic tables shop.xml --create shop.db
      demotic tables shop.models:MODEL --create shop.db --missing
    """
    from demotic.cli._definition import tables as define

    if create is not None and (drop is not None or show_drop):
        raise UsageFault("tables are made or dropped, not both", hint="give one of --create and --drop")
    dropping = drop is not None or show_drop
    return define(model, dialect.value, create if drop is None else drop, drop=dropping, missing=missing)


@app.command()
def sample(
    file: Annotated[Path, typer.Argument(help="The SQLite file to write")],
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is already there")] = False,
) -> int:
    """Write the sample shop, a small SQLite database to try things on.

    \b
    Example:
      demotic sample shop.db
    """
    from demotic.cli._sample import write_sample

    return write_sample(file, replace=force)
