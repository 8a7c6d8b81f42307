"""Operations on the lab, in Python: the same over each kind of store, as they speak of its sets alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from demotic.errors import Conflict, NotFound
from demotic.model import FromSet
from demotic.service.identity import Identity
from demotic.service.operations import Context, Operations
from demotic.store import Collection, Entity

Task = Annotated[Entity, FromSet("Tasks")]
Tasks = Annotated[Iterable[Entity], FromSet("Tasks")]
Tag = Annotated[Entity, FromSet("Tags")]


class Busy(Conflict):
    """Somebody else is at it."""

    code = "Busy"


def operations() -> Operations:
    """Functions and actions of every shape that the lab's sets allow."""
    offered = Operations()

    @offered.function
    def Opened() -> bool:
        """Whether the lab is open."""
        return True

    @offered.function
    def Sum(a: int, b: int = 10, scale: Decimal | None = None) -> Decimal:
        return (a + b) * (Decimal(1) if scale is None else scale)

    @offered.function(name="Sum")
    def sum_of_many(numbers: list[int]) -> Decimal:
        return Decimal(sum(numbers))

    @offered.function
    def Words(text: str, day: date | None) -> list[str]:
        return [*text.split(" "), *([] if day is None else [day.isoformat()])]

    @offered.function
    def Doubled(number: int) -> int:
        return 2 * number

    @offered.function
    def Halved(number: Decimal) -> Decimal:
        return number / 2

    @offered.function
    def Following(day: date) -> date:
        return day + timedelta(days=1)

    @offered.function
    def Nothing() -> str | None:
        return None

    @offered.function
    def Heaviest(context: Context, most: int = 3) -> Tasks:
        """The heaviest tasks, heaviest first."""
        return context["Tasks"].order_by("weight desc")[:most].values()

    @offered.function
    def First(context: Context) -> Annotated[Entity, FromSet("Tasks")] | None:
        return context["Tasks"].where("id lt 1").first()

    @offered.function
    def TaskOf(context: Context, id: int) -> Task:
        return context["Tasks"][id]

    @offered.function(bound=True)
    def StepTexts(context: Context, task: Task) -> list[str]:
        return [step["text"] for step in context["Steps"].where(f"task_id eq {task['id']}").values()]

    @offered.function(bound=True)
    def Others(context: Context, task: Task) -> Tasks:
        return context["Tasks"].where(f"id ne {task['id']}").values()

    @offered.function(bound=True)
    def Weight(tasks: Tasks, above: float = 0) -> float:
        return float(sum(task["weight"] for task in tasks if task["weight"] > above))

    @offered.function
    def Who(identity: Identity) -> str:
        return identity.name or "anybody"

    @offered.function
    def Cheating(context: Context) -> int:
        del context["Tags"][1]
        return 1

    @offered.function
    def Broken() -> int:
        raise RuntimeError("the password is tiger")

    @offered.function
    def Wrong() -> int:
        return "no number"  # type: ignore[return-value]

    @offered.action
    def Reset(context: Context) -> None:
        """Names all tags by their numbers."""
        for key in list(context["Tags"]):
            context["Tags"].update(key, {"name": f"tag {key}"})

    @offered.action(bound=True)
    def Finish(context: Context, task: Task, title: str | None = None, weight: float = 0.5) -> Task:
        changes = {"done": True, "weight": weight} | ({} if title is None else {"title": title})
        return context["Tasks"].update(task["id"], changes)

    @offered.action(bound=True)
    def Paint(context: Context, tags: Annotated[Collection, FromSet("Tags", many=True)], colour: str) -> int:
        for key in list(tags):
            context["Tags"].update(key, {"name": colour})
        return len(tags)

    @offered.action(creates=True)
    def AddTag(context: Context, name: str, like: Tag | None) -> Tag:
        made: Entity = context["Tags"].insert(
            {"id": len(context["Tags"]) + 1, "name": name + (like or {}).get("name", "")}
        )
        return made

    @offered.action
    def Fail(context: Context, how: str) -> None:
        context["Tags"].update(1, {"name": "half done"})
        if how == "busy":
            raise Busy("somebody else is at it", target="how", hint="come back later")
        raise {"missing": NotFound("not here"), "broken": ValueError("the password is tiger")}[how]

    @offered.action
    def Everything(context: Context) -> Tasks:
        return context["Tasks"].order_by("id").values()

    return offered
