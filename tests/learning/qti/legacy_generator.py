"""Items of QTI 1.2 made at random over the whole element set of ASI 1.2, with answers to them.

What is made is odd but right by the DTD, but for the dialects: names in other cases, blanks, idents that are no XML names.
"""

# ruff: noqa: E501  (markup reads better in one line)
from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

LABELS = "ABCDE"
WORDS = ("sky", "Paris", "a b", "über", "1", "x<y")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@dataclass(frozen=True)
class Kind:
    """A kind of response: how it is written, what a test of it may be, and an answer to it."""

    xml: Callable[[random.Random, str], str]
    test: Callable[[random.Random, str], str]
    answer: Callable[[random.Random], list[str]]


class Generator:
    """Makes items; the same seed makes the same."""

    def __init__(self, seed: object) -> None:
        self.draw = random.Random(str(seed))
        self.labels: list[str] = []

    def item(self) -> tuple[str, dict[str, list[str]]]:
        """Return an item, and answers to its responses."""
        draw = self.draw
        kinds = {f"R{number}": draw.choice(list(KINDS.values())) for number in range(draw.randint(1, 3))}
        responses = "".join(self.flowed(kind.xml(draw, ident)) for ident, kind in kinds.items())
        variables = draw.sample(["SCORE", "OTHER", "third var"], draw.randint(1, 3))
        declared = "".join(self.decvar(name) for name in variables)
        feedback = [f"F{number}" for number in range(draw.randint(0, 3))]
        conditions = "".join(self.condition(kinds, variables, feedback) for _ in range(draw.randint(0, 5)))
        processing = f"<resprocessing><outcomes>{declared}</outcomes>{conditions}</resprocessing>"
        shown = "".join(self.feedback(ident) for ident in feedback)
        presentation = (
            f"<presentation>{self.material()}{responses}{self.material() if draw.random() < 0.3 else ''}</presentation>"
        )
        ident = draw.choice(["i", "item 1", "9-9", "ident.1"])
        reference = '<reference><material label="pool"><mattext>pooled</mattext></material><mattext label="text">labelled</mattext></reference>'
        data = f'<questestinterop><item ident="{ident}" title="{draw.choice(["t", "", " a  b "])}">{self.extras()}{presentation}{processing}{shown}{reference}</item></questestinterop>'
        answers = {ident: [] if draw.random() < 0.15 else kind.answer(draw) for ident, kind in kinds.items()}
        return data, answers

    def extras(self) -> str:
        choices = ["<qticomment>c</qticomment>", "<duration>PT1M30S</duration>", '<rubric view="Tutor"><material><mattext>r</mattext></material></rubric>',
                   "<itemmetadata><qmd_topic>t</qmd_topic></itemmetadata>", "<objectives><flow_mat><material><mattext>o</mattext></material></flow_mat></objectives>"]  # fmt: skip
        return "".join(choice for choice in choices if self.draw.random() < 0.2)

    def material(self) -> str:
        inside = "".join(self.draw.choice(MATERIAL) for _ in range(self.draw.randint(1, 3)))
        return self.draw.choice(["{}", '<flow class="Block">{}</flow>', "{}"]).format(f"<material>{inside}</material>")

    def flowed(self, response: str) -> str:
        return self.draw.choice(["{}", "<flow>{}</flow>", '<flow class="x"><flow>{}</flow></flow>']).format(response)

    def decvar(self, name: str) -> str:
        kind = self.draw.choice(["Integer", "Decimal", "Scientific", ""])
        more = self.draw.choice(
            ["", ' defaultval="2"', ' minvalue="0" maxvalue="9"', ' cutvalue="3"', ' defaultval=""']
        )
        return f'<decvar varname="{name}"{f" vartype={chr(34)}{kind}{chr(34)}" if kind else ""}{more}/>'

    def condition(self, kinds: dict[str, Kind], variables: list[str], feedback: list[str]) -> str:
        draw = self.draw
        tests = "<other/>" if draw.random() < 0.15 else "".join(self.test(kinds, 2) for _ in range(draw.randint(1, 2)))
        actions = "".join(
            f'<setvar varname="{draw.choice(variables)}" action="{draw.choice(["Set", "Add", "Subtract", "Multiply", "Divide"])}">{draw.choice(["1", "2", "0.5", "4"])}</setvar>'
            for _ in range(draw.randint(0, 2))
        )
        shown = f'<displayfeedback linkrefid="{draw.choice(feedback)}"/>' if feedback and draw.random() < 0.6 else ""
        go_on = draw.choice(['continue="Yes"', 'continue="No"', "", 'continue="yes"'])
        return f"<respcondition {go_on}><conditionvar>{tests}</conditionvar>{actions}{shown}</respcondition>"

    def test(self, kinds: dict[str, Kind], depth: int) -> str:
        draw = self.draw
        if depth and draw.random() < 0.4:
            name = draw.choice(["and", "or", "not"])
            inner = "".join(self.test(kinds, depth - 1) for _ in range(1 if name == "not" else draw.randint(1, 3)))
            return f"<{name}>{inner}</{name}>"
        ident = draw.choice(list(kinds))
        return f'<unanswered respident="{ident}"/>' if draw.random() < 0.1 else kinds[ident].test(draw, ident)

    def feedback(self, ident: str) -> str:
        inside = self.draw.choice([
            "<flow_mat><material><mattext>f</mattext></material></flow_mat>", "<material><mattext>f</mattext></material>",
            "<solution><solutionmaterial><material><mattext>s</mattext></material></solutionmaterial></solution>",
            '<hint feedbackstyle="Multilevel"><hintmaterial><flow_mat><material><mattext>h</mattext></material></flow_mat></hintmaterial></hint>',
        ])  # fmt: skip
        return f'<itemfeedback ident="{ident}" view="All">{inside}</itemfeedback>'


