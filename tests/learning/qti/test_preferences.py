"""Needs and preferences: profiles are read and written, and choose what a candidate gets."""

from __future__ import annotations

import pytest
from tests.learning.qti.runtime.test_assessments import NAMESPACE as QTI
from tests.learning.qti.runtime.test_assessments import THREE, a_test

from demotic.errors import InvalidInput
from demotic.learning.qti import read
from demotic.learning.qti.model import AssessmentItem
from demotic.learning.qti.preferences import (
    FEATURES,
    NAMESPACE,
    Need,
    Preferences,
    Record,
    catalogs_of,
    read_preferences,
    read_records,
    supports_for,
    write_preferences,
    write_records,
)
from demotic.learning.qti.rendering import Options, page, render
from demotic.learning.qti.runtime import NotAllowedNow, TestState, begin, begin_test, prepare, submit_item, time_left
from demotic.xml import canonicalize

PROFILE = f"""<access-for-all-pnp xmlns="{NAMESPACE}">
<hazard-avoidance>flashing</hazard-avoidance><hazard-avoidance>motion-simulation</hazard-avoidance>
<input-requirements>full-keyboard-control</input-requirements>
<language-of-interface xml:lang="fr"/><language-of-interface xml:lang="de-CH"/>
<linguistic-guidance><replace-access-mode-textual/><replace-access-mode-visual/></linguistic-guidance>
<keyword-translation xml:lang="es"/>
<additional-testing-time><time-multiplier>1.5</time-multiplier></additional-testing-time>
<line-reader highlight-color="#FFFF00"/>
<invert-display-polarity foreground="#FFFFFF" background="#000000"/>
<magnification><all-content zoom-amount="1.5"/></magnification>
<spoken><reading-type>computer-read-aloud</reading-type><restriction-type>a</restriction-type><restriction-type>b
</restriction-type><speech-rate>120</speech-rate></spoken>
<braille xml:lang="en"><delivery-mode>refreshable</delivery-mode><grade>2</grade></braille>
<long-description hide-visually="true"/>
<environment><breaks>true</breaks></environment>
<text-appearance><background-color>#102030</background-color><font-size>18</font-size>
<font-face><font-name>Lexend</font-name><generic-font-face>sans serif</generic-font-face></font-face>
<line-height>1.5</line-height><uniform-font-sizing/></text-appearance>
<calculator-on-screen calculator-type="scientific"/><glossary-on-screen/>
<activate-at-initialization-set><spoken/></activate-at-initialization-set>
<activate-as-option-set><glossary-on-screen/><line-reader/></activate-as-option-set>
<prohibit-set><braille/></prohibit-set>
<x:ruby xmlns:x="urn:x" kind="all">r</x:ruby>
</access-for-all-pnp>"""


@pytest.mark.feature("F-QTIRUN-35")
def test_a_profile_is_read_and_written() -> None:
    profile = read_preferences(PROFILE)
    settings = {need.feature: need.settings for need in profile.needs}
    assert settings["spoken"] == {
        "reading-type": "computer-read-aloud", "restriction-type": ("a", "b"), "speech-rate": 120
    }  # fmt: skip
    assert settings["text-appearance"] == {
        "background-color": "#102030", "font-size": 18.0, "font-name": ("Lexend",), "generic-font-face": "sans serif",
        "line-height": 1.5, "uniform-font-sizing": True,
    }  # fmt: skip
    assert settings["magnification"] == {"all-content": 1.5}
    assert (settings["line-reader"], settings["braille"]["grade"]) == ({"highlight-color": "#FFFF00"}, "2")
    guidance = profile.need("linguistic-guidance")
    assert guidance is not None and guidance.replaces == ("textual", "visual")
    assert profile.languages("language-of-interface") == ("fr", "de-CH")
    assert {"spoken", "linguistic-guidance", "keyword-translation"} < profile.active
    assert profile.offered == {"glossary-on-screen", "line-reader"}
    assert "braille" not in profile.active | profile.offered
    again = write_preferences(profile)
    assert read_preferences(again) == profile
    assert canonicalize(again.replace(b"\n", b"")) == canonicalize(PROFILE.replace("\n", "").encode())


