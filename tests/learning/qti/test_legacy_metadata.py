"""What QTI 1.2 says of its objects has a place in LOM, in QTI's own metadata, or in the document; the rest is told."""

# ruff: noqa: E501  (markup in tables reads better in one line)
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.learning.qti.test_legacy import choice, eq, item, legacy_files, rule

from demotic.learning.cp import Metadata, Resource, open_package
from demotic.learning.lom import Lom, check_lom
from demotic.learning.qti import Version
from demotic.learning.qti.converting import Loss
from demotic.learning.qti.packaging import convert_bank


def field(label: str, value: str) -> str:
    return f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{value}</fieldentry></qtimetadatafield>"


def converted(
    data: str, folder: Path, version: Version = Version.V3_0
) -> tuple[dict[str, Metadata], list[Loss], dict[str, Resource]]:
    """Return the metadata of all resources by their documents, all losses, and the resources."""
    bank, target = folder / "old", folder / "new.zip"
    bank.mkdir(exist_ok=True)
    (bank / "bank.xml").write_text(data)
    losses = [loss for done in convert_bank(bank, target, version, replace=True) for loss in done.losses]
    with open_package(target) as package:
        assert [f for f in package.check() if f.severity == "error"] == []
        found = {r.href or "": r for r in package.resources()}
        return {href: r.metadata for href, r in found.items() if r.metadata is not None}, losses, found


def of_item(labels: list[tuple[str, str]], folder: Path) -> tuple[Lom, Any, list[Loss]]:
    fields = "".join(field(*each) for each in labels)
    data = item(choice(), rule(eq("A")), f"<itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>")
    metadata, losses, _ = converted(data, folder)
    found = metadata["i.xml"]
    return (found.lom[0] if found.lom else Lom()), found.qti[0], losses


def term(vocabulary: Any) -> tuple[str | None, str | None]:
    return vocabulary.vocabulary, vocabulary.term


def text(strings: Any) -> str:
    return str(strings.strings[0].value)


PLACES = [
    ("name", "A sky", lambda lom, qti: text(lom.general.title), "A sky"),
    ("qmd_topic", "a, b", lambda lom, qti: [text(k) for k in lom.general.keywords], ["a", "b"]),
    ("syllabusarea", "Optics", lambda lom, qti: (term(lom.classifications[0].purpose), text(lom.classifications[0].keywords[0])), (("LOMv1.0", "discipline"), "Optics")),
    ("author", "Ada, Lovelace", lambda lom, qti: (term(lom.life_cycle.contributes[0].role), lom.life_cycle.contributes[0].entities[0].card.split()), (("LOMv1.0", "author"), ["BEGIN:VCARD", "VERSION:3.0", "FN:Ada\\,", "Lovelace", "N:Ada\\,", "Lovelace;;;;", "END:VCARD"])),
    ("Organization", "Example", lambda lom, qti: "ORG:Example" in lom.life_cycle.contributes[0].entities[0].card, True),
    ("status", "Final", lambda lom, qti: term(lom.life_cycle.status), ("LOMv1.0", "final")),
    ("status", "Experimental", lambda lom, qti: term(lom.life_cycle.status), ("QTIv1", "Experimental")),
    ("version", "2", lambda lom, qti: text(lom.life_cycle.version), "2"),
    ("qmd_levelofdifficulty", "easy", lambda lom, qti: term(lom.educationals[0].difficulty), ("LOMv1.0", "easy")),
    ("level of difficulty", "HE/FE", lambda lom, qti: term(lom.educationals[0].contexts[0]), ("QTIv1", "HE/FE")),
    ("qmd_itemtype", "MCQ", lambda lom, qti: term(lom.educationals[0].learning_resource_types[0]), ("QTIv1", "MCQ")),
    ("qmd_timelimit", "90", lambda lom, qti: lom.educationals[0].typical_learning_time.duration.value, "PT90M"),
    ("copyright", "me", lambda lom, qti: text(lom.rights.description), "me"),
    ("qmd_material", "text/plain, image/GIF", lambda lom, qti: [f.value for f in lom.technical.formats], ["text/plain", "image/gif"]),
    ("assessment_question_identifierref", "x1", lambda lom, qti: (lom.general.identifiers[0].catalog.value, lom.general.identifiers[0].text), ("assessment_question_identifierref", "x1")),
    ("bank_title", "Bank", lambda lom, qti: (term(lom.relations[0].kind), text(lom.relations[0].resource.descriptions[0])), (("LOMv1.0", "ispartof"), "Bank")),
    ("source_url", "http://example.org/a", lambda lom, qti: (term(lom.relations[0].kind), lom.relations[0].resource.identifiers[0].text), (("LOMv1.0", "isbasedon"), "http://example.org/a")),
    ("grading_notes", "be kind", lambda lom, qti: text(lom.annotations[0].description), "be kind"),
    ("qmd_toolvendor", "V", lambda lom, qti: qti.tool_vendor.value, "V"),
    ("toolversion", "3", lambda lom, qti: qti.tool_version.value, "3"),
    ("qmd_computerscored", "No", lambda lom, qti: [mode.value for mode in qti.scoring_modes], ["human"]),
    ("qmd_timedependence", "Yes", lambda lom, qti: qti.time_dependent.value, True),
    ("qmd_typeofsolution", "None", lambda lom, qti: qti.solution_available.value, False),
]  # fmt: skip


