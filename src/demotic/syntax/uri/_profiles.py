"""Which characters are escaped where: the sets of RFC 1738, 2396, 2732 and 3986, and escaping by them.

The sets are frozen sets of one-character strings, so that `c in RFC3986.reserved` is the test for one character (None
is in no set). Text is encoded as UTF-8 first, as RFC 3986 (section 2.5) asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from demotic.syntax.uri._percent import ALWAYS_PLAIN, percent_encode

__all__ = ["RFC1738", "RFC2396", "RFC2732", "RFC3986", "Profile"]

Characters = frozenset[str]

ALPHANUMERIC: Final = ALWAYS_PLAIN - frozenset("-._~")
CONTROL: Final = frozenset(map(chr, [*range(32), 127]))


@dataclass(frozen=True)
class Profile:
    """The character classes of one specification, under its own names; a class that it does not have is empty.

    `in_authority`, `in_segment` and `in_query` are the reserved characters that have a meaning in that part only.

    >>> RFC2396.escape("[file].txt", RFC2396.in_segment), RFC2732.escape("[file].txt", RFC2732.in_segment)
    ('%5Bfile%5D.txt', '[file].txt')
    """

    name: str
    reserved: Characters
    unreserved: Characters
    in_authority: Characters
    in_segment: Characters
    in_query: Characters
    safe: Characters = frozenset()
    extra: Characters = frozenset()
    mark: Characters = frozenset()
    unwise: Characters = frozenset()
    delims: Characters = frozenset('<>#%"')
    space: Characters = frozenset(" ")
    control: Characters = CONTROL

    @property
    def allowed(self) -> Characters:
        """All that a URI may hold, but for percent-codes."""
        return self.reserved | self.unreserved

    def escape(self, source: str | bytes, reserved: Characters | None = None) -> str:
        """Return `source` as data for a URI: escaped are the `reserved` characters and all that are not allowed.

        Without `reserved` that is every reserved character of the profile; give `in_segment`, say, to keep those that
        mean nothing there. Raises `SyntaxFault` at a lone surrogate.
        """
        kept = self.allowed - (self.reserved if reserved is None else reserved)
        text = percent_encode(source, "".join(sorted(kept)))
        return text.translate({ord(c): f"%{ord(c):02X}" for c in _ALWAYS_KEPT - kept})


_ALWAYS_KEPT: Final = frozenset("-._~")


RFC1738: Final = Profile(
    name="RFC 1738, section 5",
    reserved=frozenset(";/?:@&="),
    unreserved=ALPHANUMERIC | frozenset("$-_.+!*'(),"),
    in_authority=frozenset("@:/"),
    in_segment=frozenset("/;?"),
    in_query=frozenset(";/?:@&="),
    safe=frozenset("$-_.+"),
    extra=frozenset("!*'(),"),
    unwise=frozenset("{}|\\^~[]`"),
)

RFC2396: Final = Profile(
    name="RFC 2396, appendix A",
    reserved=frozenset(";/?:@&=+$,"),
    unreserved=ALPHANUMERIC | frozenset("-_.!~*'()"),
    in_authority=frozenset(";:@?/"),
    in_segment=frozenset("/;=?"),
    in_query=frozenset(";/?:@&=+,$"),
    mark=frozenset("-_.!~*'()"),
    unwise=frozenset("{}|\\^[]`"),
)

RFC2732: Final = Profile(
    name="RFC 2732, section 3",
    reserved=RFC2396.reserved | frozenset("[]"),
    unreserved=RFC2396.unreserved,
    in_authority=RFC2396.in_authority,
    in_segment=RFC2396.in_segment,
    in_query=RFC2396.in_query,
    mark=RFC2396.mark,
    unwise=RFC2396.unwise - frozenset("[]"),
)

RFC3986: Final = Profile(
    name="RFC 3986, section 2",
    reserved=frozenset(":/?#[]@!$&'()*+,;="),
    unreserved=ALPHANUMERIC | frozenset("-._~"),
    in_authority=frozenset(":@/?#[]"),
    in_segment=frozenset("/?#[]"),
    in_query=frozenset("#[]&=+"),
)
