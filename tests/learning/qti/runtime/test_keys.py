"""Session keys: the current one leads on, a used one is told apart from a made-up one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from demotic.errors import InvalidInput
from demotic.learning.qti.runtime import SessionKeyExpired, SessionKeys, UnknownSessionKey, ValueFault


@pytest.mark.spec("QTI2-111", "QTI2-112")
@pytest.mark.feature("F-QTIRUN-30")
def test_each_step_needs_the_latest_key_and_makes_another() -> None:
    keys = SessionKeys.begin(b"0123456789abcdef")
    assert keys.previous is None and keys == SessionKeys.begin(b"0123456789abcdef")
    after = keys.step(keys.current, b"fedcba9876543210")
    assert (after.previous, after.chain) == (keys.current, (keys.current, after.current))
    assert after.current not in keys.chain
    with pytest.raises(SessionKeyExpired, match="step 0") as expired:
        after.step(keys.current)
    assert expired.value.step == 0
    with pytest.raises(UnknownSessionKey):
        after.step("0" * 64)
    assert SessionKeys.from_json(json.loads(json.dumps(after.to_json()))) == after
    assert len({SessionKeys.begin().current for _ in range(50)}) == 50


@pytest.mark.parametrize("data", [None, [], [1], "x", [""]])
def test_what_is_no_chain_is_refused(data: Any) -> None:
    with pytest.raises(ValueFault):
        SessionKeys.from_json(data)
    with pytest.raises(InvalidInput, match="16 bytes"):
        SessionKeys.begin(b"short")
