"""Learning object metadata: read alike from both bindings, written back in its own, and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.learning.cp import open_package
from demotic.learning.lom import (
    IEEE_NAMESPACES,
    LOM,
    LOM_RULES,
    MD,
    MD_NAMESPACES,
    Classification,
    Contribute,
    DateTime,
    Description,
    Entry,
    General,
    Keyword,
    LifeCycle,
    Lom,
    Rights,
    Status,
    String,
    Taxon,
    TaxonPath,
    Title,
    Value,
    check_lom,
)
from demotic.xml import QName, name_of, read, serialize

IEEE = f"""<lom xmlns="{LOM}">
  <general><identifier><catalog>ISBN</catalog><entry>1-23</entry></identifier>
    <title><string language="en-GB">Colour</string><string language="de">Farbe</string></title><language>en</language>
    <keyword><string>red</string></keyword>
    <aggregationLevel><source>LOMv1.0</source><value>2</value></aggregationLevel></general>
  <lifeCycle><contribute><role><source>LOMv1.0</source><value>author</value></role>
    <entity>BEGIN:VCARD FN:A END:VCARD</entity>
    <date><dateTime>2012-05-18</dateTime></date></contribute></lifeCycle>
  <technical><requirement><orComposite><name><value>any</value></name></orComposite></requirement>
    <duration><duration>PT1H</duration></duration></technical>
  <educational><typicalLearningTime><duration>PT2H</duration></typicalLearningTime></educational>
  <rights><copyrightAndOtherRestrictions><value>no</value></copyrightAndOtherRestrictions></rights>
  <classification><taxonPath><source><string>DDC</string></source>
    <taxon><id>5</id></taxon><taxon><id>51</id></taxon></taxonPath></classification>
</lom>"""

MD_1_2 = f"""<md:lom xmlns:md="{MD}">
  <md:general><md:identifier>1-23</md:identifier>
    <md:title><md:langstring xml:lang="en-GB">Colour</md:langstring>
      <md:langstring xml:lang="de">Farbe</md:langstring></md:title>
    <md:catalogentry><md:catalog>ISBN</md:catalog>
    <md:entry><md:langstring xml:lang="x-none">1-23</md:langstring></md:entry>
    </md:catalogentry><md:language>en</md:language><md:keyword><md:langstring>red</md:langstring></md:keyword>
    <md:aggregationlevel><md:source><md:langstring xml:lang="x-none">LOMv1.0</md:langstring></md:source>
      <md:value><md:langstring xml:lang="x-none">2</md:langstring></md:value></md:aggregationlevel></md:general>
  <md:lifecycle><md:contribute><md:role><md:source><md:langstring>LOMv1.0</md:langstring></md:source>
      <md:value><md:langstring>Author</md:langstring></md:value></md:role>
    <md:centity><md:vcard>BEGIN:VCARD FN:A END:VCARD</md:vcard></md:centity>
    <md:date><md:datetime>2012-05-18</md:datetime></md:date></md:contribute></md:lifecycle>
  <md:technical><md:requirement><md:name><md:value>
    <md:langstring>any</md:langstring></md:value></md:name></md:requirement>
    <md:duration><md:datetime>PT1H</md:datetime></md:duration></md:technical>
  <md:educational><md:typicallearningtime><md:datetime>PT2H</md:datetime></md:typicallearningtime></md:educational>
  <md:rights><md:copyrightandotherrestrictions><md:value><md:langstring>no</md:langstring></md:value>
    </md:copyrightandotherrestrictions></md:rights>
  <md:classification><md:taxonpath><md:source><md:langstring>DDC</md:langstring></md:source><md:taxon><md:id>5</md:id>
    <md:taxon><md:id>51</md:id></md:taxon></md:taxon></md:taxonpath></md:classification>
