"""What tells one state of a resource from another (RFC 9110, section 8.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax.http.conditional._etag import EntityTag

__all__ = ["NOWHERE", "Validators"]

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Validators:
    """The state that a resource is in now: its entity tag and when it was modified, as far as known; or that it is not.

    ``modified`` is an aware `datetime`; what is smaller than a second is passed over, as HTTP dates do. Raises
    `InvalidInput` for one without a zone.
    """

    tag: EntityTag | None = None
    modified: datetime | None = None
    exists: bool = True

    def __post_init__(self) -> None:
        if self.modified is not None and self.modified.tzinfo is None:
            raise InvalidInput(f"{self.modified} has no zone", hint="HTTP dates are in UTC: give an aware datetime")

    @property
    def last_modified(self) -> datetime | None:
        """When it was modified, in whole seconds."""
        return None if self.modified is None else self.modified.replace(microsecond=0)

    def date_is_strong(self, now: datetime | None) -> bool:
        """Whether nothing can have changed unnoticed within the second of `last_modified` (section 8.8.2.2)."""
        return now is not None and self.last_modified is not None and now - self.last_modified >= _SECOND


NOWHERE: Final = Validators(exists=False)
"""The state of a resource that is not there."""
