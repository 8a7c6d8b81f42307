"""Two small interpreters that share nothing with the product: of the scoring rules of QTI 1.2, and of the rules of 3.0.

They are the oracle for the conversion: the same answers must give the same outcomes in both. Answers are texts by the
idents of the 1.2 document: labels, typed text, points as "x y".
"""

from __future__ import annotations

import re
from typing import Any

from demotic.learning.qti import model as m
from demotic.xml import Element

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
Answers = dict[str, list[str]]


def kids(element: Element, *names: str) -> list[Element]:
    return [e for e in element.elements() if not names or e.name.local.lower() in names]


def text(element: Element) -> str:
    return element.text.strip()


def yes(element: Element, name: str) -> bool:
    return (element.get(name) or "No").strip().lower() == "yes"


# --- QTI 1.2


def run_old(item: Element, answers: Answers) -> tuple[dict[str, float], list[str]]:
    """Return the outcomes and the feedback shown, after all response processing of an item of 1.2."""
    outcomes: dict[str, float] = {}
    shown: list[str] = []
    kinds = {
        e.get("ident") or "": (e.get("rcardinality") or "Single").strip().lower()
        for e in item.walk() if e.name.local.startswith("response_") and e.name.local != "response_label"
    }  # fmt: skip
    for processing in kids(item, "resprocessing"):
        for declared in [d for o in kids(processing, "outcomes") for d in kids(o, "decvar")]:
            default = (declared.get("defaultval") or "").strip()
            outcomes.setdefault(
                (declared.get("varname") or "SCORE").strip(), float(default) if NUMBER.fullmatch(default) else 0.0
            )
    for processing in kids(item, "resprocessing"):
        any_held = False
        for condition in kids(processing, "respcondition"):
            variables = kids(condition, "conditionvar")
            tests = kids(variables[0]) if variables else []
            others = [t for t in tests if t.name.local == "other"]
            tests = [t for t in tests if t.name.local != "other"]
            either = rivals(tests, kinds)
            rest = [t for t in tests if not any(t is each for group in either for each in group)]
            holds = all_old(rest, answers, kinds) and not (others and any_held)
            holds = holds and all(any(all_old([t], answers, kinds) for t in group) for group in either)
            if not holds:
                continue
            any_held = True
            for setting in kids(condition, "setvar"):
                name = (setting.get("varname") or "SCORE").strip()
                if NUMBER.fullmatch(text(setting)):
                    outcomes[name] = act(setting.get("action"), outcomes.get(name, 0.0), float(text(setting)))
            shown += [d.get("linkrefid") or "" for d in kids(condition, "displayfeedback")]
            if not yes(condition, "continue") and not is_sum(processing):
                break
    return outcomes, sorted(set(shown))


def rivals(tests: list[Element], kinds: dict[str, str]) -> list[list[Element]]:
    """Return the tests that could never hold at once, as Canvas writes answers of which each is right."""
    groups: dict[str, list[Element]] = {}
    for test in tests:
        if test.name.local == "varequal" and kinds.get(test.get("respident") or "") == "single":
            groups.setdefault(test.get("respident") or "", []).append(test)
    return [g for g in groups.values() if not all(equal(text(g[0]), text(t), yes(t, "case")) for t in g)]


def is_sum(processing: Element) -> bool:
    """Tell whether the conditions are parts of one sum, which alone makes the most that is declared, as in Canvas."""
    conditions = kids(processing, "respcondition")
    declared = [d for o in kids(processing, "outcomes") for d in kids(o, "decvar")]
    added = [setting for condition in conditions for setting in kids(condition, "setvar")]
    asked = [{t.get("respident") for t in c.walk() if t.name.local.startswith("var")} for c in conditions]
    return (
        len(conditions) == len(added) > 1
        and all(condition.get("continue") is None for condition in conditions)
        and all(each.get("action") == "Add" and NUMBER.fullmatch(text(each)) for each in added)
        and sum(map(len, asked)) == len(set().union(*asked))
        and len({each.get("varname") or "SCORE" for each in added}) == 1
        and any(abs(sum(float(text(e)) for e in added) - float(d.get("maxvalue") or 0)) <= 1 for d in declared)
    )


