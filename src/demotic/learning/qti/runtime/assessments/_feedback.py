"""Which feedback on a test is shown: while it runs, and once it, or a part of it, has ended.

Specification: QTI 3.0 ASI information model, section 2.12 (test feedback).
"""

from __future__ import annotations

from demotic.errors import InvalidInput
from demotic.learning.qti.model import ShowHide, TestFeedback, TestFeedbackAccess
from demotic.learning.qti.runtime.assessments._program import TestProgram
from demotic.learning.qti.runtime.assessments._state import TestState

__all__ = ["test_feedback"]


def test_feedback(program: TestProgram, state: TestState, *, part: str | None = None) -> list[TestFeedback]:
    """Return the feedback to show now on the test, or on one of its parts: while it runs, or once it has ended.

    Raises `InvalidInput` for a part that the test does not have.
    """
    parts = {each.identifier: index for index, each in enumerate(program.parts)}
    if part is not None and part not in parts:
        raise InvalidInput(f"the test has no part {part}", target=part, hint=f"it has {', '.join(parts)}")
    over = state.status == "ended" or (part is not None and parts[part] in state.done)
    around = program.test if part is None else program.places[part].node
    wanted = TestFeedbackAccess.AT_END if over else TestFeedbackAccess.DURING
    return [each for each in around.elements if isinstance(each, TestFeedback) and _is_shown(state, each, wanted)]


test_feedback.__test__ = False  # type: ignore[attr-defined]  # it is no test, though its name begins so


def _is_shown(state: TestState, feedback: TestFeedback, wanted: TestFeedbackAccess) -> bool:
    value = state.values.get(feedback.outcome_identifier)
    matches = value is not None and feedback.identifier in value.items
    return feedback.access is wanted and matches == (feedback.show_hide is ShowHide.SHOW)
