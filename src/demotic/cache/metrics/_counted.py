"""The counters of this process: by the names of functions, those of one name added up."""

from __future__ import annotations

from demotic.cache.functions import registry

__all__ = ["Number", "counted"]

Number = int | float


def counted() -> dict[str, dict[str, Number]]:
    """Return the counters of all cached functions, in the order of their names.

    Several functions may have one name: a decorated function that is made anew at each call of another, say.
    """
    found: dict[str, dict[str, Number]] = {}
    for machine in sorted(registry.machines(), key=lambda machine: machine.name):
        counters = machine.counters.as_dict()
        sums = found.setdefault(machine.name, dict.fromkeys(counters, 0))
        for name, number in counters.items():
            sums[name] += number
    return found