def act(action: str | None, old: float, value: float) -> float:
    match (action or "Set").strip().lower():
        case "add":
            return old + value
        case "subtract":
            return old - value
        case "multiply":
            return old * value
        case "divide":
            return old / value
    return value


def all_old(tests: list[Element], answers: Answers, kinds: dict[str, str]) -> bool:
    seen: dict[str, int] = {}
    result = True
    for test in tests:
        ident = test.get("respident") or ""
        index = int(test.get("index") or 0)
        if test.name.local == "varequal" and kinds.get(ident) == "ordered" and not index:
            seen[ident] = seen.get(ident, 0) + 1
            index = seen[ident]
        result = test_old(test, answers, kinds, index) and result
    return result


def test_old(test: Element, answers: Answers, kinds: dict[str, str], index: int = 0) -> bool:
    name = test.name.local.lower()
    if name in ("and", "qticomment"):
        return all_old(kids(test), answers, kinds)
    if name == "or":
        return any(test_old(t, answers, kinds, int(t.get("index") or 0)) for t in kids(test))
    if name == "not":
        return not all_old(kids(test), answers, kinds)
    if name == "other":
        return True
    given = answers.get(test.get("respident") or "", [])
    if name == "unanswered":
        return not given
    if index:
        given = given[index - 1 : index]
    wanted = text(test)
    match name:
        case "varequal":
            return any(equal(value, wanted, yes(test, "case")) for value in given)
        case "varlt" | "varlte" | "vargt" | "vargte":
            return any(NUMBER.fullmatch(v) and compare(name, float(v), float(wanted)) for v in given)
        case "varsubstring":
            return any((wanted in v) if yes(test, "case") else (wanted.lower() in v.lower()) for v in given)
        case "varinside":
            numbers = [float(n) for n in NUMBER.findall(wanted)]
            return any(inside((test.get("areatype") or "").lower(), numbers, v) for v in given)
        case "varsubset":
            parts = [p.strip() for p in wanted.split(",")]
            if (test.get("setmatch") or "Exact").lower() == "exact":
                return bool(given) and sorted(parts) == sorted(given)
            return bool(given) and set(parts) <= set(given)
    return False


def equal(value: str, wanted: str, case: bool) -> bool:
    if NUMBER.fullmatch(value) and NUMBER.fullmatch(wanted):
        return float(value) == float(wanted)
    return value == wanted if case else value.lower() == wanted.lower()


def compare(name: str, a: float, b: float) -> bool:
    return {"varlt": a < b, "varlte": a <= b, "vargt": a > b, "vargte": a >= b}[name]


