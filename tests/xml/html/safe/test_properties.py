"""Whatever comes in: what goes out is allowed, and passing through again changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.errors import DemoticError
from demotic.xml import Element, QName
from demotic.xml.html import MATHML, SVG, XHTML, XLINK
from demotic.xml.html.safe import FEED, LEARNING, LINE, sanitize

from .judge import judge

HOSTILE = json.loads((Path(__file__).parent / "cases" / "hostile.json").read_text(encoding="utf-8"))
VECTORS = [vector for group in HOSTILE for vector in group["vectors"]]
POLICIES = st.sampled_from([LINE, FEED, LEARNING])

WORDS = """
<p> </p> <b> </b> <i> <a <a href= <a id= <table> </table> <tr> <td> <caption> <select> <option> <svg> </svg> <math>
</math> <mi> <mtext> <mglyph> <annotation-xml encoding=text/html> <foreignObject> <desc> <title> </title> <script>
</script> <style> </style> <!-- --> --!> <textarea> </textarea> <xmp> <noscript> </noscript> <template> </template>
<form> <button> <li> <pre> <img src= onerror=alert(1) style= " ' > /> javascript: data: url( &quot; &lt; &#x3c;
<![CDATA[ ]]> <br> </br> </p <circle fill= <iframe> <plaintext> <frameset> <u U00003E <font color=red> <ruby> <rt>
class= x text
"""
ELEMENTS = "p b a img svg circle math mi mtext script style title pU00003E table td pre P br"
ATTRIBUTES = "href src id class style onclick lang aria-xU00003E data-qti-U000022 fill xmlns srcset"

PIECES = st.lists(st.sampled_from([*WORDS.split(), " ", "\n", "\0", "\ud800"]), max_size=25).map("".join)
CUT = st.builds(
    lambda one, two, at, to: one[:at] + two[to:],
    st.sampled_from(VECTORS), st.sampled_from(VECTORS), st.integers(0, 60), st.integers(0, 60),
)  # fmt: skip


@pytest.mark.feature("F-HTML-22")
@settings(max_examples=300)
@given(PIECES | CUT, POLICIES)
def test_what_goes_out_is_allowed_and_stays_as_it_is(text: str, policy: object) -> None:
    judge(sanitize(text, policy), policy)  # type: ignore[arg-type]


NAMES = st.builds(
    QName,
    st.sampled_from([XHTML, SVG, MATHML, "", "urn:x"]),
    st.sampled_from(ELEMENTS.split()),
)
KEYS = st.builds(
    QName,
    st.sampled_from(["", XLINK, "http://www.w3.org/XML/1998/namespace", "urn:x"]),
    st.sampled_from(ATTRIBUTES.split()),
)
VALUES = st.sampled_from([*VECTORS, "a.png", "javascript:x", "color:red", "url(#a)"]) | st.text(max_size=10)
TREES = st.recursive(
    st.text(max_size=8) | st.sampled_from(VECTORS),
    lambda inner: st.builds(Element, NAMES, st.dictionaries(KEYS, VALUES, max_size=3), st.lists(inner, max_size=4)),
    max_leaves=10,
).filter(lambda node: isinstance(node, Element))


@pytest.mark.feature("F-HTML-22")
@settings(max_examples=200)
@given(TREES, POLICIES)
def test_what_goes_out_of_any_tree_is_allowed(tree: Element, policy: object) -> None:
    try:
        result = sanitize(tree, policy)  # type: ignore[arg-type]
    except DemoticError:
        assert tree.name == QName(XHTML, "html")
        return
    judge(result, policy)  # type: ignore[arg-type]
