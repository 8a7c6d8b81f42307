"""Hostile items: what could run, load or draw where it should not, in every place where authors write.

Each calls `hit()` if anything of it runs, or asks http://evil.example/ for something.
"""

# ruff: noqa: E501  (markup in tables reads better in one line)
from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

NS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" xmlns:m="http://www.w3.org/1998/Math/MathML" xmlns:s="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:x="urn:x"'

MARKUP = [
    "<script>hit()</script>",
    "<h:script>hit()</h:script>",
    "<s:svg><s:script>hit()</s:script></s:svg>",
    "<x:script>hit()</x:script>",
    "<SCRIPT>hit()</SCRIPT>",
    '<p onclick="hit()" onmouseover="hit()">x</p>',
    '<img src="a" onerror="hit()" alt=""/>',
    '<s:svg onload="hit()"><s:circle r="1"/></s:svg>',
    '<h:img src="a" onerror="hit()"/>',
    '<a href="javascript:hit()">x</a>',
    '<a href="java&#10;script:hit()">x</a>',
    '<a href="&#1;javascript:hit()">x</a>',
    '<a href="data:text/html,&lt;script&gt;hit()&lt;/script&gt;">x</a>',
    '<a href="vbscript:hit()">x</a>',
    '<p style="background:url(http://evil.example/a)">x</p>',
    '<p style="background:u\\72l(http://evil.example/a)">x</p>',
    '<p style="width:expression(hit())">x</p>',
    "<style>p{background:url(http://evil.example/b)}</style>",
    '<h:style>@import "http://evil.example/c"</h:style>',
    '<link rel="stylesheet" href="http://evil.example/d"/>',
    '<m:math><m:semantics><m:mi>x</m:mi><m:annotation-xml encoding="text/html"><h:script>hit()</h:script><h:img src="a" onerror="hit()"/></m:annotation-xml></m:semantics></m:math>',
    '<m:math><m:mi xlink:href="javascript:hit()" href="javascript:hit()">x</m:mi><m:maction actiontype="statusline#http://evil.example/">y</m:maction></m:math>',
    '<m:math><m:mtext><h:table><h:mglyph><h:style><h:img title="&lt;/style&gt;&lt;img src=a onerror=hit()&gt;"/></h:style></h:mglyph></h:table></m:mtext></m:math>',
    '<s:svg><s:foreignObject><h:iframe src="javascript:hit()"/><h:body onload="hit()"/></s:foreignObject></s:svg>',
    '<s:svg><s:a xlink:href="javascript:hit()"><s:text>x</s:text></s:a><s:use href="http://evil.example/x#y"/><s:image href="http://evil.example/i"/></s:svg>',
    '<s:svg><s:animate attributeName="href" values="javascript:hit()"/><s:set attributeName="onmouseover" to="hit()"/></s:svg>',
    "<s:svg><s:style>*{background:url(http://evil.example/e)}</s:style></s:svg>",
    '<iframe src="javascript:hit()"/>',
    '<h:iframe srcdoc="&lt;script&gt;hit()&lt;/script&gt;"/>',
    '<h:embed src="http://evil.example/f"/>',
    '<object data="http://evil.example/g" type="text/html">x</object>',
    '<object data="javascript:hit()" type="image/png">x</object>',
    '<h:meta http-equiv="refresh" content="0;url=http://evil.example/h"/>',
    '<h:base href="http://evil.example/"/>',
    '<h:form action="http://evil.example/"><h:input name="R" value="A" autofocus="autofocus" onfocus="hit()"/><h:button formaction="http://evil.example/">x</h:button></h:form>',
    '<details open="open" ontoggle="hit()"><summary>x</summary></details>',
    '<video src="x" onerror="hit()"><source src="javascript:hit()"/></video>',
    '<audio autoplay="true" src="http://evil.example/j"/>',
    '<table background="http://evil.example/k"><tr><td>x</td></tr></table>',
    "&lt;script&gt;hit()&lt;/script&gt;",
    "&lt;img src=x onerror=hit()&gt;",
    "<![CDATA[<script>hit()</script><img src=x onerror=hit()>]]>",
    "<?php hit() ?><!--<script>hit()</script>-->",
    "<p>\uf0a70\uf0a8 \uf0a7</p>",
    '<h:noscript><h:p title="&lt;/noscript&gt;&lt;img src=x onerror=hit()&gt;"/></h:noscript>',
    "<h:template><h:script>hit()</h:script></h:template>",
    "<h:textarea>&lt;/textarea&gt;&lt;script&gt;hit()&lt;/script&gt;</h:textarea>",
    "<h:xmp>&lt;/xmp&gt;&lt;img src=x onerror=hit()&gt;</h:xmp>",
    "<h:title>&lt;/title&gt;&lt;script&gt;hit()&lt;/script&gt;</h:title>",
    "<h:plaintext>x</h:plaintext>",
    '<p id="x" name="getElementById">x</p>',
    '<img name="cookie" src="a" alt=""/>',
]