MATERIAL = [
    "<mattext>words</mattext>", '<mattext texttype="text/html">&lt;p&gt;a &lt;b&gt;b&lt;/b&gt;&lt;/p&gt;&lt;ul&gt;&lt;li&gt;c&lt;/ul&gt;</mattext>',
    '<mattext texttype="text/html"><![CDATA[<table><tr><td colspan="2">x<td>y</table><font color="red">z</font>]]></mattext>',
    '<mattext texttype="text/rtf">{\\rtf1 a}</mattext>', '<mattext uri="http://example.org/a"/>', '<mattext charset="greek">abg</mattext>',
    '<mattext xml:space="preserve">  a  </mattext>', '<mattext xml:lang="de">Wort</mattext>', "<matemtext>loud</matemtext>", "<matbreak/>",
    '<matimage imagtype="image/gif" uri="a.gif" width="10" height="20"/>', '<matimage imagtype="image/png">aGVsbG8=</matimage>', "<matimage>?</matimage>",
    '<mataudio audiotype="audio/wav" uri="a.wav"/>', '<matvideo videotype="video/avi" uri="a.avi" width="9"/>', '<matapplet uri="a.class"/>',
    '<matapplication apptype="x/y" uri="a.bin"/>', '<matref linkrefid="text"/>', '<matref linkrefid="pool"/>', '<matref linkrefid="gone"/>',
    "<mat_extension><math><mi>x</mi></math></mat_extension>", "<mattext>a &lt; b &amp;amp; c</mattext>", '<mattext texttype="text/html">&lt;math&gt;&lt;mi&gt;x&lt;/mi&gt;&lt;/math&gt;</mattext>',
]  # fmt: skip


def label(draw: random.Random, ident: str, more: str = "") -> str:
    inside = draw.choice(
        [
            ident,
            f"<material><mattext>{ident}</mattext></material>",
            f'<flow_mat class="x"><material><mattext>{ident}</mattext></material></flow_mat>',
        ]
    )
    made = f'<response_label ident="{ident}"{more}>{inside}</response_label>'
    return draw.choice(["{}", "<flow_label>{}</flow_label>"]).format(made)


def choice(cardinality: str, render: str = "choice") -> Callable[[random.Random, str], str]:
    def xml(draw: random.Random, ident: str) -> str:
        labels = "".join(label(draw, each, draw.choice(["", ' rshuffle="No"'])) for each in LABELS)
        more = draw.choice(["", ' shuffle="Yes"', ' minnumber="1" maxnumber="3"', ' maxnumber="9"'])
        if render == "slider":
            more = ' lowerbound="0" upperbound="9"'
        prompt = draw.choice(["", "<material><mattext>choose</mattext></material>"])
        return f'<response_lid ident="{ident}" rcardinality="{cardinality}">{prompt}<render_{render}{more}>{labels}</render_{render}></response_lid>'

    return xml


