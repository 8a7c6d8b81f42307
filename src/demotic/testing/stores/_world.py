"""The small world that the suite is about: suppliers, products with lines and tags, folders in folders."""

from __future__ import annotations

from importlib.resources import files

from demotic.model import Model
from demotic.model.csdl import read_xml
from demotic.store import Store


def world() -> Model:
    """Return the model of the world, new each time."""
    return read_xml((files(__package__) / "model.xml").read_bytes())


def schema(dialect: str) -> str:
    """Return the script that makes the world's tables: ``dialect`` is ``sqlite``, ``postgresql`` or ``mariadb``."""
    return (files(__package__) / f"{dialect}.sql").read_text(encoding="utf-8")


def fill(store: Store) -> None:
    """Put the first entities of the world into an empty store."""
    with store.transaction(write=True) as tx:
        for supplier in ({"ID": 1, "Name": "Ada"}, {"ID": 2, "Name": "Bo"}):
            tx["Supplier"].insert(supplier)
        for name in ("hot", "white"):
            tx["Tag"].insert({"Name": name})
        tx["Product"].insert({"ID": 1, "Name": "Tea", "Price": 3, "Supplier_ID": 1})
        tx["Product"].insert({"ID": 2, "Name": "Milk", "Stock": 5})
        tx["Product"].link(1, "Tag", "hot")
        tx["Line"].insert({"Product_ID": 1, "No": 1, "Quantity": 2})
        tx["Folder"].insert({"ID": 1, "Name": "root"})
        tx["Folder"].insert({"ID": 2, "Name": "leaf", "Parent_ID": 1})
