"""The small world of types derived from each other: people, of whom some work, some lead, and some buy."""

from __future__ import annotations

from importlib.resources import files

from demotic.model import Model
from demotic.model.csdl import read_xml
from demotic.store import Ref, Store


def staff() -> Model:
    """Return the model of the staff, new each time."""
    return read_xml((files(__package__) / "staff.xml").read_bytes())


def hire(store: Store) -> None:
    """Put the first people into an empty store."""
    with store.transaction(write=True) as tx:
        people = tx["People"]
        tx["Rooms"].insert({"id": 1})
        people.insert({"id": "pia", "name": "Pia"})
        people.insert({"id": "bo", "name": "Bo", "salary": 9, "budget": 100, "friend": Ref("pia")}, type="staff.Boss")
        people.insert(
            {"id": "eve", "name": "Eve", "salary": 3, "level": 2, "manager": Ref("bo"), "room_id": 1}, type="Employee"
        )
        people.insert({"@type": "#staff.Customer", "id": "cy", "name": "Cy", "level": "gold"})
        tx["Projects"].insert({"id": "moon", "lead_id": "bo", "team": [Ref("eve"), Ref("bo")]})
