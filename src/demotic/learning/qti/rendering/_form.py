"""Responses from the fields of a form, as `render` names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from demotic.learning.qti.model import (
    AssociateInteraction,
    EndAttemptInteraction,
    GapMatchInteraction,
    GraphicAssociateInteraction,
    GraphicGapMatchInteraction,
    GraphicOrderInteraction,
    Interaction,
    OrderInteraction,
    PositionObjectInteraction,
    SelectPointInteraction,
)
from demotic.learning.qti.runtime import ItemProgram

__all__ = ["responses_from_form"]


def responses_from_form(
    program: ItemProgram, fields: Mapping[str, Sequence[Any]], *, prefix: str = ""
) -> dict[str, Any]:
    """Return the responses that the fields of a form hold, each a list of its values; other fields are left out.

    What they mean is for `respond` and `submit` to find out.
    """
    responses: dict[str, Any] = {}
    for interaction in program.interactions:
        name = interaction.response_identifier
        if name not in program.responses:
            continue
        start = f"{prefix}{name}:"
        placed = {key[len(start) :]: value for key, value in fields.items() if key.startswith(start)}
        given = _of(interaction, [each for each in fields.get(f"{prefix}{name}", ()) if each != ""], placed)
        if isinstance(interaction, EndAttemptInteraction) and not given:
            given = ["false"]
        responses[name] = [*responses.get(name, []), *given]
    return responses


def _of(interaction: Interaction, plain: list[Any], placed: Mapping[str, Sequence[Any]]) -> list[Any]:
    filled = {place: values[0] for place, values in placed.items() if values and values[0] != ""}
    if isinstance(interaction, (OrderInteraction, GraphicOrderInteraction)):
        return [choice for choice, _ in sorted(filled.items(), key=lambda each: _number(each[1]))]
    if isinstance(interaction, (GapMatchInteraction, GraphicGapMatchInteraction)):
        return [f"{choice} {gap}" for gap, choice in filled.items()]
    if isinstance(interaction, (AssociateInteraction, GraphicAssociateInteraction)):
        return _rows(filled, ("0", "1"))
    if isinstance(interaction, (SelectPointInteraction, PositionObjectInteraction)):
        return _rows(filled, ("x", "y"))
    return plain


def _rows(filled: Mapping[str, Any], sides: tuple[str, str]) -> list[str]:
    rows = sorted({place.rpartition(".")[0] for place in filled}, key=_number)
    pairs = [(filled.get(f"{row}.{sides[0]}"), filled.get(f"{row}.{sides[1]}")) for row in rows]
    return [f"{one} {other}" for one, other in pairs if one is not None and other is not None]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 10**6
