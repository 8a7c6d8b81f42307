"""Operations registered on a model and called with native values, without any protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Annotated, Any

import pytest

from demotic.errors import DemoticError, InternalFault
from demotic.model import (
    INT16,
    DeclarationError,
    FromSet,
    MaxLength,
    Model,
    Name,
    Operation,
    Record,
    complex_type,
    declare,
    entity,
    read_xml,
    write_xml,
)
from demotic.service import Service
from demotic.service.operations import Context, OperationFailed, Operations, OperationsFault
from demotic.store import Collection, Entity
from demotic.store.memory import MemoryStore


class Colour(IntEnum):
    RED = 1
    BLUE = 2


@complex_type()
@dataclass
class Money:
    amount: Decimal
    colour: Colour
    note: Annotated[str | None, Name("Note")] = None


@complex_type()
class Size:
    width: int


@entity(key="id", set="Things")
class Thing:
    id: int
    name: Annotated[str, MaxLength(10)]


class Stranger:
    """No type of any model."""


def model() -> Model:
    return declare("Shop", Colour, Money, Size, Thing)


def store() -> MemoryStore:
    return MemoryStore(model(), {"Things": [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}]})


def declared(function: Callable[..., Any], **stated: Any) -> Operation:
    """The operation that a function declares."""
    operations = Operations()
    operations.action(**stated)(function)
    found = Service(store(), operations=operations).model.find(f"Shop.{stated.get('name', function.__name__)}")
    assert isinstance(found, list)
    return found[0]


@pytest.mark.feature("F-OPERATION-10")
def test_hints_become_parameters_and_defaults_make_them_optional() -> None:
    def Act(
        context: Context,
        a: int,
        b: Annotated[str, MaxLength(3), Name("Bee")],
        c: date | None,
        d: list[Decimal],
        e: Colour = Colour.BLUE,
        f: Annotated[int, INT16] = 7,
        g: str | None = None,
        h: Money | None = None,
    ) -> Thing | None:
        """Acts.

        And how.
        """

    found = declared(Act)
    said = [(p.name, p.type.qualified_name, p.nullable, p.collection) for p in found.parameters.values()]
    assert said == [
        ("a", "Edm.Int64", False, False),
        ("Bee", "Edm.String", False, False),
        ("c", "Edm.Date", True, False),
        ("d", "Edm.Decimal", False, True),
        ("e", "Shop.Colour", False, False),
        ("f", "Edm.Int16", False, False),
        ("g", "Edm.String", True, False),
        ("h", "Shop.Money", True, False),
    ]
    assert found.parameters["Bee"].facets.max_length == 3
    values = [p.annotations[0].value for p in found.parameters.values() if p.annotations]
    assert [item.values for item in values if isinstance(item, Record)] == [
        {"DefaultValue": "BLUE"},
        {"DefaultValue": "7"},
        {},
        {},
    ]
    assert found.returns is not None
    assert (found.returns.type.qualified_name, found.returns.nullable) == ("Shop.Thing", True)
    assert [(item.term.rpartition(".")[2], item.value) for item in found.annotations] == [
        ("Description", "Acts."),
        ("LongDescription", "And how."),
    ]


@pytest.mark.feature("F-OPERATION-10")
def test_what_functions_declare_is_written_as_metadata_that_reads_the_same() -> None:
    operations = Operations("Shop.Work", default_namespace=False)

    @operations.function
    def Named(name: str) -> Iterable[Thing]:
        return []

    @operations.function(name="Named")
    def named_by_number(number: int) -> Iterable[Thing]:
        return []

    @operations.action(bound=True)
    def Rename(thing: Thing, name: str = "x") -> None: ...

    whole = Service(store(), operations=operations).model
    assert list(whole.schemas) == ["Shop", "Shop.Work"]
    again = read_xml(write_xml(whole))
    found = again.find("Shop.Work.Named")
    assert isinstance(found, list)
    assert [list(item.parameters) for item in found] == [["name"], ["number"]]
    assert again.container is not None
    imported = again.container.imports["Named"]
    assert (imported.operation, imported.set) == ("Shop.Work.Named", again.container.sets["Things"])
    assert list(again.container.imports) == ["Named"]
    assert again["Shop.Work"].annotations == []


def wrong_hint(thing: Stranger) -> None: ...
def no_hint(thing) -> None: ...  # type: ignore[no-untyped-def]
def no_return(number: int): ...  # type: ignore[no-untyped-def]
def many(*numbers: int) -> None: ...
def no_set(thing: Annotated[Entity, FromSet("Nothings")]) -> None: ...
def unbound() -> None: ...
def of_a_value(number: int) -> None: ...
def two_types(number: int | str) -> None: ...
def unknown(thing: Nowhere) -> None: ...  # type: ignore[name-defined]  # noqa: F821
async def later() -> None: ...
def nothing() -> None: ...


DECLARATIONS: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
    (wrong_hint, {}, "wrong_hint.thing.: Stranger is no type of a model"),
    (no_hint, {}, "no_hint.thing.: without a type hint"),
    (no_return, {}, "no_return: without a hint of what it returns"),
    (many, {}, "no name that callers could use"),
    (no_set, {}, "there is no entity set Nothings"),
    (unbound, {"bound": True}, "bound to nothing"),
    (of_a_value, {"bound": True}, "bound to a value"),
    (two_types, {}, "a union of types"),
    (unknown, {}, "an annotation cannot be read"),
    (later, {}, "asynchronous"),
    (nothing, {"name": "Thing"}, "the name of something else"),
    (nothing, {"name": "Things"}, "the name of an entity set"),
    (nothing, {"creates": True}, "creates, but returns no entity"),
]


@pytest.mark.feature("F-OPERATION-11")
@pytest.mark.parametrize(("function", "stated", "said"), DECLARATIONS)
def test_a_function_that_no_operation_can_be_is_refused(
    function: Callable[..., Any], stated: dict[str, Any], said: str
) -> None:
    with pytest.raises((DeclarationError, OperationsFault), match=said):
        declared(function, **stated)


@pytest.mark.feature("F-OPERATION-11")
def test_overloads_that_cannot_be_told_apart_are_refused() -> None:
    for kind, second, said in (
        ("function", no_hint, "without a type hint"),
        ("function", _number, "registered twice"),
        ("function", _text, "return different types"),
        ("action", nothing, "the name of something else"),
    ):
        operations = Operations()
        operations.function(name="F")(_number)
        getattr(operations, kind)(name="F")(second)
        with pytest.raises(DemoticError, match=said):
            Service(store(), operations=operations)


def _number(number: int) -> int:
    return number


def _text(text: str) -> str:
    return text


CSDL = """<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="S" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <Function Name="Add"><Parameter Name="a" Type="Edm.Int16" Nullable="false"/><ReturnType Type="Edm.Int32"/></Function>
  <Function Name="Add"><Parameter Name="text" Type="Edm.String"/><ReturnType Type="Edm.Int32"/></Function>
  <EntityContainer Name="C"><FunctionImport Name="Add" Function="S.Add"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""


