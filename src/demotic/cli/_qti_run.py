"""Items and tests scored, taken in the terminal, and rendered."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

import msgspec

from demotic.cli._errors import OK, UsageFault, about, check_target
from demotic.errors import InvalidInput
from demotic.learning.qti import QtiDocument, open_document
from demotic.learning.qti.model import AssessmentItem, AssessmentTest, Cardinality, Choice, Interaction, View
from demotic.learning.qti.preferences import Preferences, read_preferences
from demotic.learning.qti.rendering import Options, page
from demotic.learning.qti.runtime import (
    ItemProgram,
    ItemState,
    NotAllowedNow,
    TestProgram,
    TestState,
    Value,
    begin,
    begin_test,
    end_part,
    go_on,
    go_to,
    prepare,
    prepare_test,
    respond,
    respond_item,
    submit,
    submit_item,
    test_feedback,
    to_json,
)
from demotic.learning.qti.runtime.values import format_data

__all__ = ["render", "run", "score", "stats"]

Scored = tuple[str, dict[str, Any], tuple[str, ...]]


def score(file: Path, responses: Path, form: str, seed: int) -> int:
    """Score the responses of each candidate, and print the outcomes."""
    program = _program(file)
    scored = list(_scored(program, _candidates(program, responses), seed))
    names = list(dict.fromkeys(name for _, outcomes, _ in scored for name in outcomes))
    if form == "json":
        rows = [{"id": name, "outcomes": {key: to_json(value) for key, value in outcomes.items()}, "problems": problems}
                for name, outcomes, problems in scored]  # fmt: skip
        print(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return OK
    table = [["id", *names]]
    table += [[name, *(_text(outcomes.get(each)) for each in names)] for name, outcomes, _ in scored]
    if form == "csv":
        out = io.StringIO()
        csv.writer(out).writerows(table)
        print(out.getvalue(), end="")
    else:
        _print_table(table)
    for problem in sorted({problem for _, _, problems in scored for problem in problems}):
        print(f"demotic: a rule failed and was left out: {problem}", file=sys.stderr)
    return OK


def stats(file: Path, responses: Path, seed: int) -> int:
    """Print the statistics of outcomes, and the frequency of each response."""
    program = _program(file)
    candidates = list(_candidates(program, responses))
    scored = list(_scored(program, candidates, seed))
    print(f"{len(scored)} candidates")
    numbers: dict[str, list[float]] = {}
    for _, outcomes, _ in scored:
        for name, value in outcomes.items():
            if value is not None and value.is_single and isinstance(value.data, (int, float)):
                numbers.setdefault(name, []).append(float(value.data))
    table = [["outcome", "count", "mean", "deviation", "least", "most"]]
    for name, found in numbers.items():
        row = (fmean(found), pstdev(found), min(found), max(found))
        table.append([name, str(len(found)), *(f"{number:g}" for number in (round(each, 4) for each in row))])
    _print_table(table)
    counts: Counter[tuple[str, str]] = Counter()
    for _, given in candidates:
        counts.update((name, text) for name, value in _flat(given) for text in _each(value))
    if counts:
        print()
        rows = sorted(counts.items(), key=lambda each: (each[0][0], -each[1], each[0][1]))
        _print_table([["response", "value", "count"], *([name, text, str(count)] for (name, text), count in rows)])
    return OK


def render(file: Path, output: Path | None, view: str, solution: bool, seed: int, pnp: Path | None = None) -> int:
    """Write the page of an item."""
    if output is not None:
        check_target(output)
        if output.resolve() == file.resolve():
            raise UsageFault(f"{output} is the item itself", target=str(output), hint="write the page elsewhere")
    program = _program(file)
    if not isinstance(program, ItemProgram):
        raise UsageFault(f"{file} is a test; items are rendered one by one", target=str(file))
    options = Options(view=View(view), solution=solution, enabled=not solution)
    submit = None if solution else "Submit"
    html = page(program, begin(program, seed=seed), options, submit=submit, pnp=_profile(pnp))
    if output is None:
        print(html, end="")
    else:
        output.write_text(html, encoding="utf-8")
    return OK


def _profile(file: Path | None) -> Preferences | None:
    if file is None:
        return None
    if not file.is_file():
        raise UsageFault(f"there is no file {file}", target=str(file))
    with about(file):
        return read_preferences(file.read_bytes())


def run(file: Path, seed: int) -> int:
    """Take an item or a test in the terminal."""
    program = _program(file)
    if isinstance(program, ItemProgram):
        state = submit(program, begin(program, seed=seed), _asked(program, begin(program, seed=seed)))
        _print_outcomes({name: state[name] for name in program.outcomes})
        return OK
    test = begin_test(program, seed=seed)
    while test.status == "interacting":
        test = _step(program, test)
    for feedback in test_feedback(program, test):
        print(f"\n{_words(feedback)}")
    _print_outcomes({name: test[name] for name in program.outcomes})
    return OK


def _step(program: TestProgram, state: TestState) -> TestState:
    assert state.item is not None
    entry = next(entry for entry in state.entries if entry.name == state.item)
    item = program.places[entry.identifier].program
    assert item is not None
    print(f"\n[{state.item}]")
    given = _asked(item, state.items[state.item])
    try:
        state = submit_item(program, state, given)
    except NotAllowedNow:
        state = respond_item(program, state, given)  # the part is submitted as a whole
    if state.status != "interacting":
        return state
    try:
        return go_on(program, state)
    except NotAllowedNow:
        return end_part(program, state)


def _asked(program: ItemProgram, state: ItemState) -> dict[str, Any]:
    """Show an item and ask for its responses; an empty line leaves one out. Raises `UsageFault` at the end of input."""
    print(program.item.title)
    body = program.item.item_body
    if body is not None:
        print(_words(body))
    given: dict[str, Any] = {}
    for interaction in program.interactions:
        name = interaction.response_identifier
        if name not in program.responses or name in given:
            continue
        order = state.orders.get(name)
        for choice in _choices(interaction, order):
            print(f"  {choice.identifier}: {_words(choice)}")
        given[name] = _answer(program, state, name)
    return given


def _answer(program: ItemProgram, state: ItemState, name: str) -> Any:
    """Ask for one response until it is one that the interaction can give."""
    several = program.responses[name].cardinality.value != "single"
    while True:
        print(f"{name}{' (several: with | between them)' if several else ''}: ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            raise UsageFault("the input ended before the last question", hint="answer each, or leave a line empty")
        answer = _several(line.strip()) if several else line.strip() or None
        why = respond(program, state, {name: answer}).invalid.get(name) if answer else None
        if why is None:
            return answer
        print(f"{why}; an empty line leaves the question out")


def _choices(interaction: Interaction, order: tuple[str, ...] | None) -> list[Choice]:
    choices = list(interaction.find(Choice))
    return sorted(choices, key=lambda each: order.index(each.identifier)) if order else choices


def _words(node: Any) -> str:
    parts: list[str] = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        elif hasattr(child, "children") and not isinstance(child, Choice):
            parts.append(f" {_words(child)} ")
    return " ".join("".join(parts).split())


def _print_outcomes(outcomes: Mapping[str, Value | None]) -> None:
    print()
    _print_table([["outcome", "value"], *([name, _text(value)] for name, value in outcomes.items())])


def _program(file: Path) -> ItemProgram | TestProgram:
    if not file.is_file():
        raise UsageFault(f"there is no file {file}", target=str(file))
    if file.read_bytes()[:2] == b"PK":
        raise UsageFault(f"{file} is an archive", target=str(file), hint="name a document that is unpacked from it")
    with about(file):
        return _prepared(file, open_document(file))


def _prepared(file: Path, document: QtiDocument) -> ItemProgram | TestProgram:
    if isinstance(document.root, AssessmentItem):
        return prepare(document)
    if isinstance(document.root, AssessmentTest):
        return prepare_test(document, lambda href: open_document(file.parent / href))
    raise UsageFault(f"{file} holds neither an item nor a test", target=str(file))


def _scored(
    program: ItemProgram | TestProgram, candidates: Iterable[tuple[str, dict[str, Any]]], seed: int
) -> Iterator[Scored]:
    for name, given in candidates:
        if isinstance(program, ItemProgram):
            state = submit(program, begin(program, seed=seed), given)
            yield name, {each: state[each] for each in program.outcomes}, state.problems
        else:
            test = _taken(program, begin_test(program, seed=seed), _of_form(program, name, given, seed))
            yield name, {each: test[each] for each in program.outcomes}, test.problems


def _of_form(program: TestProgram, candidate: str, given: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return the responses to the items of a form: a table has columns of all items, those not selected are empty."""
    form = [entry.name for part in begin_test(program, seed=seed).form for entry in part]
    kept = {item: answer for item, answer in given.items() if item in form or _answered(answer)}
    for item in kept:
        if item not in form:
            known = item in program.places or item.rpartition(".")[0] in program.places
            why = f"has no {item} in the form of the seed {seed}" if known else f"has no item {item}"
            hint = f"it has {', '.join(form)}" + ("; --seed selects others" if known else "")
            raise InvalidInput(f"candidate {candidate}: the test {why}", target=item, hint=hint)
    return kept


