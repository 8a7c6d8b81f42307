"""What error responses of every version have in common."""

from __future__ import annotations

from demotic.errors import DemoticError, MethodNotAllowed, TooManyRequests, Unauthenticated

# A message may quote what was sent, which may be as long as a URL may be.
LONGEST_TEXT = 600


def error_fields(error: DemoticError) -> list[tuple[str, str]]:
    """Return the header fields that HTTP has for an error (RFC 9110, sections 10.2.1, 10.2.3 and 11.6.1)."""
    if isinstance(error, MethodNotAllowed):
        return [("allow", ", ".join(error.allowed))]
    if isinstance(error, Unauthenticated):
        return [("www-authenticate", challenge) for challenge in error.challenges]
    if isinstance(error, TooManyRequests):
        return [("retry-after", str(error.wait))]
    return [("retry-after", "1")] if error.status == 503 else []


def shortened(text: str) -> str:
    """Return a text without its middle if it is long: what matters stands at both ends."""
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[: LONGEST_TEXT // 2]} … {text[-LONGEST_TEXT // 2 :]}"