def inside(kind: str, numbers: list[float], point: str) -> bool:
    x, y = (float(n) for n in point.split())
    if kind == "rectangle":
        return numbers[0] <= x <= numbers[0] + numbers[2] and numbers[1] <= y <= numbers[1] + numbers[3]
    if kind == "ellipse":
        return ((x - numbers[0]) / (numbers[2] // 2)) ** 2 + ((y - numbers[1]) / (numbers[3] // 2)) ** 2 <= 1
    raise AssertionError(f"no oracle for {kind}")


# --- QTI 3.0, as far as the conversion uses it. A value is None, a bool, float, str, list or tuple (ordered).


def run_new(item: m.AssessmentItem, answers: dict[str, Any]) -> dict[str, Any]:
    """Return the outcomes after response processing; `answers` are values by response variables."""
    values: dict[str, Any] = dict(answers)
    for declaration in item.outcome_declarations:
        default = declaration.default_value
        texts = [v.text for v in default.values] if default is not None else []
        many = declaration.cardinality is not m.Cardinality.SINGLE
        values[declaration.identifier] = None if not texts else value(texts[0], declaration.base_type)
        if many:
            values[declaration.identifier] = None
    processing = item.response_processing
    if processing is not None:
        run_rules(processing.rules, values)
    return {d.identifier: values[d.identifier] for d in item.outcome_declarations}


def value(raw: str, base: Any) -> Any:
    match base:
        case m.BaseType.FLOAT | m.BaseType.INTEGER | m.BaseType.DURATION:
            return float(raw)
        case m.BaseType.BOOLEAN:
            return raw.strip() == "true"
    return raw


def run_rules(rules: list[Any], values: dict[str, Any]) -> None:
    for rule in rules:
        if isinstance(rule, m.SetOutcomeValue):
            values[rule.identifier] = evaluate(rule.expression, values)
        elif isinstance(rule, m.ResponseCondition):
            for branch in rule.branches:
                if branch.test is None or evaluate(branch.test, values) is True:
                    run_rules(branch.rules, values)
                    break
        else:
            raise AssertionError(rule)


def evaluate(node: Any, values: dict[str, Any]) -> Any:
    parts = [evaluate(p, values) for p in node.arguments]
    match node:
        case m.BaseValue():
            return value(node.text, node.base_type)
        case m.Variable():
            return values[node.identifier]
        case m.IsNull():
            return parts[0] in (None, [], (), "")
        case m.Not():
            return None if parts[0] is None else not parts[0]
        case m.And():
            return False if False in parts else None if None in parts else True
        case m.Or():
            return True if True in parts else None if None in parts else False
        case m.Multiple():
            return [v for p in parts if p is not None for v in (p if isinstance(p, list) else [p])] or None
        case m.Ordered():
            return tuple(parts)
        case m.Index():
            return parts[0][node.n - 1] if parts[0] is not None and len(parts[0]) >= node.n else None
    if None in parts or any(p in ([], (), "") for p in parts):
        return None
    match node:
        case m.Match():
            return sorted(parts[0]) == sorted(parts[1]) if isinstance(parts[0], list) else parts[0] == parts[1]
        case m.Equal():
            return parts[0] == parts[1]
        case m.Member():
            return parts[0] in parts[1]
        case m.Contains():
            return set(parts[1]) <= set(parts[0])
        case m.StringMatch():
            return parts[0] == parts[1] if node.case_sensitive else parts[0].lower() == parts[1].lower()
        case m.Substring():
            return parts[0] in parts[1] if node.case_sensitive else parts[0].lower() in parts[1].lower()
        case m.Lt() | m.Lte() | m.Gt() | m.Gte():
            return compare("var" + type(node).__name__.lower(), parts[0], parts[1])
        case m.Sum():
            return parts[0] + parts[1]
        case m.Subtract():
            return parts[0] - parts[1]
        case m.Product():
            return parts[0] * parts[1]
        case m.Divide():
            return parts[0] / parts[1]
        case m.Inside():
            points = parts[0] if isinstance(parts[0], list) else [parts[0]]
            numbers = [float(length.value) for length in node.coords]
            return any(inside_new(node.shape, numbers, point) for point in points)
    raise AssertionError(node)


def inside_new(shape: Any, numbers: list[float], point: str) -> bool:
    x, y = (float(n) for n in point.split())
    match shape:
        case m.Shape.RECT:
            return numbers[0] <= x <= numbers[2] and numbers[1] <= y <= numbers[3]
        case m.Shape.CIRCLE:
            return (x - numbers[0]) ** 2 + (y - numbers[1]) ** 2 <= numbers[2] ** 2
        case m.Shape.ELLIPSE:
            return ((x - numbers[0]) / numbers[2]) ** 2 + ((y - numbers[1]) / numbers[3]) ** 2 <= 1
    raise AssertionError(shape)
