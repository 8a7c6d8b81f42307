"""The policies for what we show: lines of text, entries of feeds, learning items."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from demotic.xml.html.safe._policy import Policy, words

__all__ = ["FEED", "LEARNING", "LINE"]

_EVERYWHERE: Final = words("class dir id lang role title translate xml:lang")


def _table(text: str) -> dict[str, Collection[str]]:
    """Read lines of element names, and after a colon the attributes that all elements of the line may have."""
    elements: dict[str, Collection[str]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        names, _, attributes = line.partition(":")
        elements |= dict.fromkeys(names.split(), frozenset(attributes.split()))
    return elements


_LINE: Final = _table("""
    abbr acronym b bdi bdo big br cite code dfn em i kbd mark rb rp rt rtc ruby s samp small span strike strong
    sub sup tt u var wbr
    a: href hreflang name rel target type
    del ins: cite datetime
    q: cite
    data: value
    time: datetime
    font: color face size
""")

_BLOCKS: Final = _table("""
    address article aside center dd dl dt figcaption figure footer header hgroup main nav section summary
    blockquote: cite
    details: open
    div h1 h2 h3 h4 h5 h6 p: align
    hr: align noshade size width
    li: type value
    ol: compact reversed start type
    ul: compact type
    pre: width
    caption: align
    table: align bgcolor border cellpadding cellspacing frame rules summary width
    thead tbody tfoot: align valign
    tr: align bgcolor valign
    td th: abbr align axis bgcolor colspan headers height nowrap rowspan scope valign width
    col colgroup: align span valign width
""")

_MEDIA: Final = _table("""
    img: align alt border height hspace longdesc loading sizes src srcset usemap vspace width
    picture
    source: media sizes src srcset type
    audio: controls loop muted preload src
    video: controls height loop muted poster preload src width
    track: default kind label src srclang
    map: name
    area: alt coords href shape
""")

_STYLES: Final = words(
    """background-color border border-bottom border-collapse border-color border-left border-radius border-right
    border-spacing border-style border-top border-width caption-side clear color direction float font font-family
    font-size font-style font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom
    margin-left margin-right margin-top max-height max-width min-height min-width padding padding-bottom padding-left
    padding-right padding-top text-align text-decoration text-indent text-transform vertical-align white-space width
    word-spacing writing-mode"""
)

_PAINT: Final = (
    "class fill fill-opacity fill-rule font-family font-size font-style font-weight id opacity stroke stroke-dasharray "
    "stroke-linecap stroke-linejoin stroke-opacity stroke-width text-anchor transform"
)
_SVG: Final = _table(f"""
    svg: {_PAINT} height preserveAspectRatio role version viewBox width x y
    g defs symbol: {_PAINT} viewBox
    circle: {_PAINT} cx cy r
    ellipse: {_PAINT} cx cy rx ry
    line: {_PAINT} x1 x2 y1 y2
    path: {_PAINT} d pathLength
    polygon polyline: {_PAINT} points
    rect: {_PAINT} height rx ry width x y
    text tspan: {_PAINT} dx dy rotate textLength x y
    linearGradient: id gradientUnits gradientTransform spreadMethod x1 x2 y1 y2
    radialGradient: id cx cy fx fy gradientUnits gradientTransform r spreadMethod
    stop: offset stop-color stop-opacity
""")

_PRESENTED: Final = "class dir displaystyle id mathbackground mathcolor mathsize mathvariant scriptlevel"
_MATHML: Final = _table(f"""
    math: {_PRESENTED} alttext display overflow
    mi mn mtext mrow semantics mstyle merror mphantom mroot msqrt none mprescripts: {_PRESENTED}
    mo: {_PRESENTED} accent fence form largeop lspace maxsize minsize movablelimits rspace separator stretchy symmetric
    ms: {_PRESENTED} lquote rquote
    mspace mpadded: {_PRESENTED} depth height lspace voffset width
    mfenced: {_PRESENTED} close open separators
    mfrac: {_PRESENTED} bevelled denomalign linethickness numalign
    msub msup msubsup mmultiscripts: {_PRESENTED} subscriptshift superscriptshift
    munder mover munderover: {_PRESENTED} accent accentunder align
    menclose: {_PRESENTED} notation
    mtable: {_PRESENTED} align columnalign columnlines columnspacing frame framespacing rowalign rowlines rowspacing
    mtr mlabeledtr: {_PRESENTED} columnalign rowalign
    mtd: {_PRESENTED} columnalign columnspan rowalign rowspan
""")


def _policy(*tables: Mapping[str, Collection[str]], **options: object) -> Policy:
    elements = {name: attributes for table in tables for name, attributes in table.items()}
    return Policy(elements=elements, attributes=_EVERYWHERE, families=("aria-",), **options)  # type: ignore[arg-type]


LINE: Final = _policy(_LINE, id_prefix="content-")
"""Words within a line: titles, labels, choices. No blocks, no images, no styles."""

FEED: Final = _policy(_LINE, _BLOCKS, _MEDIA, styles=_STYLES, id_prefix="content-")
"""Entries of feeds (RFC 4287, section 8.1): text, tables, images and media from the web, harmless styles."""

LEARNING: Final = Policy(
    elements=dict(FEED.elements),
    attributes=_EVERYWHERE,
    families=("aria-", "data-qti-"),
    svg=_SVG,
    mathml=_MATHML,
    styles=_STYLES,
    data_images=True,
    id_prefix="content-",
)
"""Assessment items: what feeds may hold, with formulas (MathML), drawings (SVG shapes) and images in the text."""
