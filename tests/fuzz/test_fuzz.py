"""A short round of the hunt that `run.py` makes long, and the proof that it finds something."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from demotic.errors import SyntaxFault


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz_run", Path(__file__).with_name("run.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


fuzz = _load()


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_only_documented_exceptions_come_out(name: str) -> None:
    tried, wrong = fuzz.hunt([name], seed=1, rounds=150)
    assert tried == 150
    assert wrong == []


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_the_texts_to_start_from_are_good_ones(name: str) -> None:
    for seed in fuzz.TARGETS[name].seeds:
        fuzz.TARGETS[name].call(seed)


def test_what_is_not_documented_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(text: str) -> int:
        if text.startswith("9"):
            raise SyntaxFault("something", "9", 7)
        return int(text)

    monkeypatch.setitem(fuzz.TARGETS, "careless", fuzz.Target(careless, (SyntaxFault,), ("12", "93")))
    _, wrong = fuzz.hunt(["careless"], seed=1, rounds=500)
    assert any("invalid literal" in found.problem for found in wrong)
    assert any("the fault is at 7 of 1" in found.problem for found in wrong)
