"""Running items and tests: clones, attempts, responses, scores, as pure functions on states that never change.

    program = prepare(read(data))
    state = submit(program, begin(program, seed=42), {"RESPONSE": "A"})
    state["SCORE"]

Where the specification leaves something open, or engines disagree, docs/qti-rulings.md says what holds here.
"""

from demotic.learning.qti.runtime._errors import ProcessingError, UnknownVariable, ValueFault
from demotic.learning.qti.runtime._keys import SessionKeyExpired, SessionKeys, UnknownSessionKey
from demotic.learning.qti.runtime._random import Random
from demotic.learning.qti.runtime.assessments import (
    Entry,
    Form,
    TestProgram,
    TestState,
    begin_test,
    end_part,
    end_test,
    go_on,
    go_to,
    prepare_test,
    respond_item,
    resume_test,
    submit_item,
    suspend_test,
    test_feedback,
    time_left,
)
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
    "Control", "CustomFunction", "Entry", "File", "Form", "InvalidResponses", "ItemProgram", "ItemState",
    "NotAllowedNow", "ProcessingError", "Random", "SessionKeyExpired", "SessionKeys", "TestProgram", "TestState",
    "UnknownResponse", "UnknownSessionKey", "UnknownVariable", "Value", "ValueFault", "attempt", "begin",
    "begin_test", "container", "end", "end_part", "end_test", "from_json", "go_on", "go_to", "hidden_choices",
    "invalid_responses", "number", "parse_single", "prepare", "prepare_test", "record", "register_operator",
    "respond", "respond_item", "resume", "resume_test", "single", "submit", "submit_item", "suspend",
    "suspend_test", "test_feedback", "time_left", "to_json", "unregister_operator",
]  # fmt: skip