ATTRIBUTES = [
    '"><script>hit()</script>',
    "' onmouseover=hit() x='",
    '" onfocus="hit()" autofocus="',
    "javascript:hit()",
    "</style><script>hit()</script>",
    "\uf0a70\uf0a8",
]

CHOICE = '<qti-choice-interaction response-identifier="R" max-choices="1"><qti-prompt>{p}</qti-prompt><qti-simple-choice identifier="A">{c}</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice></qti-choice-interaction>'
CONTEXTS = {
    "body": "<div>{c}</div>" + CHOICE.format(p="q", c="a"),
    "choice": CHOICE.format(p="q", c="{c}"),
    "prompt": CHOICE.format(p="{c}", c="a"),
    "feedback": '<qti-feedback-block outcome-identifier="F" identifier="DONE" show-hide="hide"><qti-content-body>{c}</qti-content-body></qti-feedback-block>',
    "inline feedback": '<p><qti-feedback-inline outcome-identifier="F" identifier="DONE" show-hide="hide">{c}</qti-feedback-inline></p>',
    "rubric": '<qti-rubric-block view="candidate" use="x"><qti-content-body>{c}</qti-content-body></qti-rubric-block>',
    "order": '<qti-order-interaction response-identifier="R"><qti-simple-choice identifier="A">{c}</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice></qti-order-interaction>',
    "match": '<qti-match-interaction response-identifier="R"><qti-simple-match-set><qti-simple-associable-choice identifier="A" match-max="1">{c}</qti-simple-associable-choice></qti-simple-match-set><qti-simple-match-set><qti-simple-associable-choice identifier="B" match-max="1">{c}</qti-simple-associable-choice></qti-simple-match-set></qti-match-interaction>',
    "gap": '<qti-gap-match-interaction response-identifier="R"><qti-gap-text identifier="A" match-max="1">{c}</qti-gap-text><p>x <qti-gap identifier="B"/>{c}</p></qti-gap-match-interaction>',
    "inline choice": '<p><qti-inline-choice-interaction response-identifier="R"><qti-inline-choice identifier="A">{c}</qti-inline-choice></qti-inline-choice-interaction></p>',
    "hottext": '<qti-hottext-interaction response-identifier="R"><p><qti-hottext identifier="A">{c}</qti-hottext></p></qti-hottext-interaction>',
    "pci": '<qti-portable-custom-interaction response-identifier="R" custom-interaction-type-identifier="x" module="m"><qti-interaction-modules><qti-interaction-module id="m" primary-path="http://evil.example/m.js"/></qti-interaction-modules><qti-interaction-markup>{c}</qti-interaction-markup></qti-portable-custom-interaction>',
    "custom": '<qti-custom-interaction response-identifier="R">{c}</qti-custom-interaction>',
    "info": '<div><qti-info-control title="t">{c}</qti-info-control></div>',
    "drawing": '<qti-drawing-interaction response-identifier="R">{c}</qti-drawing-interaction>',
    "media": '<qti-media-interaction response-identifier="R" autostart="true">{c}</qti-media-interaction>',
    "hotspot": '<qti-hotspot-interaction response-identifier="R" max-choices="1">{c}<qti-hotspot-choice identifier="A" shape="rect" coords="1,1,2,2"/></qti-hotspot-interaction>',
}
PLACES = {
    "mark": '<p><qti-text-entry-interaction response-identifier="R" placeholder-text=" onmouseover=hit() onfocus=hit() autofocus x="/></p><p title={a} class={a}>x</p><m:math alttext={a}><m:mi mathcolor={a}>x</m:mi></m:math>',
    "class": "<p class={a}>x</p><div id={a} lang={a} xml:lang={a} dir={a} title={a} role={a} data-x={a} aria-label={a}>y</div>",
    "choice class": '<qti-choice-interaction class={a} id={a} label={a} xml:lang={a} response-identifier="R"><qti-simple-choice identifier="A" class={a} template-identifier={a} show-hide={a}>x</qti-simple-choice></qti-choice-interaction>',
    "placeholder": '<p><qti-text-entry-interaction response-identifier="R" placeholder-text={a} class={a} format={a} pattern-mask={a} expected-length={a}/></p><qti-extended-text-interaction response-identifier="R" placeholder-text={a} format={a}/>',
    "end": '<p><qti-end-attempt-interaction response-identifier="R" title={a}/></p>',
    "hotspot label": '<qti-hotspot-interaction response-identifier="R"><img src={a} alt={a} width={a} height={a} longdesc={a}/><qti-hotspot-choice identifier="A" hotspot-label={a} shape="rect" coords={a}/></qti-hotspot-interaction>',
    "object": "<p><object data={a} type={a} width={a} height={a}>x</object><a href={a} type={a} rel={a}>x</a><q cite={a}>x</q></p>",
    "slider": '<qti-slider-interaction response-identifier="R" lower-bound="0" upper-bound="9" step-label={a} orientation={a} class={a}/>',
    "upload": '<qti-upload-interaction response-identifier="R" type={a}/>',
    "pci": "<qti-portable-custom-interaction response-identifier={a} custom-interaction-type-identifier={a} module={a} data-x={a} class={a}/>",
    "printed": '<p><qti-printed-variable identifier="V" format={a} delimiter={a} class={a}/><qti-printed-variable identifier="W" mapping-indicator={a} delimiter={a}/></p>',
    "response": '<qti-choice-interaction response-identifier={a}><qti-simple-choice identifier="A">x</qti-simple-choice></qti-choice-interaction><qti-gap-match-interaction response-identifier={a}><qti-gap-text identifier={a} match-max="1">x</qti-gap-text><p><qti-gap identifier={a}/></p></qti-gap-match-interaction>',
    "info": "<div><qti-info-control title={a}>x</qti-info-control></div>",
    "math": '<m:math class={a} href={a} alttext={a} altimg={a}><m:mi href={a} mathcolor={a}>x</m:mi></m:math><s:svg><s:circle fill={a} style={a} r="1"/></s:svg>',
}


