"""Python classes to models and back to source."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, IntFlag
from pathlib import Path
from typing import Annotated, ClassVar
from uuid import UUID

import pytest

from demotic.errors import DemoticError, Unsupported
from demotic.model import (
    BYTE,
    DECIMAL,
    INT16,
    Annotation,
    Contained,
    DeclarationError,
    Default,
    DuplicateName,
    EnumType,
    Facets,
    Include,
    MaxLength,
    Model,
    Name,
    On,
    OnDelete,
    Partner,
    Precision,
    Record,
    Reference,
    Scale,
    Schema,
    TypeDefinition,
    check,
    complex_type,
    declare,
    entity,
    enumeration,
    write_python,
)
from demotic.store.memory import MemoryStore

CORE = "Org.OData.Core.V1"
WEIGHT = TypeDefinition("", "Weight", DECIMAL, Facets(precision=6, scale=3))


class Status(IntEnum):
    ACTIVE = 1
    ENDED = 2


@enumeration(underlying=BYTE)
class Rights(IntFlag):
    READ = 1
    WRITE = 2


@complex_type()
class Address:
    street: Annotated[str, MaxLength(80)]
    city: str | None


@entity(abstract=True, key="id")
class Party:
    id: int
    name: Annotated[str, MaxLength(40), Annotation(f"{CORE}.Description", "as on the letterhead")]


@entity(set="Customers", singleton="Me")
class Customer(Party):
    kinds: ClassVar[int] = 3
    status: Annotated[Status, Default("ACTIVE")]
    rights: Rights | None
    address: Address
    more_addresses: list[Address]
    nicknames: list[str | None]
    from_: Annotated[date | None, Name("from")]
    orders: Annotated[list[Order], Partner("customer"), OnDelete("Cascade")]


@entity(key=("customer_id", "number"), set="Orders", annotations=[Annotation(f"{CORE}.Description", "what was bought")])
class Order:
    customer_id: int
    number: Annotated[int, INT16]
    total: Annotated[Decimal, Precision(10), Scale(2)] | None
    weight: Annotated[Decimal, WEIGHT]
    at: Annotated[datetime, Precision(6)]
    daily: time
    lasting: timedelta
    token: UUID
    blob: bytes
    ratio: float
    paid: bool
    customer: Annotated[Customer, Partner("orders"), On("customer_id", "id")]
    notes: Annotated[list[Note], Contained()]


@entity(key="id")
class Note:
    id: int


SHOP = (Status, Rights, WEIGHT, Address, Party, Customer, Order, Note)


@pytest.fixture
def shop() -> Model:
    return declare(
        "shop",
        *SHOP,
        alias="self",
        references=[Reference("https://example.org/Core.xml", (Include(CORE, "Core"),))],
        set_annotations={"Orders": [Annotation("x.Restrictions", Record({"Countable": False}))]},
    )


@pytest.mark.spec("OD-016")
@pytest.mark.feature("F-MODEL-04")
def test_classes_become_types_with_everything_that_their_annotations_say(shop) -> None:
    customer, order = shop.find("shop.Customer"), shop.find("shop.Order")
    said = {name: (p.type.qualified_name, p.nullable, p.collection) for name, p in customer.all_properties().items()}
    assert said == {
        "id": ("Edm.Int64", False, False),
        "name": ("Edm.String", False, False),
        "status": ("shop.Status", False, False),
        "rights": ("shop.Rights", True, False),
        "address": ("shop.Address", False, False),
        "more_addresses": ("shop.Address", False, True),
        "nicknames": ("Edm.String", True, True),
        "from": ("Edm.Date", True, False),
    }
    assert customer.base is shop.find("shop.Party") and customer.base.abstract
    assert [p.name for p in customer.key] == ["id"]
    assert [p.name for p in order.key] == ["customer_id", "number"]
    assert order.properties["total"].facets == Facets(precision=10, scale=2)
    assert order.properties["number"].type is INT16
    assert order.properties["weight"].type is shop.find("shop.Weight")
    assert customer.properties["status"].default == "ACTIVE"
    assert shop.find("shop.Rights").is_flags


@pytest.mark.feature("F-MODEL-04")
def test_navigation_knows_its_partner_its_constraints_and_its_set(shop) -> None:
    customer, order = shop.find("shop.Customer"), shop.find("shop.Order")
    orders, back = customer.navigation["orders"], order.navigation["customer"]
    assert (orders.partner, back.partner) == (back, orders)
    assert back.constraints == ((order.properties["customer_id"], customer.all_properties()["id"]),)
    assert (orders.collection, orders.on_delete, back.nullable) == (True, "Cascade", False)
    assert order.navigation["notes"].contains_target
    container = shop.container
    assert container.sets["Orders"].bindings == {"customer": container.sets["Customers"]}
    assert container.singletons["Me"].bindings == {"orders": container.sets["Orders"]}
    assert check(shop) == []


@pytest.mark.feature("F-MODEL-05")
def test_source_text_makes_the_same_model_again(shop, shape, tmp_path) -> None:
    assert shape(executed(write_python(shop), tmp_path)) == shape(shop)


@pytest.mark.feature("F-MODEL-05")
def test_names_that_python_reserves_survive_as_source(shape, tmp_path) -> None:
    model = declare("shop", Status, Note)
    model["shop"].types["None"] = EnumType("shop", "None", {"None": 0, "class": 1}, BYTE)
    model["shop"].types["datetime"] = EnumType("shop", "datetime", {"x": 0}, BYTE, is_flags=True)
    assert shape(executed(write_python(model), tmp_path)) == shape(model)


def executed(source: str, folder: Path) -> Model:
    """Return `model` of a module with this source."""
    (folder / "generated.py").write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("generated_model", folder / "generated.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["generated_model"] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules["generated_model"]
    return module.model


def test_what_classes_cannot_say_is_refused_as_source() -> None:
    with pytest.raises(Unsupported, match="a model of 2 schemas"):
        write_python(Model({"a": Schema("a"), "b": Schema("b")}))
    model = declare("shop", Status)
    model["shop"].external_annotations["shop.Status"] = []
    with pytest.raises(Unsupported, match="annotations apart from their target"):
        write_python(model)


def faulty(**annotations: object) -> type:
    """Return an entity class with a key and these attributes."""
    return entity(key="id")(type("Faulty", (), {"__annotations__": {"id": int, **annotations}}))


class Plain:
    pass


class Words(Enum):
    ONE = "one"


UNION = "a union of types"
REFUSED = [
    ([faulty(x=Plain)], DeclarationError, "Faulty.x: Plain is no type of a model"),
    ([faulty(x=int | str)], DeclarationError, f"Faulty.x: {UNION}"),
    ([faulty(x=int | str | None)], DeclarationError, f"Faulty.x: {UNION}"),
    ([faulty(x=list[list[int]])], DeclarationError, "Faulty.x: a list in a list"),
    ([faulty(x=list[int] | None)], DeclarationError, "Faulty.x: .* list that may be None"),
    ([faulty(x="Nowhere")], DeclarationError, "Faulty: an annotation cannot be read"),
    ([faulty(x=Annotated[str, Partner("y")])], DeclarationError, "Faulty.x: .*says nothing here"),
    ([faulty(x=Annotated[str, 5])], DeclarationError, "Faulty.x: 5 says nothing here"),
    ([faulty(x=Annotated[str, MaxLength(1), MaxLength(2)])], DeclarationError, "MaxLength is given twice"),
    ([faulty(x=Annotated[Note, Partner("y")]), Note], DeclarationError, "there is no navigation property 'y'"),
    ([faulty(x=Annotated[Note, On("z", "id")]), Note], DeclarationError, "Faulty.x: there is no property 'z'"),
    ([faulty(x=Annotated[int, Name("id")])], DuplicateName, "shop.Faulty/id: declared twice"),
    ([entity(key="no")(type("Keyless", (), {}))], DeclarationError, "Keyless: its key 'no' is no property"),
    ([Plain], DeclarationError, "Plain: not declared"),
    ([Words], DeclarationError, "Words.ONE: its value is no whole number"),
    ([Customer, Status, Rights, Address, Order, Note], DeclarationError, "its base Party is not among the types"),
    ([faulty(x=Annotated[Decimal, WEIGHT])], DeclarationError, "Faulty.x: its type definition Weight is not among"),
    ([Note, Note], DuplicateName, "shop.Note: declared twice"),
]


@pytest.mark.feature("F-MODEL-04")
@pytest.mark.parametrize(("types", "error", "problem"), REFUSED)
def test_a_faulty_declaration_is_named_by_class_and_attribute(types, error, problem) -> None:
    with pytest.raises(error, match=problem) as caught:
        declare("shop", *types)
    assert isinstance(caught.value, DemoticError)


@entity(key="id", set="Staff")
class Person:
    id: int


@entity()
class Worker(Person):
    boss: Annotated[Chief | None, Partner("team")]


@entity()
class Chief(Worker):
    team: Annotated[list[Worker], Partner("boss")]


def test_navigation_of_derived_types_is_bound_to_the_set_of_their_base() -> None:
    model = declare("staff", Person, Worker, Chief)
    assert check(model) == []
    assert model.container is not None
    staff = model.container.sets["Staff"]
    assert staff.bindings == {"staff.Worker/boss": staff, "staff.Chief/team": staff}
    with MemoryStore(model) as store, store.transaction() as tx:
        chief = tx["Staff"].insert({"@type": "staff.Chief", "id": 1, "team": [{"@type": "staff.Worker", "id": 2}]})
        assert [item.type.name for item in tx["Staff"].of_type("Chief").follow(chief.key, "team").values()] == [
            "Worker"
        ]