@pytest.mark.feature("F-QTIRUN-35")
@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_is_the_same_after_xml(feature: str) -> None:
    examples = {"grade": "3", "lang": "nl", "breaks": False, "hide-visually": True, "speech-rate": 90}
    for name, setting in FEATURES[feature].settings.items():
        words = ["#abc", "refreshable", "screen-reader", "none", "serif", "2.5", "", "7", "true"]
        value = examples.get(name)
        for word in words if value is None else ():
            try:
                value = setting.parse(word)
                break
            except (ValueError, KeyError):
                continue
        settings = {name: (value, value) if setting.many else value}
        profile = Preferences((Need(feature, settings, ("visual",) if FEATURES[feature].modes else ()),))
        assert read_preferences(write_preferences(profile)) == profile, name


@pytest.mark.feature("F-QTIRUN-35")
def test_records_of_persons() -> None:
    records = [
        Record("p1", "sis", Preferences((Need("high-contrast"),)), ("a1", "a2")),
        Record("p2", "sis", Preferences(as_option=("spoken",))),
    ]
    assert read_records(write_records(records)) == records
    with pytest.raises(InvalidInput, match="no records"):
        write_records([])


WRONG = [
    ("<telepathy/>", "has no telepathy"),
    ("<spoken/><spoken/>", "spoken is there twice"),
    ("<spoken><speech-rate>fast</speech-rate></spoken>", r"speech-rate of spoken is 'fast' \(line 1"),
    ("<spoken><loudness>1</loudness></spoken>", "spoken has no loudness"),
    ("<glossary-on-screen><replace-access-mode-visual/></glossary-on-screen>", "has no replace-access-mode-visual"),
    ('<line-reader highlight-color="url(x)"/>', "highlight-color of line-reader"),
    ("<additional-testing-time><unlimited/><fixed-minutes>3</fixed-minutes></additional-testing-time>", "set twice"),
    ('<magnification><all-content zoom-amount="0"/></magnification>', "all-content of magnification is '0'"),
    ('<keyword-translation xml:lang="no language"/>', "lang of keyword-translation"),
]