def item(body: str, text: str = "t") -> str:
    """Return an item with a body; `text` stands wherever a text may stand."""
    return f"""<qti-assessment-item {NS} identifier="i" title={quoteattr(text)} time-dependent="false" xml:lang={quoteattr(text)}>
<qti-response-declaration identifier="R" cardinality="single" base-type="identifier"/>
<qti-outcome-declaration identifier="F" cardinality="single" base-type="identifier"/>
<qti-template-declaration identifier="V" cardinality="single" base-type="string"><qti-default-value><qti-value>{escape(text)}</qti-value></qti-default-value></qti-template-declaration>
<qti-template-declaration identifier="W" cardinality="record"><qti-default-value><qti-value field-identifier="f" base-type="string">{escape(text)}</qti-value></qti-default-value></qti-template-declaration>
<qti-stylesheet href="http://evil.example/s.css" type="text/css"/>
<qti-item-body>{body}</qti-item-body><qti-catalog-info><qti-catalog id="c"><qti-card support="braille"><qti-html-content><script>hit()</script></qti-html-content></qti-card></qti-catalog></qti-catalog-info>
<qti-modal-feedback outcome-identifier="F" identifier="DONE" show-hide="hide" title={quoteattr(text)}><qti-content-body><p>m</p></qti-content-body></qti-modal-feedback></qti-assessment-item>"""


def cases() -> Iterator[tuple[str, str]]:
    """Yield items by what they try."""
    for place, context in CONTEXTS.items():
        for number, markup in enumerate(MARKUP):
            yield f"{place}, markup {number}", item(context.replace("{c}", markup))
    for place, context in PLACES.items():
        for number, text in enumerate(ATTRIBUTES):
            yield f"{place}, attribute {number}", item(context.replace("{a}", quoteattr(text)), text)