@pytest.mark.feature("F-QTI-30")
@pytest.mark.spec("QTI1-025", "QTI1-041", "QTI1-082")
@pytest.mark.parametrize(("label", "value", "found", "expected"), PLACES)
def test_labels_have_their_places(label: str, value: str, found: Any, expected: Any, tmp_path: Path) -> None:
    lom, qti, losses = of_item([(label, value)], tmp_path)
    assert found(lom, qti) == expected
    assert [loss.kind for loss in losses if loss.code == "metadata"] == ["changed"]
    assert [f for f in check_lom(lom) if f.severity == "error"] == []


def test_what_has_no_place_or_no_room_is_a_loss(tmp_path: Path) -> None:
    labels = [
        ("mood", "grey"),
        ("qmd_timelimit", "soon"),
        ("title", "a"),
        ("title", "b"),
        ("qmd_computerscored", "maybe"),
    ]
    lom, _, losses = of_item(labels, tmp_path)
    assert lom.general is not None and text(lom.general.title) == "a"
    assert [loss.message for loss in losses if (loss.kind, loss.code) == ("dropped", "metadata")] == [
        "mood: 'grey'", "timelimit: 'soon'", "title: 'b'", "computerscored: 'maybe'",
    ]  # fmt: skip


@pytest.mark.feature("F-QTI-30")
@pytest.mark.spec("QTI1-008", "QTI1-043", "QTI1-060")
def test_comments_objectives_and_durations_are_metadata_too(tmp_path: Path) -> None:
    inside = "<qticomment>first</qticomment><duration>PT2M</duration><objectives><material><mattext>to see</mattext></material></objectives>"
    data = item(f"<qticomment>second</qticomment>{choice()}", rule(eq("A")), inside)
    metadata, losses, _ = converted(data, tmp_path)
    (lom,), (qti,) = metadata["i.xml"].lom, metadata["i.xml"].qti
    assert [text(each.description) for each in lom.annotations] == ["first", "second"]
    (education,) = lom.educationals
    assert [text(each) for each in education.descriptions] == ["to see"]
    assert education.typical_learning_time is not None and education.typical_learning_time.duration is not None
    assert education.typical_learning_time.duration.value == "PT2M"
    assert [loss for loss in losses if loss.kind == "dropped"] == []
    assert [kind.value for kind in qti.interaction_types] == ["choiceInteraction"]
    assert (qti.composite.value, qti.feedback_type.value) == (False, "none")  # type: ignore[union-attr]