@pytest.mark.feature("F-QTIRUN-35")
@pytest.mark.parametrize(("inside", "message"), WRONG)
def test_what_is_wrong_is_told_with_its_place(inside: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read_preferences(f'<access-for-all-pnp xmlns="{NAMESPACE}">{inside}</access-for-all-pnp>')


def test_other_documents_and_names_are_refused() -> None:
    with pytest.raises(InvalidInput, match="is no profile"):
        read_preferences("<pnp/>")
    with pytest.raises(InvalidInput, match="no feature 'x'"):
        Need("x")
    with pytest.raises(InvalidInput, match="no setting of spoken 'lang'"):
        Need("spoken", {"lang": "en"})
    with pytest.raises(InvalidInput, match="no mode of access 'smell'"):
        Need("spoken", replaces=("smell",))


ITEM = f"""<qti-assessment-item {QTI} identifier="i" title="t" time-dependent="false" xml:lang="en">
<qti-response-declaration identifier="R" cardinality="single" base-type="identifier"/>
<qti-outcome-declaration identifier="F" cardinality="single" base-type="identifier"/>
<qti-item-body><p>The <span data-catalog-idref="word">flood</span> came.</p>
<qti-feedback-block outcome-identifier="F" identifier="yes" show-hide="show"><qti-content-body>
<p data-catalog-idref="secret">told</p></qti-content-body></qti-feedback-block>
<qti-choice-interaction response-identifier="R"><qti-prompt data-catalog-idref="sign">Why?</qti-prompt>
<qti-simple-choice identifier="A">a</qti-simple-choice></qti-choice-interaction></qti-item-body>
<qti-catalog-info>
<qti-catalog id="word">
<qti-card support="glossary-on-screen"><qti-html-content><p>much <script>x</script>water</p>
</qti-html-content></qti-card>
<qti-card support="keyword-translation"><qti-card-entry xml:lang="es"><qti-html-content>inundación</qti-html-content>
</qti-card-entry><qti-card-entry xml:lang="de" default="true"><qti-html-content>Flut</qti-html-content>
</qti-card-entry></qti-card>
<qti-card support="ext:picture"><qti-file-href mime-type="image/png">flood.png</qti-file-href></qti-card></qti-catalog>
<qti-catalog id="sign"><qti-card support="sign-language" xml:lang="ase">
<qti-file-href mime-type="video/mp4">why.mp4</qti-file-href></qti-card></qti-catalog>
<qti-catalog id="secret"><qti-card support="glossary-on-screen"><qti-html-content>KEY</qti-html-content></qti-card>
</qti-catalog></qti-catalog-info></qti-assessment-item>"""
CHOSEN = [
    (Preferences(), "word", []),
    (Preferences((Need("keyword-translation", {"lang": "es-MX"}),)), "word", [("keyword-translation", True, "es")]),
    (Preferences((Need("keyword-translation", {"lang": "fr"}),)), "word", [("keyword-translation", True, "de")]),
    (Preferences((Need("keyword-translation"),)), "word", [("keyword-translation", True, "de")]),
    (Preferences(as_option=("glossary-on-screen",)), "word", [("glossary-on-screen", False, None)]),
    (Preferences((Need("glossary-on-screen"),), prohibited=("glossary-on-screen",)), "word", []),
    (Preferences(at_start=("ext:picture",)), "word", [("ext:picture", True, None)]),
    (Preferences((Need("sign-language", {"lang": "ase"}),)), "sign", [("sign-language", True, "ase")]),
    (Preferences((Need("sign-language", {"lang": "bfi"}),)), "sign", []),
]


@pytest.mark.feature("F-QTIRUN-36")
@pytest.mark.parametrize(("profile", "catalog", "expected"), CHOSEN)
def test_cards_are_chosen_by_feature_and_language(
    profile: Preferences, catalog: str, expected: list[tuple[str, bool, str | None]]
) -> None:
    item = read(ITEM.encode()).root
    assert isinstance(item, AssessmentItem)
    found = supports_for(catalogs_of(item)[catalog], profile, item.lang)
    assert [(each.feature, each.at_start, each.lang) for each in found] == expected


@pytest.mark.feature("F-QTIRUN-36")
def test_the_page_has_what_was_chosen_and_nothing_else() -> None:
    program = prepare(read(ITEM.encode()))
    state = begin(program, seed=1)
    plain = render(program, state)
    assert "details" not in plain and "water" not in plain
    profile = Preferences(
        (Need("keyword-translation", {"lang": "es"}), Need("sign-language"), Need("high-contrast"),
         Need("text-appearance", {"background-color": "#123", "font-name": ("A'); x",)})),
        as_option=("glossary-on-screen",), at_start=("ext:picture",),
    )  # fmt: skip
    shown = render(program, state, Options(prefix="q-", locate=lambda address: f"/f/{address}"), pnp=profile)
    assert 'aria-details="content-q-word-1 content-q-word-2 content-q-word-3"' in shown
    assert '<details id="content-q-word-1" class="qti-support qti-support-glossary-on-screen"><summary>' in shown
    assert "<p>much water</p>" in shown and "script" not in shown
    assert 'id="content-q-word-2" class="qti-support qti-support-keyword-translation" lang="es" open' in shown
    assert "inundación" in shown and "Flut" not in shown
    assert '<img src="/f/flood.png" alt="Picture"' in shown and "/f/why.mp4" in shown
    assert "KEY" not in shown, "what feedback hides, its catalog does not tell"
    assert 'class="qti-assessment-item qti-pnp-high-contrast' in shown
    assert "background-color: #123; font-family: &#x27;A x&#x27;" in shown
    assert shown.index("inundación") < shown.index("<fieldset") < shown.index("why.mp4")
    assert "inundación" in page(program, state, pnp=profile)


LIMIT = '<qti-time-limits max-time="10"/>'
LONGER = [
    (None, 10.0),
    (Preferences(), 10.0),
    (Preferences((Need("additional-testing-time", {"time-multiplier": 1.5}),)), 15.0),
    (Preferences((Need("additional-testing-time", {"fixed-minutes": 1}),)), 70.0),
    (Preferences((Need("additional-testing-time", {"unlimited": True}),)), None),
    (
        Preferences((Need("additional-testing-time", {"unlimited": True}),), as_option=("additional-testing-time",)),
        10.0,
    ),
]


@pytest.mark.feature("F-QTIRUN-37")
@pytest.mark.parametrize(("profile", "seconds"), LONGER)
def test_limits_of_time_are_lengthened(profile: Preferences | None, seconds: float | None) -> None:
    program = a_test(THREE, inside=LIMIT)
    state = begin_test(program, seed=1, now=0.0, pnp=profile)
    state = TestState.from_json(state.to_json())
    assert time_left(program, state, now=0.0) == seconds
    assert submit_item(program, state, {"RESPONSE": "A"}, now=9.0).items
    if seconds is not None:
        with pytest.raises(NotAllowedNow, match=f"of {seconds:g} seconds"):
            submit_item(program, state, {"RESPONSE": "A"}, now=seconds + 1)
