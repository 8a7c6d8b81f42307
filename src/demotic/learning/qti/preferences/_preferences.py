"""What one candidate needs and prefers, as data.

Specification: AfA PNP 3.0, profile for QTI 3.0, information model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.learning.qti.preferences._features import FEATURES, MODES
from demotic.xml import Element

__all__ = ["Need", "Preferences", "Record"]

_SETTINGS_OF_TIME: Final = ("time-multiplier", "fixed-minutes", "unlimited")


@dataclass(frozen=True, slots=True)
class Need:
    """One feature that is needed or preferred: its name, what is set of it, the modes of access that it replaces.

    Raises `InvalidInput` for a feature, setting or mode that PNP does not have, and for a value that is none.
    """

    feature: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = _among(self.feature, FEATURES, "feature")
        for name, value in self.settings.items():
            setting = known.settings[_among(name, known.settings, f"setting of {self.feature}", keys=True)]
            for each in value if setting.many else (value,):
                try:
                    setting.parse(setting.format(each))
                except (ValueError, KeyError, TypeError):
                    raise InvalidInput(
                        f"{name} of {self.feature} is {each!r}", target=name, hint=setting.meaning
                    ) from None
        for mode in self.replaces:
            _among(mode, dict.fromkeys(MODES), "mode of access", keys=True)
        if self.feature == "additional-testing-time" and sum(map(self.settings.__contains__, _SETTINGS_OF_TIME)) > 1:
            raise InvalidInput("additional-testing-time is set twice", hint=f"one of {', '.join(_SETTINGS_OF_TIME)}")


def _among(name: str, known: Mapping[str, Any], what: str, *, keys: bool = False) -> Any:
    if name not in known:
        raise InvalidInput(f"there is no {what} {name!r}", target=name, hint=f"there are {', '.join(known) or 'none'}")
    return name if keys else known[name]


@dataclass(frozen=True, slots=True)
class Preferences:
    """A profile: needs, and which of them are on from the start, offered, or forbidden.

    A need that none of the three sets names is on from the start. `at_start`, `as_option` and `prohibited` may name
    extensions too; `extensions` are the elements of other vocabularies, kept as they are.
    """

    needs: tuple[Need, ...] = ()
    at_start: tuple[str, ...] = ()
    as_option: tuple[str, ...] = ()
    prohibited: tuple[str, ...] = ()
    extensions: tuple[Element, ...] = ()

    def need(self, feature: str) -> Need | None:
        """Return what is said of a feature, if anything (of `hazard-avoidance`, for one, there may be several)."""
        return next((each for each in self.needs if each.feature == feature), None)

    @property
    def active(self) -> frozenset[str]:
        """The features that are on from the start."""
        stated = {each.feature for each in self.needs} - set(self.as_option)
        return frozenset((stated | set(self.at_start)) - set(self.prohibited))

    @property
    def offered(self) -> frozenset[str]:
        """The features that the candidate may turn on."""
        return frozenset(set(self.as_option) - self.active - set(self.prohibited))

    def languages(self, feature: str) -> tuple[str, ...]:
        """Return the languages that a feature is wanted in; none where it does not say."""
        return tuple(
            each.settings["lang"] for each in self.needs if each.feature == feature and "lang" in each.settings
        )

    @property
    def more_time(self) -> tuple[float, float] | None:
        """How limits of time are lengthened: a factor, and seconds to add to each; None where there are no limits."""
        need = self.need("additional-testing-time")
        if need is None or need.feature not in self.active:
            return 1.0, 0.0
        if "unlimited" in need.settings:
            return None
        return need.settings.get("time-multiplier", 1.0), 60.0 * need.settings.get("fixed-minutes", 0)


@dataclass(frozen=True, slots=True)
class Record:
    """The profile of a person, whom a system knows by an identifier; perhaps for certain appointments only."""

    person: str
    source_system: str
    preferences: Preferences
    appointments: tuple[str, ...] = ()