def hotspots(draw: random.Random, ident: str) -> str:
    labels = "".join(
        f'<response_label ident="{each}" rarea="{kind}">{area}</response_label>'
        for each, (kind, area) in zip(
            LABELS,
            [
                ("Ellipse", "9,9,4,4"),
                ("Rectangle", "1,1,5,5"),
                ("Bounded", "0,0 9,0 9,9"),
                ("Ellipse", "9 9 4 8"),
                ("Rectangle", "10, 10, 5 5"),
            ],
            strict=True,
        )
    )
    return f'<response_lid ident="{ident}"><render_hotspot><material><matimage uri="a.png" width="99" height="99"/></material>{labels}</render_hotspot></response_lid>'


def points(draw: random.Random, ident: str) -> str:
    return f'<response_xy ident="{ident}"><render_hotspot><material><matimage uri="a.png" width="99" height="99"/></material></render_hotspot></response_xy>'


def blank(name: str, more: str) -> Callable[[random.Random, str], str]:
    def xml(draw: random.Random, ident: str) -> str:
        size = draw.choice(["", ' columns="9"', ' maxchars="20"', ' rows="3"', ' prompt="Box"', ' rows="1"'])
        return f'<{name} ident="{ident}"{more if name == "response_num" else ""}><render_fib{size}{more if name == "response_str" else ""}><response_label ident="A"/></render_fib></{name}>'

    return xml


def slider(draw: random.Random, ident: str) -> str:
    return f'<response_num ident="{ident}"><render_slider lowerbound="0" upperbound="9"{draw.choice(["", " step=" + chr(34) + "3" + chr(34)])}><response_label ident="A"/></render_slider></response_num>'


def choice_test(draw: random.Random, ident: str) -> str:
    if draw.random() < 0.2:
        wanted = ",".join(draw.sample(LABELS, draw.randint(1, 3)))
        return f'<varsubset respident="{ident}" setmatch="{draw.choice(["Exact", "Partial"])}">{wanted}</varsubset>'
    return f'<varequal respident="{ident}">{draw.choice(LABELS)}</varequal>'


def equal_test(draw: random.Random, ident: str) -> str:
    return f'<varequal respident="{ident}">{draw.choice(LABELS)}</varequal>'


def order_test(draw: random.Random, ident: str) -> str:
    return f'<varequal respident="{ident}" index="{draw.randint(1, 5)}">{draw.choice(LABELS)}</varequal>'


def area_test(draw: random.Random, ident: str) -> str:
    kind, area = draw.choice([("Rectangle", "10,10,20,20"), ("Ellipse", "30,30,20,20"), ("Rectangle", "0 0, 50,9")])
    return f'<varinside respident="{ident}" areatype="{kind}">{area}</varinside>'


def text_test(draw: random.Random, ident: str) -> str:
    case = draw.choice(["", ' case="Yes"', ' case="No"'])
    name = draw.choice(["varequal", "varequal", "varsubstring"])
    return f'<{name} respident="{ident}"{case}>{escape(draw.choice(WORDS))}</{name}>'


def number_test(draw: random.Random, ident: str) -> str:
    name = draw.choice(["varequal", "varlt", "varlte", "vargt", "vargte"])
    return f'<{name} respident="{ident}">{draw.choice(["3", "4", "5.0", "0", "-1"])}</{name}>'


def one_label(draw: random.Random) -> list[str]:
    return [draw.choice(LABELS)]


def words(draw: random.Random) -> list[str]:
    return [draw.choice([*WORDS, "SKY", "paris", "zzz"])]


def number(draw: random.Random) -> list[str]:
    return [draw.choice(["3", "4", "5", "0", "-1", "7"])]


KINDS = {
    "single": Kind(choice("Single"), equal_test, one_label),
    "multiple": Kind(choice("Multiple"), choice_test, lambda draw: draw.sample(LABELS, draw.randint(1, 4))),
    "ordered": Kind(choice("Ordered"), order_test, lambda draw: draw.sample(LABELS, 5)),
    "slider of choices": Kind(choice("Single", "slider"), equal_test, one_label),
    "hotspots": Kind(hotspots, equal_test, one_label),
    "points": Kind(points, area_test, lambda draw: [f"{draw.randrange(60)} {draw.randrange(60)}"]),
    "text": Kind(blank("response_str", ""), text_test, words),
    "typed text": Kind(blank("response_str", ' fibtype="String"'), text_test, words),
    "decimal": Kind(blank("response_str", ' fibtype="Decimal"'), number_test, number),
    "integer": Kind(blank("response_num", ' numtype="Integer"'), number_test, number),
    "scientific": Kind(blank("response_num", ' numtype="Scientific"'), number_test, number),
    "slider": Kind(slider, number_test, number),
}
