"""The order in which a candidate sees choices: shuffled, where the interaction says so, with fixed ones in their place.

Specification: QTI 3.0 ASI information model, section 3, attributes shuffle and fixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from demotic.learning.qti.model import Interaction, MatchInteraction
from demotic.learning.qti.runtime._random import Random

__all__ = ["shuffled_orders"]


def shuffled_orders(interactions: Iterable[Interaction], random: Random) -> dict[str, tuple[str, ...]]:
    """Return the order of the choices of each interaction that shuffles, by its response variable.

    The two sides of a match are under the variable's name, with `.0` and `.1` behind.
    """
    orders: dict[str, tuple[str, ...]] = {}
    for interaction in interactions:
        if not getattr(interaction, "shuffle", False):
            continue
        name = interaction.response_identifier
        if isinstance(interaction, MatchInteraction):
            for side, each in enumerate(interaction.sets):
                orders[f"{name}.{side}"] = _order(each.choices, random)
        else:
            orders[name] = _order(getattr(interaction, "choices", ()), random)
    return orders


def _order(choices: Sequence[Any], random: Random) -> tuple[str, ...]:
    free = random.shuffled([choice.identifier for choice in choices if not getattr(choice, "fixed", False)])
    moving = iter(free)
    return tuple([choice.identifier if getattr(choice, "fixed", False) else next(moving) for choice in choices])
