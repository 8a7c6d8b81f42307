"""The behaviour of a store whose model has types derived from others. Each test starts from the same staff."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from demotic.errors import DemoticError, InvalidInput
from demotic.query import UnknownName
from demotic.store import BrokenReference, MissingValue, NoSuchEntity, Ref, Store
from demotic.testing.stores._staff import hire

FILTERED: tuple[tuple[str, str], ...] = (
    ("staff.Worker/salary gt 3", "bo"),
    ("staff.Worker/salary ge 3 and staff.Employee/level eq 2", "eve"),
    ("staff.Customer/level eq 'gold'", "cy"),
    ("staff.Worker/name eq 'Pia'", ""),
    ("staff.Worker/name eq null", "cy pia"),
    ("not (staff.Worker/salary gt 3)", "cy eve pia"),
    ("staff.Worker/manager/budget eq 100", "eve"),
    ("staff.Worker/manager/name eq 'Bo'", "eve"),
    ("staff.Worker/room/id eq 1", "eve"),
    ("friend/staff.Boss/name eq null", "bo cy eve pia"),
    ("friend/name eq 'Pia'", "bo"),
    ("isof(staff.Worker)", "bo eve"),
    ("not isof(staff.Worker)", "cy pia"),
    ("isof(staff.Worker) and not isof(staff.Boss)", "eve"),
    ("isof(staff.Person)", "bo cy eve pia"),
    ("isof(friend,staff.Person)", "bo"),
    ("isof(friend,staff.Customer)", ""),
    ("cast(staff.Boss) ne null", "bo"),
    ("cast(friend,staff.Boss) eq null", "bo cy eve pia"),
    ("staff.Boss/reports/any(r:r/salary lt 4)", "bo"),
    ("staff.Boss/reports/any()", "bo"),
    ("staff.Boss/reports/$count eq 1", "bo"),
    ("staff.Boss/reports/staff.Boss/any()", ""),
    ("staff.Boss/reports/staff.Employee/any(e:e/level eq 2)", "bo"),
    ("staff.Boss/reports/staff.Employee/$count eq 1", "bo"),
    ("staff.Worker/projects/any(p:p/lead/budget eq 100)", "bo eve"),
    ("staff.Worker/projects/any(p:p/team/any(t:t/staff.Employee/level eq 2))", "bo eve"),
)
"""Conditions, and the keys of the people who meet them."""

ORDERED: tuple[tuple[str, str], ...] = (
    ("staff.Worker/salary desc,id", "bo eve cy pia"),
    ("staff.Customer/level desc,staff.Employee/level desc,id desc", "cy eve pia bo"),
    ("isof(staff.Boss) desc,id", "bo cy eve pia"),
)

REFUSED: tuple[tuple[dict[str, Any], type[DemoticError]], ...] = (
    ({"@type": "staff.Worker", "name": "x", "salary": 1}, InvalidInput),
    ({"@type": "staff.Party"}, InvalidInput),
    ({"@type": "staff.Room"}, InvalidInput),
    ({"@type": "staff.Nobody", "name": "x"}, InvalidInput),
    ({"name": "x", "salary": 1}, UnknownName),
    ({"@type": "staff.Customer", "name": "x", "salary": 1}, UnknownName),
    ({"@type": "staff.Boss", "name": "x"}, MissingValue),
    ({"@type": "staff.Employee", "name": "x", "salary": 1, "room_id": 9}, BrokenReference),
    ({"@type": "staff.Employee", "name": "x", "salary": 1, "manager": Ref("pia")}, InvalidInput),
    ({"@type": "staff.Employee", "name": "x", "salary": 1, "manager": {"id": "y", "name": "y"}}, MissingValue),
    ({"@type": "staff.Employee", "name": "x", "salary": 1, "manager": {"@type": "staff.Employee"}}, InvalidInput),
)


class HierarchySuite:
    """Subclass it in a test module, and have ``new_store`` return an empty store for the model of `staff`."""

    def new_store(self, tmp_path: Any) -> Store:
        """Return an empty store; ``tmp_path`` is a folder of the test's own."""
        raise NotImplementedError("say which store is to be tested")

    @pytest.fixture
    def store(self, tmp_path: Any) -> Iterator[Store]:
        """The store with the first people in it."""
        with self.new_store(tmp_path) as store:
            hire(store)
            yield store

    def state(self, store: Store) -> dict[str, Any]:
        """Return all that a store holds."""
        with store.transaction() as tx:
            return {name: {e.key: (e.type.name, dict(e)) for e in tx[name].values()} for name in tx}

    # --- reading

    def test_an_entity_comes_with_its_type_and_all_its_properties(self, store: Store) -> None:
        with store.transaction() as tx:
            found = {key: (entity.type.qualified_name, dict(entity)) for key, entity in tx["People"].items()}
            worker = {"salary": Decimal(3), "level": 2, "room_id": 1}
            assert found == {
                "pia": ("staff.Person", {"id": "pia", "name": "Pia"}),
                "bo": (
                    "staff.Boss",
                    {"id": "bo", "name": "Bo", "salary": Decimal(9), "level": 1, "room_id": None, "budget": 100},
                ),
                "eve": ("staff.Employee", {"id": "eve", "name": "Eve", **worker}),
                "cy": ("staff.Customer", {"id": "cy", "name": "Cy", "level": "gold"}),
            }
            assert tx["People"]["eve"].etag == tx["People"].of_type("Worker")["eve"].etag

    def test_a_collection_is_cast_to_a_derived_type(self, store: Store) -> None:
        with store.transaction() as tx:
            workers = tx["People"].of_type("staff.Worker")
            assert (list(workers), len(workers), "pia" in workers) == (["bo", "eve"], 2, False)
            assert [e.key for e in workers.where("salary lt 5").values()] == ["eve"]
            assert list(workers.of_type("Boss")) == ["bo"]
            assert list(tx["People"].where("name gt 'C'").of_type("Worker")) == ["eve"]
            bosses = tx["People"].of_type("Boss")
            assert list(bosses.follow("bo", "reports")) == list(bosses.follow("bo", "reports").of_type("Employee"))
            lead = workers.single("eve", "manager")
            assert lead is not None and (lead.key, lead.type.name) == ("bo", "Boss")
            with pytest.raises(NoSuchEntity):
                workers["pia"]
            with pytest.raises(InvalidInput, match="Room"):
                tx["People"].of_type("staff.Room")

    @pytest.mark.parametrize(("condition", "keys"), FILTERED)
    def test_conditions_speak_of_derived_types(self, store: Store, condition: str, keys: str) -> None:
        with store.transaction() as tx:
            assert list(tx["People"].where(condition).order_by("id")) == keys.split()
            assert tx["People"].where(condition).count() == len(keys.split())

    @pytest.mark.parametrize(("order", "keys"), ORDERED)
    def test_entities_are_ordered_by_what_only_some_have(self, store: Store, order: str, keys: str) -> None:
        with store.transaction() as tx:
            people = tx["People"].order_by(order)
            assert list(people) == keys.split()
            paged: list[str] = []
            after = None
            for _ in keys.split():
                page = people.page(1, after)
                paged, after = [*paged, *(entity.key for entity in page.entities)], page.after
            assert (paged, after) == (keys.split(), None)

    def test_what_is_selected_and_expanded_depends_on_the_type(self, store: Store) -> None:
        with store.transaction() as tx:
            rows = tx["People"].select("name", "staff.Employee/salary", "staff.Boss/budget").order_by("id").values()
            assert [sorted(row) for row in rows] == [
                ["budget", "id", "name"],
                ["id", "name"],
                ["id", "name", "salary"],
                ["id", "name"],
            ]
            people = tx["People"].select("id").expand("staff.Worker/manager($select=name)", "staff.Boss/reports")
            shown = {row.key: dict(row) for row in people.values()}
            assert {key: sorted(row) for key, row in shown.items()} == {
                "bo": ["id", "manager", "reports"],
                "cy": ["id"],
                "eve": ["id", "manager"],
                "pia": ["id"],
            }
            assert (shown["bo"]["manager"], dict(shown["eve"]["manager"])) == (None, {"name": "Bo"})
            assert [(item.key, item.type.name) for item in shown["bo"]["reports"]] == [("eve", "Employee")]
            rows = tx["People"].of_type("Boss").expand("reports/staff.Boss", "friend/staff.Customer").values()
            assert [(row["reports"], row["friend"]) for row in rows] == [([], None)]
            moon = next(iter(tx["Projects"].expand("team($orderby=id)").values()))
            assert [person.type.name for person in moon["team"]] == ["Boss", "Employee"]

    # --- complex values

    def test_complex_values_keep_their_types(self, store: Store) -> None:
        flat = {"@type": "staff.Flat", "city": "Rome", "floor": 3, "rent": Decimal("1.50")}
        with store.transaction() as tx:
            homes = tx["Homes"]
            made = homes.insert({"id": 1, "place": {**flat, "@type": "#staff.Flat"}, "former": [{"city": "A"}, flat]})
            assert (made["place"], made["former"]) == (flat, [{"city": "A"}, flat])
            homes.insert({"id": 2, "place": {"city": "Bonn"}})
            homes.insert({"id": 3})
        with store.transaction() as tx:
            homes = tx["Homes"]
            assert [home["place"] for home in homes.values()] == [flat, {"city": "Bonn"}, None]
            assert homes[1]["former"] == [{"city": "A"}, flat]
            assert list(homes.where("place/city eq 'Rome'")) == [1]
            assert homes.update(1, {"place": {"city": "Oslo"}})["place"] == {**flat, "city": "Oslo"}
            assert homes.update(1, {"place": {"@type": "staff.Place", "city": "Kiel"}})["place"] == {"city": "Kiel"}
            assert homes.update(2, {"place": flat})["place"] == flat
            before = self.state(store)
            for wrong in (
                {"@type": "staff.Room", "city": "x"},
                {"@type": "staff.Flat", "city": "x"},
                {"city": "x", "floor": 1},
                {"@type": "staff.Nothing"},
            ):
                with pytest.raises(InvalidInput):
                    homes.insert({"id": 4, "place": wrong})
                with pytest.raises(InvalidInput):
                    homes.insert({"id": 4, "former": [wrong]})
            assert self.state(store) == before

    # --- changing

    def test_an_entity_of_a_derived_type_is_inserted_changed_and_removed(self, store: Store) -> None:
        with store.transaction() as tx:
            made = tx["People"].insert({"id": "al", "name": "Al", "salary": Decimal("1.50")}, type="staff.Employee")
            assert (made.type.name, made["level"], made["room_id"]) == ("Employee", 1, None)
            assert tx["People"].of_type("Boss").insert({"id": "di", "name": "Di", "salary": 1}).type.name == "Boss"
            assert dict(tx["People"].update("al", {"salary": 2, "name": "Ali"})) == {
                **made, "salary": Decimal(2), "name": "Ali"
            }  # fmt: skip
            replaced = tx["People"].replace("al", {"name": "A", "salary": 3, "room": Ref(1)})
            assert (replaced.type.name, replaced["room_id"], replaced["level"]) == ("Employee", 1, 1)
            again = tx["People"].upsert("cy", {"level": "silver"})
            assert (again.type.name, again["level"]) == ("Customer", "silver")
            del tx["People"]["al"]
        assert "al" not in self.state(store)["People"]
        assert self.state(store)["People"]["cy"][1]["level"] == "silver"

    @pytest.mark.parametrize(("values", "error"), REFUSED)
    def test_what_fits_no_type_is_refused(self, store: Store, values: dict[str, Any], error: type[Exception]) -> None:
        before = self.state(store)
        with store.transaction() as tx, pytest.raises(error):
            tx["People"].insert({"id": "new", **values})
        assert self.state(store) == before

    def test_an_entity_keeps_its_type(self, store: Store) -> None:
        before = self.state(store)
        with store.transaction() as tx:
            for key, values in (
                ("eve", {"@type": "staff.Boss"}),
                ("eve", {"budget": 3}),
                ("pia", {"salary": 3}),
                ("eve", {"salary": None}),
            ):
                with pytest.raises(InvalidInput):
                    tx["People"].update(key, values)
            with pytest.raises(NoSuchEntity):
                tx["People"].of_type("Boss").update("eve", {"salary": 5})
            assert tx["People"].update("eve", {"@type": "staff.Employee"}).key == "eve"
        assert self.state(store) == before

    def test_links_lead_to_entities_of_their_type_alone(self, store: Store) -> None:
        with store.transaction() as tx:
            for key, navigation, target in (
                ("eve", "manager", "pia"),
                ("pia", "manager", "bo"),
                ("bo", "reports", "cy"),
            ):
                with pytest.raises(InvalidInput):
                    tx["People"].link(key, navigation, target)
            with pytest.raises(BrokenReference):
                tx["Projects"].update("moon", {"lead_id": "eve"})
            with pytest.raises(BrokenReference):
                tx["Projects"].insert({"id": "sun", "lead_id": "pia"})
            with pytest.raises(InvalidInput):
                tx["Projects"].link("moon", "team", "cy")
            tx["People"].unlink("eve", "manager")
            assert list(tx["People"].of_type("Boss").follow("bo", "reports")) == []
            tx["People"].link("bo", "reports", "eve")
            lead = tx["People"].of_type("Worker").single("eve", "manager")
            assert lead is not None and lead.key == "bo"
            tx["People"].unlink("eve", "projects", "moon")
            assert list(tx["Projects"].follow("moon", "team")) == ["bo"]
            tx["Projects"].delete("moon")
            assert len(tx["Projects"]) == 0

    def test_entities_of_derived_types_are_inserted_with_others(self, store: Store) -> None:
        with store.transaction() as tx:
            reports = [
                {"@type": "staff.Employee", "id": "b", "name": "b", "salary": 1},
                {"@type": "staff.Boss", "id": "c", "name": "c", "salary": 2, "projects": [Ref("moon")]},
            ]
            friend = {"@type": "staff.Customer", "id": "d", "name": "d"}
            tx["People"].insert(
                {"@type": "staff.Boss", "id": "a", "name": "a", "salary": 3, "reports": reports, "friend": friend}
            )
            under = tx["People"].of_type("Boss").follow("a", "reports")
            under.insert({"id": "e", "name": "e", "salary": 4}, type="Employee")
            assert [(e.key, e.type.name) for e in under.order_by("id").values()] == [
                ("b", "Employee"),
                ("c", "Boss"),
                ("e", "Employee"),
            ]
            assert sorted(tx["Projects"].follow("moon", "team")) == ["bo", "c", "eve"]
            assert tx["People"]["d"].type.name == "Customer"
            with pytest.raises(InvalidInput, match="abstract"):
                under.insert({"id": "f", "name": "f", "salary": 4})
