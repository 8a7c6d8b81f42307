"""`demotic cache ping | stats | invalidate`: the arguments and help texts; what they do stands in `_cache`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

cache_app = typer.Typer(
    name="cache", help="See and invalidate what programs keep in a shared cache.", no_args_is_help=True
)


class StatsFormat(StrEnum):
    """What `demotic cache stats` writes."""

    TABLE = "table"
    JSON = "json"


Cache = Annotated[
    str, typer.Argument(metavar="CACHE", help="The address of a cache, such as memcached://host:11211 or redis://host")
]
Names = list[str] | None


@cache_app.command()
def ping(cache: Cache) -> int:
    """Ask every server of a cache whether it answers.

    \b
    Example:
      demotic cache ping memcached://127.0.0.1:11211

    Exit status: 0 all answer, 1 one does not.
    """
    from demotic.cli._cache import ping as ask

    return ask(cache)


@cache_app.command()
def stats(
    cache: Cache,
    form: Annotated[StatsFormat, typer.Option("--format", "-f", help="What to write")] = StatsFormat.TABLE,
    servers: Annotated[bool, typer.Option("--servers", help="What the servers say of themselves too")] = False,
) -> int:
    """Show the counters of cached functions, added up over all processes that leave them in the cache.

    A process leaves them with demotic.cache.metrics.Publisher.

    \b
    Examples:
      demotic cache stats redis://127.0.0.1
      demotic cache stats redis://127.0.0.1 --format json

    Exit status: 0 something is there, 1 no process says anything.
    """
    from demotic.cli._cache import stats as show

    return show(cache, form.value, servers=servers)


@cache_app.command()
def invalidate(
    cache: Cache,
    tag: Annotated[
        Names, typer.Option("--tag", metavar="TAG", help="Calls and pages with this tag; repeatable")
    ] = None,
    path: Annotated[Names, typer.Option("--path", metavar="PATH", help="Pages of this path; repeatable")] = None,
    function: Annotated[
        Names, typer.Option("--function", metavar="MODULE:NAME", help="All calls of this function; repeatable")
    ] = None,
    cls: Annotated[
        Names, typer.Option("--class", metavar="MODULE:NAME", help="All calls of this class's methods; repeatable")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All calls of all functions")] = False,
) -> int:
    """Forget what programs have cached, in all of them at once; what is computed meanwhile is not kept.

    \b
    Examples:
      demotic cache invalidate redis://127.0.0.1 --tag user:bob --tag user:ann
      demotic cache invalidate memcached://127.0.0.1:11211 --function shop.users:email

    Exit status: 0 done, 1 a server could not be told.
    """
    from demotic.cli._cache import Chosen
    from demotic.cli._cache import invalidate as forget

    return forget(cache, Chosen(tag or [], path or [], function or [], cls or [], everything))
