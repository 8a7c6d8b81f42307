"""What the client wants, and the choice among what there is (RFC 9110, section 12).

`negotiate` chooses a media type, `choose_charset`, `choose_coding` and `choose_language` the rest. Each takes the
field's text, or `None` where there is none, and what is offered in our own order of preference.
"""

from demotic.syntax.http.negotiation._accept import (
    MediaRange,
    closest_range,
    negotiate,
    parse_accept,
)
from demotic.syntax.http.negotiation._languages import (
    choose_language,
    parse_accept_language,
)
from demotic.syntax.http.negotiation._tokens import (
    IDENTITY,
    Weighted,
    choose_charset,
    choose_coding,
    parse_weighted,
)

__all__ = [
    "IDENTITY",
    "MediaRange",
    "Weighted",
    "choose_charset",
    "choose_coding",
    "choose_language",
    "closest_range",
    "negotiate",
    "parse_accept",
    "parse_accept_language",
    "parse_weighted",
]
