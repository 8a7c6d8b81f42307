"""`demotic tables`: the tables of a model, shown as SQL, made, or dropped."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from demotic.cli._errors import OK, UsageFault
from demotic.model import Model
from demotic.model.csdl import read_xml
from demotic.store.sql import create_tables, drop_tables, table_statements


def tables(model: str, dialect: str, database: str | None, *, drop: bool, missing: bool) -> int:
    """Print the statements that make or drop a model's tables, or run them in a database; return the exit status.

    Raises `UsageFault` for a model that cannot be found, and what reading it or making its tables raises.
    """
    if missing and (drop or database is None):
        raise UsageFault("--missing says which tables to make", hint="give it with --create DATABASE")
    found = read_model(model)
    if database is None:
        statements = table_statements(found, dialect, drop=drop)
        sys.stdout.write("".join(f"{statement};\n" for statement in statements))
        return OK
    done = drop_tables(database, found) if drop else create_tables(database, found, missing=missing)
    number = sum(statement.startswith(("CREATE TABLE", "DROP TABLE")) for statement in done)
    print(f"{number} table{'' if number == 1 else 's'} {'dropped' if drop else 'made'}")
    return OK


def read_model(text: str) -> Model:
    """Return the model of a CSDL XML file, or of ``module:name``, a model declared in Python. Raises `UsageFault`."""
    path = Path(text)
    if path.is_file():
        return read_xml(path.read_bytes())
    module, colon, name = text.partition(":")
    if not colon or not all(part.isidentifier() for part in (*module.split("."), name)):
        raise UsageFault(f"there is no model {text!r}", hint="name a CSDL XML file, or module:name of one in Python")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise UsageFault(f"there is no model {text!r}: {error}") from error
    if not isinstance(found, Model):
        raise UsageFault(f"{text} is no model", hint="demotic.model.declare makes one")
    return found
