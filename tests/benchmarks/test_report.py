"""Figures are judged by their targets."""

import json

import pytest
from report import Figure, document, table

VERDICTS = [
    (Figure("ratio", 0.55, least=0.55), "met"),
    (Figure("ratio", 0.549, least=0.55), "MISSED"),
    (Figure("memory", 50.0, most=50.0), "met"),
    (Figure("memory", 50.1, most=50.0), "MISSED"),
    (Figure("memory", None, most=50.0, note="no /proc"), "FAILED"),
    (Figure("more", 3.0), ""),
]


@pytest.mark.parametrize(("figure", "verdict"), VERDICTS)
def test_a_verdict_follows_from_value_and_target(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict


def test_the_table_shows_each_figure_with_target_and_verdict() -> None:
    figures = [Figure("key", 0.6, "of hand-written", least=0.55, note="n"), Figure("wait", 1234.5, "ms", most=1000.0)]
    assert table(figures).splitlines() == [
        "figure  measured              target                  verdict  note",
        "key     0.60 of hand-written  ≥ 0.55 of hand-written  met      n",
        "wait    1,234 ms              ≤ 1,000 ms              MISSED",
    ]


def test_the_document_holds_what_the_table_shows() -> None:
    read = json.loads(document([Figure("key", 0.6, "of hand-written", least=0.55)], {"processors": 2}))
    assert read["circumstances"] == {"processors": 2}
    assert read["figures"] == [
        {
            "name": "key",
            "value": 0.6,
            "unit": "of hand-written",
            "least": 0.55,
            "most": None,
            "verdict": "met",
            "note": "",
        }
    ]