def add(a: int) -> int:
    return a + 1


def add_text(text: str | None) -> int:
    return len(text or "")


def add_more(a: int, b: int) -> int:
    return a + b


def add_float(a: float) -> int:
    return int(a)


def add_nothing(a: int) -> None: ...


@pytest.mark.feature("F-OPERATION-11")
@pytest.mark.spec("OD-035")
def test_functions_are_registered_for_what_a_model_declares() -> None:
    operations = Operations()
    operations.implements("S.Add")(add)
    operations.implements("S.Add")(add_text)
    service = Service(MemoryStore(read_xml(CSDL.encode())), operations=operations)
    overloads = service.model.find("S.Add")
    assert isinstance(overloads, list)
    with service.reading() as transaction:
        assert service.call(overloads[0], {"a": 1}, transaction).value == 2
        assert service.call(overloads[1], {"text": "four"}, transaction).value == 4
        assert service.call(overloads[1], {}, transaction).value == 0


@pytest.mark.feature("F-OPERATION-11")
@pytest.mark.parametrize(
    ("target", "functions", "said"),
    [
        ("S.Add", [add], "nothing does S.Add"),
        ("S.Ad", [add], "no operation S.Ad .did you mean S.Add"),
        ("S.Add", [add_more], "its parameter b is none of the operation's"),
        ("S.Add", [nothing], "it has no parameter a"),
        ("S.Add", [add_float], "not hinted as Edm.Int16"),
        ("S.Add", [add_nothing], "the one returns something, the other nothing"),
        ("S.Add", [add, add], "registered twice"),
    ],
)
def test_functions_that_do_not_fit_what_a_model_declares_are_refused(
    target: str, functions: list[Callable[..., Any]], said: str
) -> None:
    operations = Operations()
    for function in functions:
        operations.implements(target)(function)
    with pytest.raises(OperationsFault, match=said):
        Service(MemoryStore(read_xml(CSDL.encode())), operations=operations)


