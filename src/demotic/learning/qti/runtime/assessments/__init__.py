"""Test sessions."""

from demotic.learning.qti.runtime.assessments._clock import time_left
from demotic.learning.qti.runtime.assessments._feedback import test_feedback
from demotic.learning.qti.runtime.assessments._form import Entry, Form, make_form
from demotic.learning.qti.runtime.assessments._program import EXITS, Load, Place, TestProgram, prepare_test
from demotic.learning.qti.runtime.assessments._session import (
    begin_test,
    control_for,
    end_part,
    end_test,
    go_on,
    go_to,
    respond_item,
    resume_test,
    submit_item,
    suspend_test,
)
from demotic.learning.qti.runtime.assessments._state import TestState, TestStatus

__all__ = [
    "EXITS", "Entry", "Form", "Load", "Place", "TestProgram", "TestState", "TestStatus", "begin_test", "control_for",
    "end_part", "end_test", "go_on", "go_to", "make_form", "prepare_test", "respond_item", "resume_test", "submit_item",
    "suspend_test", "test_feedback", "time_left",
]  # fmt: skip
