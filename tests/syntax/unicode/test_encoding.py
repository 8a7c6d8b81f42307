"""Which encoding bytes are in: the table of XML 1.0, appendix F, and what goes before what."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import DemoticError, InvalidInput, Unsupported
from demotic.syntax.unicode import DetectedEncoding, detect_encoding, guess_encoding

CASES = json.loads(Path(__file__).with_name("encodings.json").read_text(encoding="utf-8"))


def _data(case: dict) -> bytes:
    return bytes.fromhex(case["hex"]) if "hex" in case else case["text"].encode(case["in"])


@pytest.mark.spec("UNI-001")
@pytest.mark.feature("F-UNICODE-06")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_the_encoding_is_found(case: dict) -> None:
    if "error" in case:
        with pytest.raises((InvalidInput, Unsupported), match=case["error"]):
            detect_encoding(_data(case), case.get("hint"))
    else:
        found = detect_encoding(_data(case), case.get("hint"))
        assert found == DetectedEncoding(case["name"], case["source"], case.get("declared"))


@pytest.mark.spec("UNI-001")
@pytest.mark.parametrize("case", [case for case in CASES if "hex" in case], ids=lambda case: case["title"])
def test_the_family_is_told_by_four_bytes(case: dict) -> None:
    if "error" in case:
        with pytest.raises(Unsupported):
            guess_encoding(_data(case))
    else:
        assert guess_encoding(_data(case)) == case["name"]
        _data(case).decode(case["name"])


@given(
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_a_document_is_decoded_in_the_encoding_found(codec: str, rest: str) -> None:
    text = f"<?xml version='1.0'?><a/>{rest}"
    assert text.encode(codec).decode(detect_encoding(text.encode(codec)).name) == text


@given(st.binary(max_size=60))
def test_any_bytes_have_an_encoding_or_are_refused(data: bytes) -> None:
    with suppress(DemoticError):
        assert "<".encode(detect_encoding(data).name)
