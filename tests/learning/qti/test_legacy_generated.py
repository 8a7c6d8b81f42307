"""Whatever item ASI 1.2 allows is read, becomes valid in 3.0, and scores the same, or the losses say why not."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.learning.qti.legacy_generator import Generator
from tests.learning.qti.legacy_oracle import run_old
from tests.learning.qti.test_legacy import as_value, feedback_name, legacy_files, outcome_name

from demotic.learning.qti import Version, read
from demotic.learning.qti.checking import check
from demotic.learning.qti.legacy import convert_legacy
from demotic.learning.qti.model import AssessmentItem
from demotic.learning.qti.runtime import begin, prepare, submit
from demotic.learning.qti.writing import write
from demotic.xml import Document
from demotic.xml.validation import Schema

MANY, SCHEMA_EVERY = 160, 4
# What these losses are about scores otherwise, and they say so.
EXPLAINED = {"comparison", "setvar", "area", "type"}


@pytest.mark.feature("F-QTI-31")
@pytest.mark.spec("QTI1-087", "QTI1-091", "QTI1-092")
def test_generated_items_are_valid_and_score_the_same(schema_of: Callable[[Version], Schema]) -> None:
    schema = schema_of(Version.V3_0)
    compared = 0
    for seed in range(MANY):
        data, answers = Generator(seed).item()
        (converted,) = convert_legacy(data, file="a.xml")
        written = write(converted.document)
        assert [f"{f}" for f in check(converted.document) if f.severity == "error"] == [], (seed, data)
        if seed % SCHEMA_EVERY == 0:
            assert schema.problems(Document.parse(written)) == [], (seed, data)
        if any(loss.code in EXPLAINED and loss.kind != "changed" for loss in converted.losses):
            continue
        item = read(written).item  # nothing is kept but what stands in the file
        program = prepare(read(written))
        declared = item.response_declarations
        assert len(declared) == len(answers), (seed, data)
        given = {d.identifier: as_value(value, d) for d, value in zip(declared, answers.values(), strict=True)}
        whole = {name: int(v) if isinstance(v, float) and v == int(v) else v for name, v in given.items()}
        state = submit(program, begin(program, seed=1), whole)
        outcomes, shown = run_old(next(e for e in Document.parse(data).root.elements()), answers)
        found = {name: state[outcome_name(name)] for name in outcomes}
        scores = {name: 0.0 if value is None else value.data for name, value in found.items()}
        assert scores == pytest.approx(outcomes), (seed, answers, data)
        feedback = state.values.get("FEEDBACK")
        assert sorted(set(feedback.items) if feedback else ()) == sorted({feedback_name(s) for s in shown}), seed
        assert state.problems == (), (seed, state.problems, data)
        compared += 1
    print(f"{compared} of {MANY} items score the same")
    assert compared > MANY * 0.8


NAMES = [
    "response_grp",
    "render_slider",
    "varinside",
    "varsubset",
    "durlt",
    "not",
    "or",
    "other",
    "and",
    "selection_metadata",
    "outcomes_processing",
    "map_output",
    "variable_test",
    "assessfeedback",
    "hint",
    "altmaterial",
    "response_na",
    "var_extension",
    "decvar",
    "presentation_material",
    "flow",
    "flow_mat",
    "material",
    "matref",
    "material_ref",
    "mattext",
    "section",
    "item",
    "objectbank",
    "response_label",
    "itemfeedback",
    "setvar",
    "conditionvar",
]
ATTRIBUTES = [
    "ident",
    "respident",
    "linkrefid",
    "varname",
    "rcardinality",
    "index",
    "action",
    "continue",
    "shuffle",
    "maxnumber",
    "minnumber",
    "vartype",
    "defaultval",
    "minvalue",
    "maxvalue",
    "view",
    "scoremodel",
    "mdname",
    "areatype",
    "rarea",
    "fibtype",
    "label",
    "match_group",
    "match_max",
    "uri",
    "texttype",
    "title",
]
VALUES = (
    "", "0", "-1", "1e400", "NaN", "A", "a b", "<x>", "Yes", "Multiple", "Ordered", "9" * 30, "1,2,3,4", "é", "\u202e",
    "a.b", "Divide", "EQ", "Tutor", "Boolean", "Set", "text/html", "0.5", "<p onclick='x'>y</p>", "SCORE.max",
)  # fmt: skip


def mutated(draw: random.Random, root: Any) -> None:
    """Change one thing about a tree: a value, an element, its name or its place."""
    nodes = [each for each in root.iter() if isinstance(each.tag, str)]
    node, other = draw.choice(nodes), draw.choice(nodes)
    within = any(each is node for each in (other, *other.iterancestors()))
    match draw.randrange(7):
        case 0:
            node.set(draw.choice(ATTRIBUTES), draw.choice(VALUES))
        case 1 if node.attrib:
            del node.attrib[draw.choice(list(node.attrib))]
        case 2:
            node.text = draw.choice(VALUES)
        case 3 if node is not root:
            node.getparent().remove(node)
        case 4 if node is not root:
            node.addnext(deepcopy(node))
        case 5 if node is not root:
            node.tag = node.tag.rpartition("}")[0] + ("}" if "}" in node.tag else "") + draw.choice(NAMES)
        case _ if node is not root and not within:
            other.append(deepcopy(node))


@pytest.mark.feature("F-QTI-21", "F-QTI-31")
@pytest.mark.spec("QTI1-072")
def test_changed_files_of_the_data_become_valid_documents(
    shared_data: Path, schema_of: Callable[[Version], Schema]
) -> None:
    schema, draw, made = schema_of(Version.V3_0), random.Random(5), 0
    parser = etree.XMLParser(load_dtd=False, resolve_entities=False, no_network=True, recover=True)
    trees = [etree.fromstring(path.read_bytes(), parser) for path in legacy_files(shared_data / "learning")]
    small = [tree for tree in trees if tree is not None and sum(1 for _ in tree.iter()) < 150]
    for attempt in range(240):
        root = deepcopy(draw.choice(small))
        for _ in range(draw.randint(1, 6)):
            mutated(draw, root)
        data = etree.tostring(root)
        for converted in convert_legacy(data, file="a.xml"):
            written = write(converted.document)
            assert [f"{f}" for f in check(converted.document) if f.severity == "error"] == [], data
            if attempt % 3 == 0 and b"MathML" not in written:  # formulas stay as they are, right or wrong
                assert schema.problems(Document.parse(written)) == [], data
            if isinstance(converted.document.root, AssessmentItem):
                program = prepare(read(written))
                submit(program, begin(program, seed=1), {})
            made += 1
    print(f"{made} documents are valid")
    assert made > 240
