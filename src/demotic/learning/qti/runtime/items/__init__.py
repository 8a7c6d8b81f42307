"""Item sessions."""

from demotic.learning.qti.runtime.items._program import RESERVED, ItemProgram, prepare
from demotic.learning.qti.runtime.items._responses import UnknownResponse, read_responses
from demotic.learning.qti.runtime.items._session import (
    Control,
    InvalidResponses,
    NotAllowedNow,
    attempt,
    begin,
    end,
    hidden_choices,
    respond,
    resume,
    submit,
    suspend,
)
from demotic.learning.qti.runtime.items._state import ItemState, Status
from demotic.learning.qti.runtime.items._validity import invalid_responses

__all__ = [
    "RESERVED", "Control", "InvalidResponses", "ItemProgram", "ItemState", "NotAllowedNow", "Status", "UnknownResponse",
    "attempt", "begin", "end", "hidden_choices", "invalid_responses", "prepare", "read_responses", "respond", "resume",
    "submit", "suspend",
]  # fmt: skip