def _answered(answer: Any) -> bool:
    return any(map(_answered, answer.values())) if isinstance(answer, dict) else answer not in (None, "", [])


def _taken(program: TestProgram, state: TestState, given: Mapping[str, Any]) -> TestState:
    """Take a test with responses at hand: each item once, in order."""
    while state.status == "interacting":
        answer = given.get(state.item or "")
        if answer is not None:
            try:
                state = submit_item(program, state, answer)
            except NotAllowedNow:
                state = respond_item(program, state, answer)
        if state.status != "interacting":
            break
        names = [entry.name for entry in state.entries]
        try:
            state = go_on(program, state)
        except NotAllowedNow:
            left = names[names.index(state.item or "") + 1 :]
            state = go_to(program, state, left[0]) if left else end_part(program, state)
    return state


def _candidates(program: ItemProgram | TestProgram, file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if not file.is_file():
        raise UsageFault(f"there is no file {file}", target=str(file))
    if file.suffix.lower() == ".json":
        yield from _from_json(file)
        return
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            yield from _from_csv(program, file, csv.DictReader(lines))
    except UnicodeDecodeError as error:
        raise UsageFault(
            f"{file} is no text in UTF-8: {error.reason} at byte {error.start}", target=str(file)
        ) from None
    except csv.Error as error:
        raise UsageFault(f"{file} is no CSV: {error}", target=str(file)) from None


def _from_csv(
    program: ItemProgram | TestProgram, file: Path, rows: csv.DictReader[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    if not rows.fieldnames:
        raise UsageFault(f"{file} is empty", hint="its first line names the variables, such as id,RESPONSE")
    twice = next((name for name, count in Counter(rows.fieldnames).items() if count > 1), None)
    if twice is not None:
        raise UsageFault(
            f"{file} has two columns {twice}", target=str(file), hint="several values stand in one cell, as A|B"
        )
    several = {name for name in rows.fieldnames if _holds_several(program, name)}
    for number, row in enumerate(rows, start=1):
        if None in row:
            raise UsageFault(f"{file}, candidate {number}: there are more cells than columns", target=str(file))
        name = row.pop("id", None) or str(number)
        yield (
            name,
            _nested(
                {
                    column: _several(cell or "") if column in several else (cell or "").strip()
                    for column, cell in row.items()
                }
            ),
        )


def _holds_several(program: ItemProgram | TestProgram, column: str) -> bool:
    """Tell whether a column is of a variable with several values, which `|` parts; a text of one may have it."""
    name = column
    if isinstance(program, TestProgram):
        entry, _, name = column.rpartition(".")
        place = program.places.get(entry) or program.places.get(entry.rpartition(".")[0])
        found = place.program if place is not None else None
    else:
        found = program
    declared = None if found is None else found.responses.get(name)
    return declared is not None and declared.cardinality in (Cardinality.MULTIPLE, Cardinality.ORDERED)


def _from_json(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageFault(f"{file} is no JSON: {error}", target=str(file)) from None
    for number, each in enumerate(data if isinstance(data, list) else [data], start=1):
        given = each.get("responses") if isinstance(each, dict) else None
        if not isinstance(given, dict):
            raise UsageFault(f"{file}, candidate {number}: there are no responses", hint='{"responses": {…}}')
        yield str(each.get("id", number)), given


def _nested(given: dict[str, Any]) -> dict[str, Any]:
    """Put the columns ITEM.VARIABLE of a test together by items."""
    found: dict[str, Any] = {}
    for column, value in given.items():
        item, dot, variable = column.rpartition(".")
        if dot:
            found.setdefault(item, {})[variable] = value
        else:
            found[column] = value
    return found


def _flat(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        if isinstance(value, dict) and "value" not in value:
            yield from ((f"{name}.{variable}", inner) for variable, inner in value.items())
        else:
            yield name, value


def _each(value: Any) -> list[str]:
    """Return the texts of a response; those of several stand in a list already."""
    return ([value] if value.strip() else []) if isinstance(value, str) else _several(value)


def _several(value: Any) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split("|") if part.strip()]
    if isinstance(value, (list, tuple)):
        return [str(each) for each in value]
    return [] if value is None else [str(value)]


def _text(value: Value | None) -> str:
    if value is None:
        return ""
    if value.base_type is None:
        return ", ".join(f"{name}={_text(field)}" for name, field in value.data.items())
    return "|".join(format_data(value.base_type, item) for item in value.items)


def _print_table(rows: list[list[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
