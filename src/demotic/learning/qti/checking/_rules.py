"""Everything that a check may find, one line each: code, severity, what is wrong, what to do. Codes are stable."""

from __future__ import annotations

from typing import Final

from demotic.learning.findings import Rule, Severity

__all__ = ["RULES", "reading_rule"]

_TABLE: Final[tuple[tuple[str, Severity, str, str], ...]] = (
    # The document's form.
    ("missing-attribute", "error", "{element} has no {name}, which {version} requires", "give it"),
    ("newer-attribute", "error", "{element} has {name}, which {version} does not know", "leave it out, or convert"),
    ("newer-element", "error", "{element} is not in {version}", "leave it out, or convert the document"),
    ("missing-part", "error", "{element} lacks {part}", "add it"),
    ("too-many-parts", "error", "{element} has {count} times {part}, at most {most}", "leave one"),
    ("misplaced", "error", "{inner} may not stand in {element}", "take it out; {element} holds {allowed}"),
    ("wrong-order", "warning", "{inner} stands after {other} in {element}", "put it before"),
    (
        "dotted-identifier",
        "warning",
        "the identifier {name!r} has a point",
        "tests use points to name items' variables",
    ),
    ("long-text", "warning", "{element}: {name} is longer than 256 characters", "shorten it"),
    ("duplicate-id", "error", "the id {name!r} is given twice", "make each different; the first is at line {line}"),
    ("missing-catalog", "error", "no catalog has the id {name!r}", "add it to qti-catalog-info"),
    ("unused-catalog", "info", "nothing refers to the catalog {name!r}", "refer to it with data-catalog-idref"),
    ("no-alt", "warning", "{element} has no alt text", "add alt, empty for mere decoration"),
    (
        "nested-interaction",
        "error",
        "{inner} stands in {element}",
        "put it elsewhere: only text and images may be there",
    ),
    ("outside-of-interaction", "error", "{inner} stands outside of {element}", "put it inside"),
    ("wrong-shape", "error", "{element}: {shape} with {count} coordinates", "{needs}"),
    ("negative-radius", "error", "{element}: {shape} with a negative radius", "a radius is 0 or more"),
    # Declarations.
    ("duplicate-identifier", "error", "the identifier {name!r} is declared twice", "the first is at line {line}"),
    (
        "shadowed-identifier",
        "warning",
        "{name!r} is built in, and its declaration hides it",
        "leave the declaration out",
    ),
    ("missing-base-type", "error", "the variable {name!r} has no base-type", "give one; only records have none"),
    ("needless-base-type", "error", "the record {name!r} has a base-type", "leave it out; its fields have their own"),
    ("wrong-literal", "error", "{text!r} is no {type} ({name})", "{expected}"),
    (
        "too-many-values",
        "error",
        "{name!r} is single, but has {count} values in {part}",
        "leave one, or make it multiple",
    ),
    ("missing-field", "error", "a value of the record {name!r} has no field-identifier", "give it"),
    ("needless-field", "warning", "a value of {name!r}, which is no record, has a field-identifier", "leave it out"),
    (
        "wrong-mapping",
        "error",
        "{name!r} has a mapping, but is of type {type}",
        "mappings are for other types than {type}",
    ),
    (
        "wrong-area-mapping",
        "error",
        "{name!r} has an area mapping, but is of type {type}",
        "area mappings are for points",
    ),
    ("duplicate-key", "warning", "the mapping of {name!r} has the key {key!r} twice", "leave one; the first counts"),
    ("wrong-bounds", "error", "{element}: {low} {low_value} is above {high} {high_value}", "put them in order"),
    (
        "unused-response",
        "warning",
        "no interaction is bound to the response {name!r}",
        "add one, or leave the declaration out",
    ),
    (
        "unused-outcome",
        "info",
        "nothing sets or uses the outcome {name!r}",
        "leave it out, or mark it as scored outside",
    ),
    ("unused-template", "warning", "nothing uses the template variable {name!r}", "leave it out, or use it"),
    # References.
    ("undeclared", "error", "there is no variable {name!r}", "declare it; there are {known}"),
    ("wrong-kind", "error", "{name!r} is a {kind} variable, {element} wants a {wanted} variable", "name one of those"),
    ("no-mapping", "error", "{element}: {name!r} has no {part}", "add it to the declaration"),
    ("no-lookup-table", "error", "{element}: {name!r} has no lookup table", "add one to the declaration"),
    (
        "wrong-feedback-type",
        "error",
        "{element}: {name!r} is of type {type}, not identifier",
        "use an identifier variable",
    ),
    ("unreachable-feedback", "warning", "nothing sets {outcome!r} to {name!r}", "set it, or leave the feedback out"),
    ("no-correct-response", "info", "qti-correct of {name!r}, which has no correct response", "declare one"),
    (
        "unknown-choice",
        "error",
        "{part} of {name!r} names {choice!r}, which is no choice of its interaction",
        "{known}",
    ),
    ("impossible-key", "warning", "the correct response of {name!r} cannot be given: {why}", "mend it, or the limit"),
    (
        "unknown-group",
        "error",
        "{element}: no choice is called {name!r}, as match-group says",
        "name one that there is",
    ),
    # Interactions.
    ("unbound", "error", "{element}: there is no response {name!r}", "declare it; there are {known}"),
    (
        "bound-twice",
        "error",
        "two interactions are bound to {name!r}",
        "give each its own; the other is at line {line}",
    ),
    ("wrong-response-type", "error", "{element}: {name!r} is of type {type}", "it must be {wanted}"),
    ("wrong-response-cardinality", "error", "{element}: {name!r} is {cardinality}", "it must be {wanted}"),
    (
        "limit-and-cardinality",
        "warning",
        "{element} allows {limit}, but {name!r} is single",
        "make it multiple, or allow one",
    ),
    ("duplicate-choice", "error", "{element} has two choices {name!r}", "make each different"),
    ("limit-too-high", "warning", "{element}: {name} is {limit}, but there are only {count}", "lower it"),
    ("limits-crossed", "error", "{element}: {low} {low_value} is more than {high} {high_value}", "put them in order"),
    ("negative", "error", "{element}: {name} is {value}", "give a number that is not negative"),
    ("no-step", "error", "{element}: step {value} does not lead from {low} to {high}", "give a step above 0"),
    ("wrong-number-base", "error", "{element}: numbers to the base {value}", "give a base from 2 to 36"),
    ("wrong-pattern", "error", "{element}: {value!r} is no regular expression: {why}", "mend it"),
    ("no-template", "error", "{element}: there is no template variable {name!r}", "declare it"),
    # Expressions and rules.
    ("wrong-type", "error", "{element}: operand {number} is {type}, not {wanted}", "use another operand"),
    ("wrong-cardinality", "error", "{element}: operand {number} is {cardinality}, not {wanted}", "use another operand"),
    ("mixed-types", "error", "{element}: operands of types {types} cannot go together", "make them of one type"),
    ("wrong-operand-count", "error", "{element} has {count} operands, {wanted} are needed", "mend it"),
    ("not-boolean", "error", "the condition of {element} is {type}, not a single boolean", "compare it with something"),
    ("wrong-assignment", "error", "{name!r} is {wanted}, but {element} gives it {type}", "make both the same"),
    ("wrong-range", "error", "{element}: min {low} is above max {high}", "put them in order"),
    ("wrong-step", "error", "{element}: step {value}", "give a step above 0"),
    ("no-tolerance", "error", "{element} compares with a tolerance, but has none", "give tolerance"),
    ("wrong-figures", "error", "{element}: {value} figures", "give {wanted}"),
    ("float-comparison", "info", "{element} compares floats", "use qti-equal with a tolerance"),
    ("test-only", "error", "{element} is for tests", "use it in outcome processing"),
    ("custom-operator", "info", "a custom operator, {name}", "it must be registered where the item runs"),
    (
        "unknown-template",
        "warning",
        "the response processing template {name!r} is not known here",
        "give own rules beside it",
    ),
    ("template-variable", "error", "the template {template} needs the {kind} variable {name!r}", "declare it"),
    (
        "template-no-correct",
        "warning",
        "the template {template} compares {name!r} with its correct response, which it does not have",
        "declare one",
    ),
    (
        "template-type",
        "error",
        "the template {template} needs {name!r} to be {wanted}, it is {type}",
        "mend the declaration",
    ),
    ("never-completed", "warning", "an adaptive item that never sets completionStatus", "set it to completed"),
    ("empty-condition", "warning", "{element} without rules", "add one, or leave it out"),
    ("unreachable-rule", "warning", "{element} after {other} is never reached", "take it out"),
    # Tests.
    ("unknown-target", "error", "{element}: there is no {name!r} to branch to", "name a later part, or an exit"),
    ("backward-branch", "error", "{element}: {name!r} does not come later", "branch forward only"),
    ("branch-out", "error", "{element}: {name!r} is in another part of the test", "branch within {part}"),
    (
        "not-in-nonlinear",
        "warning",
        "{element} means nothing in a nonlinear part",
        "leave it out, or make the part linear",
    ),
    ("select-too-many", "error", "{element} selects {select} of {count}", "select fewer, or with replacement"),
    ("select-too-few", "error", "{element} selects {select}, but {count} are required", "select more"),
    ("unknown-weight", "warning", "no item reference has a weight {name!r}", "add one; without it 1 is meant"),
    ("unknown-section", "error", "there is no section {name!r}", "name one that there is"),
    ("unknown-category", "warning", "no item is of category {name!r}", "name one that there is"),
    ("unknown-item-variable", "error", "{item} has no variable {name!r}", "{known}"),
    ("not-simultaneous", "warning", "{element} counts only where each item is submitted by itself", "leave it out"),
    # Files.
    ("missing-file", "error", "there is no file {name!r}", "add it, or mend the path"),
    ("outside-file", "error", "{name!r} leads out of the package", "put the file inside"),
    ("wrong-target", "error", "{name!r} is {found}, not {wanted}", "name another file"),
    ("remote-file", "info", "{name!r} is on another machine", "put it in the package, if it must be there when used"),
    ("not-in-resource", "warning", "the file {name!r} is not in the resource {resource!r}", "add it there"),
    ("circular-file", "error", "{name!r} leads back to itself", "mend the reference"),
    ("include", "info", "what stands at {name!r} is included, and was not looked into", "check it by itself"),
    # From elsewhere.
    ("unreadable", "error", "{why}", "mend it"),
    ("schema", "error", "{message}", "see the schema: {rule}"),
)

RULES: Final[dict[str, Rule]] = {code: Rule(code, *rest) for code, *rest in _TABLE}  # type: ignore[arg-type]
"""The rules by their codes."""

_READING: Final[dict[str, Severity]] = {"unknown-namespace": "warning"}


def reading_rule(code: str) -> Rule:
    """Return the rule for a problem that the reader had, whose words are its own."""
    return Rule(code, _READING.get(code, "error"), "{message}", "{hint}")
