"""What `check` finds: each way to break a sound model, and what it is called."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from demotic.model import (
    INT32,
    PRIMITIVES,
    STRING,
    DuplicateName,
    EntityContainer,
    EntitySet,
    EntityType,
    EnumType,
    Facets,
    IncompatibleNames,
    InvalidMetadataDocument,
    InvalidName,
    Model,
    ModelConstraintError,
    ModelError,
    ModelIncomplete,
    NavigationProperty,
    NotFoundInModel,
    Property,
    Schema,
    TypeDefinition,
    check,
    ensure,
    is_identifier,
)


def sound() -> Model:
    """Return customers and their orders, with nothing wrong."""
    customer = EntityType("shop", "Customer", properties={"ID": Property("ID", INT32, nullable=False)})
    order = EntityType("shop", "Order")
    order.properties = {
        "ID": Property("ID", INT32, nullable=False),
        "CustomerID": Property("CustomerID", INT32),
        "Text": Property("Text", STRING, facets=Facets(max_length=20)),
    }
    customer.own_key, order.own_key = (customer.properties["ID"],), (order.properties["ID"],)
    back = NavigationProperty("Customer", customer)
    back.constraints = ((order.properties["CustomerID"], customer.properties["ID"]),)
    many = NavigationProperty("Orders", order, collection=True, partner=back)
    back.partner, customer.navigation, order.navigation = many, {"Orders": many}, {"Customer": back}
    sets = {"Customers": EntitySet("Customers", customer), "Orders": EntitySet("Orders", order)}
    sets["Customers"].bindings["Orders"] = sets["Orders"]
    sets["Orders"].bindings["Customer"] = sets["Customers"]
    colour = EnumType("shop", "Colour", {"Red": 1}, INT32)
    types = {"Customer": customer, "Order": order, "Colour": colour}
    return Model({"shop": Schema("shop", types=types, container=EntityContainer("C", sets))})


def test_nothing_is_wrong_with_a_sound_model() -> None:
    assert check(sound()) == []
    model = sound()
    assert ensure(model) is model


def order(model: Model) -> EntityType:
    found = model.find("shop.Order")
    assert isinstance(found, EntityType)
    return found


def customer(model: Model) -> EntityType:
    found = model.find("shop.Customer")
    assert isinstance(found, EntityType)
    return found


def add(model: Model, *, scope: EntityType | None = None, **given: object) -> None:
    owner = scope or order(model)
    owner.properties[str(given["name"])] = Property(**given)


def strange_type(model: Model) -> None:
    add(model, name="x", type=EnumType("other", "X", {"A": 1}, INT32))


def loop(model: Model) -> None:
    order(model).base = customer(model)
    customer(model).base = order(model)


def float_key(model: Model) -> None:
    order(model).properties["ID"].type = PRIMITIVES["Double"]


def lost_binding(model: Model) -> None:
    del model["shop"].container.sets["Customers"]


def wrong_binding(model: Model) -> None:
    sets = model["shop"].container.sets
    sets["Orders"].bindings["Customer"] = sets["Orders"]


def keyless(model: Model) -> None:
    order(model).own_key = ()


def wrong_partner(model: Model) -> None:
    extra = NavigationProperty("Extra", customer(model), partner=customer(model).navigation["Orders"])
    order(model).navigation["Extra"] = extra
    model["shop"].container.sets["Orders"].bindings["Extra"] = model["shop"].container.sets["Customers"]


BROKEN: list[tuple[Callable[[Model], object], type[ModelError], str]] = [
    (lambda m: m["shop"].types.update({"2x": EnumType("shop", "2x", {"A": 1}, INT32)}), InvalidName, "'2x'"),
    (lambda m: m.schemas.update({"a b": Schema("a b")}), InvalidName, "'a b' is no namespace"),
    (lambda m: m.schemas.update({"Edm": Schema("Edm")}), InvalidName, "Edm is reserved"),
    (lambda m: add(m, name="Customer", type=STRING), DuplicateName, "shop.Order: Customer is declared 2 times"),
    (lambda m: m["shop"].types.update({"C": EnumType("shop", "C", {"A": 1}, INT32)}), DuplicateName, "C is declared"),
    (lambda m: m.schemas.update({"b": Schema("b", alias="shop")}), DuplicateName, "shop is declared 2 times"),
    (lambda m: m.schemas.update({"shop.Order": Schema("shop.Order")}), IncompatibleNames, "hides the namespace"),
    (strange_type, ModelIncomplete, "shop.Order/x: its type other.X is not in the model"),
    (loop, InvalidMetadataDocument, "it is its own base type"),
    (float_key, InvalidMetadataDocument, "a key property cannot be of Edm.Double"),
    (lambda m: setattr(order(m).own_key[0], "nullable", True), InvalidMetadataDocument, "cannot be null"),
    (lambda m: order(m).properties.pop("ID"), ModelIncomplete, "its key property ID is not one of its properties"),
    (keyless, ModelConstraintError, "shop.C/Orders: its type Order has no key"),
    (lambda m: order(m).navigation.pop("Customer"), ModelIncomplete, "its partner Customer is none of Order"),
    (wrong_partner, InvalidMetadataDocument, "its partner Orders has Customer as partner"),
    (
        lambda m: setattr(order(m).properties["CustomerID"], "type", STRING),
        ModelConstraintError,
        "CustomerID of Edm.String can never equal ID of Edm.Int32",
    ),
    (lambda m: order(m).properties.pop("CustomerID"), ModelIncomplete, "its constraint names CustomerID"),
    (lost_binding, ModelIncomplete, "Customer is bound to Customers, which the container lacks"),
    (wrong_binding, InvalidMetadataDocument, "Customer leads to Customer, but Orders has Order"),
    (
        lambda m: m["shop"].container.sets["Orders"].bindings.clear(),
        ModelIncomplete,
        "shop.C/Orders: Customer is not bound to an entity set",
    ),
    (lambda m: m.find("shop.Colour").members.clear(), InvalidMetadataDocument, "it has no members"),
    (lambda m: m.find("shop.Colour").members.update(X=2**31), InvalidMetadataDocument, "is outside"),
    (lambda m: setattr(m.find("shop.Colour"), "underlying", STRING), InvalidMetadataDocument, "no integer type"),
    (lambda m: add(m, name="x", type=STRING, facets=Facets(max_length=0)), InvalidMetadataDocument, "less than 1"),
    (lambda m: add(m, name="x", type=INT32, facets=Facets(max_length=1)), InvalidMetadataDocument, "says nothing"),
    (
        lambda m: add(m, name="x", type=PRIMITIVES["Decimal"], facets=Facets(precision=2, scale=3)),
        InvalidMetadataDocument,
        "a scale of 3 is more than the precision of 2",
    ),
    (
        lambda m: add(m, name="x", type=PRIMITIVES["TimeOfDay"], facets=Facets(precision=13)),
        InvalidMetadataDocument,
        "outside 0 to 12",
    ),
    (
        lambda m: m["shop"].types.update(T=TypeDefinition("shop", "T", STRING, Facets(scale=1))),
        InvalidMetadataDocument,
        "scale says nothing about Edm.String",
    ),
    (lambda m: add(m, name="x", type=INT32, default="one"), InvalidMetadataDocument, "its default value 'one'"),
    (
        lambda m: add(m, name="x", type=m.find("shop.Colour"), default="Blue"),
        InvalidMetadataDocument,
        "'Blue' is no member of Colour",
    ),
]


@pytest.mark.feature("F-MODEL-06")
@pytest.mark.spec("OD-304", "OD-305", "OD-306", "OD-307", "OD-308")
@pytest.mark.parametrize(("spoil", "error", "problem"), BROKEN)
def test_each_flaw_is_found_under_its_own_name(spoil, error, problem) -> None:
    model = sound()
    spoil(model)
    matching = [finding for finding in check(model) if problem in str(finding)]
    assert [type(finding) for finding in matching[:1]] == [error], check(model)
    with pytest.raises(ModelError) as caught:
        ensure(model)
    assert len(caught.value.details) == len(check(model)) - 1


def test_bindings_may_be_left_out_where_no_service_is_meant() -> None:
    model = sound()
    model["shop"].container.sets["Orders"].bindings.clear()
    assert check(model, bindings=False) == []


@pytest.mark.parametrize("name", ["a", "_1", "Größe", "名前", "a·".replace("·", "\u203f"), "x" * 128])
def test_identifiers_may_be_of_any_script(name) -> None:
    assert is_identifier(name)


@pytest.mark.feature("F-MODEL-06")
@pytest.mark.spec("OD-008")
@pytest.mark.parametrize("name", ["", "1a", "a b", "a-b", "a.b", "$a", "x" * 129])
def test_other_names_are_no_identifiers(name) -> None:
    assert not is_identifier(name)


@pytest.mark.feature("F-MODEL-07")
@pytest.mark.spec("OD-005")
def test_a_name_leads_to_the_same_object_as_each_step_alone() -> None:
    model = sound()
    orders = model["shop"].container.sets["Orders"]
    assert model.find("shop") is model["shop"]
    assert model.find("shop.C.Orders") is model.find("shop.C/Orders") is orders
    assert model.find("shop.Order.Text") is model.find("shop.C/Orders/Text") is orders.type.properties["Text"]
    assert model.find("shop.Order/Customer/ID") is customer(model).properties["ID"]
    assert model.find("shop.Colour.Red") == 1
    assert model.find("Edm.Int32") is INT32


@pytest.mark.feature("F-MODEL-07")
@pytest.mark.spec("OD-004", "OD-006", "OD-009")
def test_every_name_is_listed_and_every_level_is_a_mapping() -> None:
    model = sound()
    names = list(model.names())
    assert names[0] == "shop"
    assert len(set(names)) == len(names)
    assert all(model.find(name) is not None for name in names)
    for name in ("shop.Order/Text", "shop.Order/Customer", "shop.C/Orders", "shop.Colour/Red"):
        assert name in names
    schema = model["shop"]
    assert list(model) == ["shop"]
    assert schema.types["Order"] is model.find("shop.Order")
    assert schema.types["Order"].properties["Text"] is model.find("shop.Order/Text")
    assert schema.containers() == [schema.container]
    assert schema.container.members()["Orders"] is model.find("shop.C/Orders")


@pytest.mark.feature("F-MODEL-07")
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("shop.Nothing", "nothing called Nothing"),
        ("shop.C/Nothing", r"nothing called Nothing \(there is Customers, Orders\)"),
        ("other.Thing", r"nothing called other.Thing \(its namespaces are shop\)"),
        ("Edm.DateTime", "nothing called Edm.DateTime"),
    ],
)
def test_a_name_that_leads_nowhere_says_where_it_stopped(name, problem) -> None:
    with pytest.raises(NotFoundInModel, match=problem):
        sound().find(name)