def called(function: Callable[..., Any], arguments: dict[str, object], **stated: Any) -> Any:
    """What a function comes to when it is called as an action with native values."""
    operations = Operations()
    operations.action(name="Act", **stated)(function)
    service = Service(store(), operations=operations)
    found = service.model.find("Shop.Act")
    assert isinstance(found, list)
    home = service.model.container.sets["Things"] if service.model.container is not None else None
    return service.transact(lambda transaction: service.call(found[0], arguments, transaction, home=home)).value


@pytest.mark.feature("F-OPERATION-10")
def test_functions_get_the_objects_that_their_hints_speak_of() -> None:
    def act(money: Money, colour: Colour, size: Size, many: list[Money], day: date | None = None) -> Money:
        assert isinstance(money, Money) and money.colour is Colour.BLUE and money.note == "n"
        assert colour is Colour.RED and day is None
        assert size == {"width": 3} and [item.amount for item in many] == [2]
        return Money(money.amount * 2, colour)

    given = {"amount": 1.5, "colour": "BLUE", "Note": "n"}
    arguments = {"money": given, "colour": 1, "size": {"width": 3}, "many": [{"amount": 2, "colour": 1}]}
    assert called(act, arguments) == {"amount": Decimal("3.0"), "colour": 1, "Note": None}


def entities(context: Context) -> list[Thing]:
    return list(context["Things"].values())  # type: ignore[arg-type]


def parts(context: Context) -> Annotated[Collection, FromSet("Things", many=True)]:
    return context["Things"].select("id")


def made(context: Context) -> Thing:
    return {"id": 9, "name": "nine"}  # type: ignore[return-value]


def generated(context: Context) -> Iterable[Thing]:
    yield from context["Things"].values()  # type: ignore[misc]


def misnamed() -> Thing:
    return {"id": 9, "nam": "nine"}  # type: ignore[return-value]


def too_long() -> Thing:
    return {"id": 9, "name": "n" * 11}  # type: ignore[return-value]


def number() -> Thing:
    return 9  # type: ignore[return-value]


def none() -> int:
    return None  # type: ignore[return-value]


def one() -> list[int]:
    return 1  # type: ignore[return-value]


def something() -> None:
    return 1  # type: ignore[return-value]


def one_none() -> list[str]:
    return ["a", None]  # type: ignore[list-item]


@pytest.mark.feature("F-OPERATION-10")
@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (entities, [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}]),
        (parts, [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}]),
        (generated, [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}]),
        (made, {"id": 9, "name": "nine"}),
    ],
)
def test_entities_are_returned_whole(function: Callable[..., Any], expected: object) -> None:
    assert called(function, {}) == expected


@pytest.mark.feature("F-OPERATION-05")
@pytest.mark.parametrize("function", [misnamed, too_long, number, none, one, something, one_none])
def test_what_a_function_must_not_return_is_its_fault_not_the_callers(
    function: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(OperationFailed) as caught:
        called(function, {})
    assert isinstance(caught.value, InternalFault) and str(caught.value) == "Act failed"
    assert "it returned" in caplog.text or "must not" in caplog.text or "at most" in caplog.text
