"""The behaviour of a store, whatever it is over. Each test starts from the same small world (`_world`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest

from demotic.errors import Conflict, DemoticError, InvalidInput, PreconditionFailed
from demotic.model import InvalidValue
from demotic.query import UnknownName
from demotic.store import (
    BrokenReference,
    DuplicateKey,
    MissingValue,
    NoSuchEntity,
    Ref,
    RequiredLink,
    StillReferenced,
    Store,
)
from demotic.testing.stores._world import fill

ALL_VALUES: dict[str, Any] = {
    "Name": "Ünï ☕",
    "Price": Decimal("12.50"),
    "Sold": datetime(2024, 2, 29, 12, 30, 1, tzinfo=UTC),
    "Stock": -7,
    "Active": True,
    "Since": date(1999, 12, 31),
    "Weight": 0.1,
    "Photo": b"\x00\xff",
}


class StoreSuite:
    """Subclass it in a test module, and have ``new_store`` return an empty store for the world."""

    def new_store(self, tmp_path: Any) -> Store:
        """Return an empty store; ``tmp_path`` is a folder of the test's own."""
        raise NotImplementedError("say which store is to be tested")

    @pytest.fixture
    def store(self, tmp_path: Any) -> Iterator[Store]:
        """The store with the first entities in it."""
        with self.new_store(tmp_path) as store:
            fill(store)
            yield store

    def state(self, store: Store) -> dict[str, Any]:
        """Return all that a store holds."""
        with store.transaction() as tx:
            found: dict[str, Any] = {name: {e.key: dict(e) for e in tx[name].values()} for name in tx}
            found["tags"] = {key: sorted(tx["Product"].follow(key, "Tag")) for key in tx["Product"]}
        return found

    # --- entities

    def test_what_is_inserted_is_returned_and_kept(self, store: Store) -> None:
        with store.transaction() as tx:
            made = tx["Product"].insert(ALL_VALUES)
        assert {name: made[name] for name in ALL_VALUES} == ALL_VALUES
        with store.transaction() as tx:
            assert dict(tx["Product"][made.key]) == dict(made)

    def test_the_store_makes_a_key_that_is_not_given(self, store: Store) -> None:
        with store.transaction() as tx:
            keys = [tx["Supplier"].insert({"Name": name}).key for name in "abc"]
            assert len({1, 2, *keys}) == 5

    def test_what_is_not_given_is_the_default_or_null(self, store: Store) -> None:
        with store.transaction() as tx:
            made = tx["Product"].insert({"Name": "Cup"})
            assert (made["Stock"], made["Price"], made["Active"]) == (0, None, None)

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"ID": 1, "Name": "x"}, DuplicateKey),
            ({"Price": 1}, MissingValue),
            ({"Name": None}, InvalidValue),
            ({"Name": 5}, InvalidValue),
            ({"Name": "x" * 41}, InvalidValue),
            ({"Name": "x", "Price": Decimal("1.234")}, InvalidValue),
            ({"Name": "x", "Stock": 2**63}, InvalidValue),
            ({"Name": "x", "Sold": datetime(2024, 1, 1)}, InvalidValue),
            ({"Name": "x", "Prise": 1}, UnknownName),
            ({"Name": "x", "Supplier_ID": 77}, BrokenReference),
            ({"Name": "x", "Supplier": Ref(77)}, NoSuchEntity),
            ({"Name": "x", "Supplier": Ref("one")}, NoSuchEntity),
            ({"Name": "x", "Supplier": [Ref(1)]}, InvalidInput),
            ({"Name": "x", "Supplier": 1}, InvalidInput),
            ({"Name": "x", "Tag": Ref("hot")}, InvalidInput),
            ({"Name": "x", "Supplier": Ref(1), "Supplier_ID": 2}, InvalidInput),
        ],
    )
    def test_what_may_not_be_inserted_changes_nothing(
        self, store: Store, values: dict[str, Any], error: type[DemoticError]
    ) -> None:
        before = self.state(store)
        with store.transaction() as tx, pytest.raises(error):
            tx["Product"].insert(values)
        assert self.state(store) == before

    def test_an_update_changes_what_is_given(self, store: Store) -> None:
        with store.transaction() as tx:
            before = tx["Product"][1]
            after = tx["Product"].update(1, {"Price": 4, "Active": False})
            assert dict(after) == {**before, "Price": 4, "Active": False} == dict(tx["Product"][1])

    def test_replacing_sets_what_is_not_given_to_its_default(self, store: Store) -> None:
        with store.transaction() as tx:
            after = tx["Product"].replace(2, {"Name": "Cream"})
            assert (after.key, after["Name"], after["Stock"], after["Price"]) == (2, "Cream", 0, None)

    def test_replacing_needs_what_an_entity_cannot_be_without(self, store: Store) -> None:
        with store.transaction() as tx, pytest.raises(InvalidValue):
            tx["Product"].replace(2, {"Stock": 1})

    def test_a_key_cannot_change(self, store: Store) -> None:
        with store.transaction() as tx:
            with pytest.raises(InvalidInput, match="key"):
                tx["Product"].update(1, {"ID": 7})
            assert tx["Product"].update(1, {"ID": 1, "Name": "Same"})["Name"] == "Same"

    def test_an_upsert_changes_or_inserts(self, store: Store) -> None:
        with store.transaction() as tx:
            assert dict(tx["Tag"].upsert("new", {})) == {"Name": "new"}
            assert tx["Product"].upsert(2, {"Stock": 6})["Name"] == "Milk"
            assert tx["Product"].upsert(50, {"Name": "Cup"}).key == 50

    def test_what_is_not_there_is_not_changed(self, store: Store) -> None:
        with store.transaction() as tx:
            for key in (99, "x", (1, 2), None):
                for change in (lambda k: tx["Product"].update(k, {"Stock": 1}), tx["Product"].delete):
                    with pytest.raises(KeyError):
                        change(key)

    def test_a_deleted_entity_is_gone_with_its_links_and_what_depends_on_it(self, store: Store) -> None:
        with store.transaction() as tx:
            del tx["Product"][1]
            assert 1 not in tx["Product"]
            assert len(tx["Line"]) == 0
            assert list(tx["Tag"].follow("hot", "Product")) == []

    def test_what_others_refer_to_is_not_deleted(self, store: Store) -> None:
        before = self.state(store)
        with store.transaction() as tx, pytest.raises(StillReferenced):
            tx["Supplier"].delete(1)
        assert self.state(store) == before

    def test_deleting_may_set_a_reference_to_null(self, store: Store) -> None:
        with store.transaction() as tx:
            tx["Folder"].delete(1)
            assert tx["Folder"][2]["Parent_ID"] is None

    def test_clearing_removes_what_the_collection_has(self, store: Store) -> None:
        with store.transaction() as tx:
            assert tx["Product"].where("Stock gt 0").clear() == 1
            assert list(tx["Product"]) == [1]

    # --- links

    def test_links_are_made_and_removed_on_both_sides(self, store: Store) -> None:
        with store.transaction() as tx:
            tx["Product"].link(2, "Tag", "white")
            tx["Product"].link(2, "Tag", "white")
            tx["Tag"].link("hot", "Product", 2)
            assert sorted(tx["Product"].follow(2, "Tag")) == ["hot", "white"]
            tx["Tag"].unlink("white", "Product", 2)
            assert list(tx["Product"].follow(2, "Tag")) == ["hot"]
            with pytest.raises(NoSuchEntity):
                tx["Product"].unlink(2, "Tag", "white")

    def test_a_link_to_one_takes_the_place_of_the_one_before(self, store: Store) -> None:
        with store.transaction() as tx:
            tx["Product"].link(1, "Supplier", 2)
            assert tx["Product"][1]["Supplier_ID"] == 2
            tx["Supplier"].link(1, "Product", 1)
            assert tx["Product"][1]["Supplier_ID"] == 1
            tx["Product"].unlink(1, "Supplier")
            assert tx["Product"][1]["Supplier_ID"] is None

    def test_a_link_that_is_needed_is_not_removed(self, store: Store) -> None:
        with store.transaction() as tx:
            with pytest.raises(RequiredLink):
                tx["Line"].unlink((1, 1), "Product")
            with pytest.raises(Conflict):
                tx["Line"].link((1, 1), "Product", 2)

    @pytest.mark.parametrize(("key", "target"), [(99, "hot"), (1, "cold"), (1, 5)])
    def test_both_ends_of_a_link_must_be_there(self, store: Store, key: Any, target: Any) -> None:
        with store.transaction() as tx, pytest.raises(NoSuchEntity):
            tx["Product"].link(key, "Tag", target)

    def test_an_update_may_change_links(self, store: Store) -> None:
        with store.transaction() as tx:
            assert tx["Product"].update(1, {"Supplier": Ref(2), "Tag": [Ref("white")]})["Supplier_ID"] == 2
            assert sorted(tx["Product"].follow(1, "Tag")) == ["hot", "white"]
            assert tx["Product"].update(1, {"Supplier": None})["Supplier_ID"] is None

    # --- deep inserts

    def test_new_entities_are_inserted_with_those_they_belong_to(self, store: Store) -> None:
        with store.transaction() as tx:
            made = tx["Product"].insert(
                {
                    "Name": "Pot",
                    "Supplier": {"Name": "New"},
                    "Line": [{"No": 1, "Quantity": 1}, {"No": 2, "Quantity": 2}],
                    "Tag": [Ref("hot"), {"Name": "big"}],
                }
            )
            found = tx["Product"].expand("Supplier", "Line", "Tag")[made.key]
            assert found["Supplier"]["Name"] == "New"
            assert [line["Quantity"] for line in found["Line"]] == [1, 2]
            assert sorted(tag["Name"] for tag in found["Tag"]) == ["big", "hot"]

    def test_deep_inserts_go_any_number_of_levels_down(self, store: Store) -> None:
        with store.transaction() as tx:
            made = tx["Supplier"].insert(
                {"Name": "Deep", "Product": [{"Name": "A", "Line": [{"No": 1, "Quantity": 9}]}]}
            )
            assert tx["Line"].where(f"Product/Supplier_ID eq {made.key}").first()["Quantity"] == 9  # type: ignore[index]
            leaf = tx["Folder"].insert(
                {"Name": "c", "Parent": {"Name": "b", "Parent": {"Name": "a", "Parent": Ref(1)}}}
            )
            assert tx["Folder"].expand("Parent($expand=Parent)")[leaf.key]["Parent"]["Parent"]["Parent_ID"] == 1

    def test_a_deep_insert_that_fails_in_the_middle_leaves_nothing(self, store: Store) -> None:
        before = self.state(store)
        with store.transaction() as tx, pytest.raises(DuplicateKey):
            tx["Supplier"].insert(
                {"Name": "x", "Product": [{"Name": "a", "Tag": [{"Name": "n"}]}, {"ID": 1, "Name": "taken"}]}
            )
        assert self.state(store) == before

    def test_a_new_entity_may_be_inserted_under_another(self, store: Store) -> None:
        with store.transaction() as tx:
            tx["Product"].follow(2, "Line").insert({"No": 1, "Quantity": 4})
            tx["Product"].follow(2, "Tag").insert({"Name": "cold"})
            tx["Supplier"].follow(2, "Product").insert({"Name": "Jam"})
            assert tx["Line"][2, 1]["Quantity"] == 4
            assert list(tx["Product"].follow(2, "Tag")) == ["cold"]
            assert [p["Name"] for p in tx["Supplier"].follow(2, "Product").values()] == ["Jam"]
            with pytest.raises(NoSuchEntity):
                tx["Product"].follow(99, "Line").insert({"No": 1, "Quantity": 4})

    # --- concurrency and transactions

    def test_an_entity_tag_tells_whether_an_entity_was_changed(self, store: Store) -> None:
        with store.transaction() as tx:
            tag = tx["Product"][1].etag
            changed = tx["Product"].update(1, {"Price": 9}, if_match=tag)
            assert changed.etag != tag
            for change in (
                lambda: tx["Product"].update(1, {"Price": 8}, if_match=tag),
                lambda: tx["Product"].replace(1, {"Name": "x"}, if_match=tag),
                lambda: tx["Product"].delete(1, if_match=tag),
            ):
                with pytest.raises(PreconditionFailed):
                    change()
            assert tx["Product"][1]["Price"] == 9
            tx["Product"].update(1, {"Price": 7}, if_match="*")
            tx["Product"].delete(1, if_match=tx["Product"][1].etag)

    def test_an_exception_leaves_everything_as_it_was(self, store: Store) -> None:
        before = self.state(store)
        with pytest.raises(ZeroDivisionError), store.transaction() as tx:
            tx["Product"].delete(1)
            tx["Tag"].insert({"Name": "x"})
            _ = 1 / 0
        assert self.state(store) == before

    def test_a_refused_change_leaves_the_others_of_its_transaction(self, store: Store) -> None:
        with store.transaction() as tx:
            tx["Tag"].insert({"Name": "kept"})
            with pytest.raises(DuplicateKey):
                tx["Tag"].insert({"Name": "hot"})
            tx["Tag"].insert({"Name": "too"})
        with store.transaction() as tx:
            assert sorted(tx["Tag"]) == ["hot", "kept", "too", "white"]

    def test_changes_are_seen_within_and_by_others_afterwards(self, store: Store) -> None:
        with store.transaction() as tx:
            tx["Product"].update(1, {"Stock": 77})
            assert list(tx["Product"].where("Stock eq 77")) == [1]
        with store.transaction() as tx:
            assert list(tx["Product"].where("Stock eq 77")) == [1]

    def test_writers_that_compare_first_lose_no_update(self, store: Store) -> None:
        def count(times: int) -> None:
            while times:
                with store.transaction() as tx:
                    found = tx["Product"][2]
                try:
                    with store.transaction(write=True) as tx:
                        tx["Product"].update(2, {"Stock": found["Stock"] + 1}, if_match=found.etag)
                    times -= 1
                except (PreconditionFailed, Conflict):
                    continue

        threads = [Thread(target=count, args=(10,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.transaction() as tx:
            assert tx["Product"][2]["Stock"] == 45
