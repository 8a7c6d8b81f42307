"""Running items: clones, attempts, responses, scores, as pure functions on states that never change.

    program = prepare(read(data))
    state = submit(program, begin(program, seed=42), {"RESPONSE": "A"})
    state["SCORE"]

Where the specification leaves something open, or engines disagree, docs/qti-rulings.md says what holds here.
"""

from demotic.learning.qti.runtime._errors import ProcessingError, UnknownVariable, ValueFault
from demotic.learning.qti.runtime._random import Random
from demotic.learning.qti.runtime.expressions import CustomFunction, register_operator, unregister_operator
from demotic.learning.qti.runtime.items import (
    Control,
    InvalidResponses,
    ItemProgram,
    ItemState,
    NotAllowedNow,
    UnknownResponse,
    attempt,
    begin,
    end,
    hidden_choices,
    invalid_responses,
    prepare,
    respond,
    resume,
    submit,
    suspend,
)
from demotic.learning.qti.runtime.values import (
    File,
    Value,
    container,
    from_json,
    number,
    parse_single,
    record,
    single,
    to_json,
)

__all__ = [
    "Control", "CustomFunction", "File", "InvalidResponses", "ItemProgram", "ItemState", "NotAllowedNow",
    "ProcessingError", "Random", "UnknownResponse", "UnknownVariable", "Value", "ValueFault", "attempt", "begin",
    "container", "end", "from_json", "hidden_choices", "invalid_responses", "number", "parse_single", "prepare",
    "record", "register_operator", "respond", "resume", "single", "submit", "suspend", "to_json",
    "unregister_operator",
]  # fmt: skip