@pytest.mark.feature("F-QTI-30")
def test_what_a_bank_says_holds_for_its_items_unless_they_say_it(tmp_path: Path) -> None:
    one = item(choice(), rule(eq("A"))).removeprefix("<questestinterop>").removesuffix("</questestinterop>")
    own = one.replace('ident="i"', 'ident="j"').replace(
        "<presentation>",
        f"<itemmetadata><qtimetadata>{field('bank_title', 'Own')}</qtimetadata></itemmetadata><presentation>",
        1,
    )
    data = f'<questestinterop><objectbank ident="b"><qtimetadata>{field("bank_title", "All")}</qtimetadata>{one}{own}</objectbank></questestinterop>'
    metadata, _, _ = converted(data, tmp_path)
    named = {href: text(each.lom[0].relations[0].resource.descriptions[0]) for href, each in metadata.items()}  # type: ignore[union-attr]
    assert named == {"i.xml": "All", "j.xml": "Own"}


@pytest.mark.feature("F-QTI-30")
def test_what_the_documents_say_is_not_said_twice(tmp_path: Path) -> None:
    fields = "".join(
        field(*each)
        for each in [
            ("qmd_weighting", "3"),
            ("qmd_renderingtype", "Choice"),
            ("qmd_maximumscore", "7"),
            ("qmd_solutionspermitted", "No"),
        ]
    )
    one = item(choice(), rule(eq("A")), f"<itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>")
    one = one.removeprefix("<questestinterop>").removesuffix("</questestinterop>")
    own = f"<qtimetadata>{field('qmd_timelimit', '20')}{field('qmd_feedbackpermitted', 'No')}</qtimetadata>"
    data = f'<questestinterop><assessment ident="a" title="T">{own}<section ident="s">{one}</section></assessment></questestinterop>'
    metadata, losses, _ = converted(data, tmp_path)
    assert metadata["i.xml"].lom == [] and "a.xml" not in metadata
    assert [loss.message for loss in losses if loss.code == "metadata"] == [
        "weighting '3' is said by the weight in the test", "renderingtype 'Choice' is said by the interactions",
        "maximumscore '7' is said by the maximum of SCORE", "solutionspermitted 'No' is said by the session control",
        "timelimit '20' is said by the time limit", "feedbackpermitted 'No' is said by the session control",
    ]  # fmt: skip
    with open_package(tmp_path / "new.zip") as package:
        written = package.read("a.xml").decode()
        assert (
            'max-time="1200.0"' in written and 'show-feedback="false"' in written and 'show-solution="false"' in written
        )
        assert 'normal-maximum="7.0"' in package.read("i.xml").decode()


@pytest.mark.feature("F-QTI-30")
def test_metadata_of_the_data_are_mostly_kept(shared_data: Path, tmp_path: Path) -> None:
    kept, lost = 0, []
    for number, path in enumerate(legacy_files(shared_data / "learning")):
        bank, target = tmp_path / str(number), tmp_path / f"{number}.zip"
        bank.mkdir()
        (bank / "a.xml").write_bytes(path.read_bytes())
        for done in convert_bank(bank, target, Version.V3_0):
            kept += sum(loss.code == "metadata" and loss.kind == "changed" for loss in done.losses)
            lost += [loss.message for loss in done.losses if loss.code == "metadata" and loss.kind == "dropped"]
    print(f"{kept} values are kept, {len(lost)} are not")
    assert kept > 3 * len(lost)
    assert {message.partition(":")[0] for message in lost} <= LOST


# What vendors alone know what to do with, points of items without score or test, and a duration that is none.
LOST = {
    "original_answer_ids", "cc_maxattempts", "calculator_type", "passage", "parent_stimulus_item_ident",
    "scoring_algorithm", "scoretype", "points_possible", "maximumscore", "marks", "duration",
}  # fmt: skip
