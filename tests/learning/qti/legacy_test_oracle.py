"""A small interpreter of the outcomes processing of QTI 1.2, which shares nothing with the product.

It is the oracle for converted tests. It is told what each item came to (nothing for one that is not in the form), and
whether it was answered, and says what the assessment and its sections come to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.learning.qti.legacy_oracle import kids, text

from demotic.xml import Element

PREFIX = "qmd_"


@dataclass
class Result:
    """What an item or a section came to: its variables, and the bounds of its score."""

    values: dict[str, float]
    attempted: bool = True
    labels: dict[str, str] = field(default_factory=dict)


def labels_of(element: Element) -> dict[str, str]:
    found = {}
    for holder in kids(element, "itemmetadata", "qtimetadata"):
        for each in holder.walk():
            if each.name.local == "qtimetadatafield":
                (label,), (entry,) = kids(each, "fieldlabel"), kids(each, "fieldentry")
                found[text(label).removeprefix(PREFIX)] = text(entry)
            elif each.name.local.startswith(PREFIX):
                found[each.name.local.removeprefix(PREFIX)] = text(each)
    return found


def run_test(element: Element, items: dict[str, Result | None]) -> dict[str, float]:
    """Return the variables of an assessment or a section."""
    totals: dict[str, float] = {}
    for processing in kids(element, "outcomes_processing"):
        totals |= processed(processing, children(element, items))
    return totals


def children(element: Element, items: dict[str, Result | None]) -> list[Result]:
    found: list[Result] = []
    for child in kids(element, "item", "section"):
        if child.name.local == "item":
            result = items[child.get("ident") or ""]
            found += [] if result is None else [Result(result.values, result.attempted, labels_of(child))]
        elif kids(child, "outcomes_processing"):
            found.append(Result(run_test(child, items), labels=labels_of(child)))
        else:
            found += children(child, items)
    return found


def parameters(element: Element, name: str) -> dict[str, str]:
    return {(e.get("pname") or "").removeprefix(PREFIX): text(e) for e in kids(element, name)}


def chosen(processing: Element, parts: list[Result]) -> list[tuple[Result, Element | None]]:
    conditions = kids(processing, "objects_condition")
    if not conditions:
        return [(part, None) for part in parts]
    found = []
    for part in parts:
        first = next((c for c in conditions if all(chooses(r, part.labels) for r in rules(c))), None)
        if first is not None:
            found.append((part, first))
    return found


def rules(element: Element) -> list[Element]:
    return kids(element, "outcomes_metadata", "and_objects", "or_objects", "not_objects")


def chooses(rule: Element, labels: dict[str, str]) -> bool:
    match rule.name.local:
        case "and_objects":
            return all(chooses(inner, labels) for inner in rules(rule))
        case "or_objects":
            return any(chooses(inner, labels) for inner in rules(rule))
        case "not_objects":
            return not all(chooses(inner, labels) for inner in rules(rule))
    value = labels.get((rule.get("mdname") or "").removeprefix(PREFIX))
    return value is not None and compared(rule.get("mdoperator") or "", value, text(rule))


def compared(operator: str, one: Any, other: Any) -> bool:
    one, other = float(one), float(other)
    table = {"EQ": one == other, "NEQ": one != other, "LT": one < other}
    return {**table, "LTE": one <= other, "GT": one > other, "GTE": one >= other}[operator]


def processed(processing: Element, parts: list[Result]) -> dict[str, float]:
    model = processing.get("scoremodel") or "SumofScores"
    given = parameters(processing, "processing_parameter")
    total, most = 0.0, 0.0
    if model == "BestKfromN":
        scores = sorted((p.values["SCORE"] for p, _ in chosen(processing, parts) if "SCORE" in p.values), reverse=True)
        return named(processing, {"SCORE": sum(scores[: int(given["k"])])})
    counts = "Correct" in model or "Penalty" in model
    for part, condition in chosen(processing, parts):
        name = "CORRECT" if counts else "SCORE"
        if name not in part.values or (("Attempted" in model or "Penalty" in model) and not part.attempted):
            continue
        weight = 1.0
        if model.startswith("ParameterWeighted") or model == "WeightedGuessingPenalty":
            weight = float(parameters(condition, "objects_parameter").get("weighting", 1)) if condition else 1.0
        elif model.startswith("Weighted"):
            weight = float(part.labels.get("weighting", 1))
        value = part.values[name]
        most += weight * part.values.get("MAX", 0.0)
        if "Penalty" in model:
            penalty = float(part.labels.get("penaltyvalue", given.get("penaltyvalue", 1)))
            total += weight if value else -weight * penalty
        elif counts:
            total += weight * (value > 0)
        else:
            total += weight * value
    return named(processing, {"COUNT": total} if counts else {"SCORE": total, "SCORE.max": most})


def named(processing: Element, values: dict[str, float]) -> dict[str, float]:
    maps = {text(e): e.get("varname") or "" for e in kids(processing, "map_output")}
    return {maps.get(name, name): value for name, value in values.items()}