</md:lom>"""


def said(lom: Lom) -> dict[str, Any]:
    """Return what the metadata says, as a user would ask for it."""
    general, contribute = lom.general, lom.life_cycle.contributes[0] if lom.life_cycle else None
    technical, rights, level = lom.technical, lom.rights, general.aggregation_level if general else None
    assert general and general.title and contribute and contribute.role and contribute.date and technical and rights
    requirement = technical.requirements[0]
    name = (requirement.or_composites[0] if requirement.or_composites else requirement).name
    time = lom.educationals[0].typical_learning_time
    path = lom.classifications[0].taxon_paths[0]
    return {
        "identifier": general.identifiers[0].text,
        "title": (general.title.in_language("de"), general.title.in_language("en"), general.title.in_language("fr")),
        "languages": [each.value for each in general.languages],
        "keyword": list(general.keywords[0].texts()),
        "level": (level.vocabulary, level.term) if level else None,
        "role": (contribute.role.term or "").lower(),
        "card": contribute.entities[0].card,
        "date": contribute.date.date_time.value if contribute.date.date_time else None,
        "name": name.term if name else None,
        "durations": [each.duration.value for each in (technical.duration, time) if each and each.duration],
        "rights": rights.copyright_and_other_restrictions.term if rights.copyright_and_other_restrictions else None,
        "source": path.source.in_language() if path.source else None,
        "path": [each.id.value for each in path.path() if each.id],
    }


SAID = {
    "identifier": "1-23",
    "title": ("Farbe", "Colour", "Colour"),
    "languages": ["en"],
    "keyword": [(None, "red")],
    "level": ("LOMv1.0", "2"),
    "role": "author",
    "card": "BEGIN:VCARD FN:A END:VCARD",
    "date": "2012-05-18",
    "name": "any",
    "durations": ["PT1H", "PT2H"],
    "rights": "no",
    "source": "DDC",
    "path": ["5", "51"],
}


@pytest.mark.feature("F-LOM-01")
@pytest.mark.parametrize("document", [IEEE, MD_1_2], ids=["IEEE", "IMS MD 1.2"])
def test_both_bindings_say_the_same_and_are_written_as_they_stood(document: str) -> None:
    lom = read(document, Lom)
    assert said(lom) == SAID
    assert serialize(lom, declaration=False).decode() == document
    assert list(check_lom(lom)) == []


@pytest.mark.feature("F-LOM-01")
@pytest.mark.parametrize("namespace", [*IEEE_NAMESPACES, *MD_NAMESPACES])
def test_every_namespace_is_known(namespace: str) -> None:
    document = MD_1_2.replace(MD, namespace) if namespace in MD_NAMESPACES else IEEE.replace(LOM, namespace)
    lom = read(document, Lom)
    assert (said(lom), name_of(lom)) == (SAID, QName(namespace, "lom"))


@pytest.mark.feature("F-LOM-02")
def test_what_is_added_takes_the_names_of_its_binding() -> None:
    for document, expected in (
        (f'<lom xmlns="{LOM}"/>', "<lifeCycle><status><value><string>draft</string></value></status></lifeCycle>"),
        (
            f'<lom xmlns="{MD}"/>',
            "<lifecycle><status><value><langstring>draft</langstring></value></status></lifecycle>",
        ),
    ):
        lom = read(document, Lom)
        lom.life_cycle = LifeCycle(status=Status(value=Value(strings=[String(value="draft")])))
        assert serialize(lom, declaration=False).decode() == document.replace("/>", f">{expected}</lom>")


@pytest.mark.feature("F-LOM-01")
def test_strings_of_the_other_binding_are_read_too(shared_data: Path) -> None:
    with open_package(shared_data / "learning/instructure-qti/spec/fixtures/test_qti_2.1_taxonpath") as package:
        (resource,) = package.resources()
    assert resource.metadata is not None
    paths = resource.metadata.lom[0].classifications[0].taxon_paths
    assert [[each.entry.text for each in path.path() if each.entry] for path in paths] == [
        [""], ["Data"], ["Level 1", "Level 2", "Level 3"], ["langstring", "string"], ["English"],
    ]  # fmt: skip
    entry = paths[4].taxons[0].entry
    assert entry is not None
    assert [string.tag for string in entry.strings] == ["en", None, "ja", "hu", "de", "fr", "hr"]


WRONG = [
    ("<lifeCycle><status><source>LOMv1.0</source><value>Done</value></status></lifeCycle>", "lom-term", "Done"),
    ("<lifeCycle><status><source>Mine</source><value>Done</value></status></lifeCycle>", None, ""),
    ("<lifeCycle><status><source>LOMv1.0</source><value>DRAFT</value></status></lifeCycle>", None, ""),
    ("<general><language>en_GB</language></general>", "lom-language", "en_GB"),
    ("<general><language>none</language></general>", None, ""),
    (
        '<general><title><string language="English, British">x</string></title></general>',
        "lom-language",
        "English, British",
    ),
    ("<annotation><date><dateTime>18.5.2012</dateTime></date></annotation>", "lom-date", "18.5.2012"),
    ("<annotation><date><dateTime>2012-13</dateTime></date></annotation>", "lom-date", "2012-13"),
    ("<annotation><date><dateTime>2012-05-18T10:00:00.5+01:00</dateTime></date></annotation>", None, ""),
    ("<technical><duration><duration>PT</duration></duration></technical>", "lom-duration", "PT"),
    ("<technical><duration><duration>P1Y2M3DT4H5M6.7S</duration></duration></technical>", None, ""),
]


@pytest.mark.feature("F-LOM-03")
@pytest.mark.parametrize(("content", "code", "target"), WRONG)
def test_what_is_beside_the_value_space_is_told(content: str, code: str | None, target: str) -> None:
    found = list(check_lom(read(f'<lom xmlns="{LOM}">{content}</lom>', Lom), file="m.xml"))
    assert [(each.code, each.target, each.file, each.line) for each in found] == (
        [(code, target, "m.xml", 1)] if code else []
    )
    assert set(LOM_RULES) >= {each.code for each in found}


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=20)
strings = st.builds(String, language=st.none() | st.sampled_from(["en", "de-CH"]), value=texts)


def lang_strings(kind: Any) -> st.SearchStrategy[Any]:
    return st.builds(kind, strings=st.lists(strings, max_size=3))


taxons = st.recursive(
    st.builds(Taxon, entry=st.none() | st.builds(Entry, strings=st.lists(strings, max_size=2))),
    lambda inner: st.builds(Taxon, taxons=st.lists(inner, max_size=2)),
    max_leaves=4,
)
loms = st.builds(
    Lom,
    general=st.none()
    | st.builds(
        General,
        title=st.none() | lang_strings(Title),
        descriptions=st.lists(lang_strings(Description), max_size=2),
        keywords=st.lists(lang_strings(Keyword), max_size=2),
    ),
    life_cycle=st.none() | st.builds(LifeCycle, contributes=st.lists(st.builds(Contribute), max_size=2)),
    rights=st.none() | st.builds(Rights, description=st.none() | lang_strings(Description)),
    classifications=st.lists(
        st.builds(
            Classification,
            taxon_paths=st.lists(st.builds(TaxonPath, taxons=st.lists(taxons, max_size=2)), max_size=2),
        ),
        max_size=2,
    ),
)


@given(loms)
@pytest.mark.feature("F-LOM-02")
def test_what_a_program_makes_reads_back_equal(lom: Lom) -> None:
    assert read(serialize(lom), Lom) == lom


def test_dates_may_stand_as_they_are() -> None:
    assert read(f'<dateTime xmlns="{LOM}">2001</dateTime>', DateTime).value == "2001"
