"""`python -m demotic.sample shop.db` writes the sample shop."""

from __future__ import annotations

import argparse
import sys

from demotic.errors import DemoticError
from demotic.sample import create


def main(arguments: list[str] | None = None) -> int:
    """Write the sample database and say where; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m demotic.sample", description="Write the sample shop, a SQLite database."
    )
    parser.add_argument("path", help="the file to write")
    parser.add_argument("--replace", action="store_true", help="write over a file that is already there")
    given = parser.parse_args(arguments)
    try:
        path = create(given.path, replace=given.replace)
    except DemoticError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
