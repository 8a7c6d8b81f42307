"""Throw broken texts at every parser: only exceptions that it documents may come out, with a place in the text.

usage: python tests/fuzz/run.py [--seconds 60] [--seed 1] [NAME…]

A target is one line of `TARGETS`, here or in a page beside this file: its name, the callable, the exceptions it
documents, and some good texts. The texts are spliced, cut, doubled and sprinkled, in turn for all targets, until the
time is up. What comes out wrong is printed as a case to add to the tests of that parser; the exit status is then 1.
`test_fuzz.py` runs a short round of each.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import runpy
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from demotic import syntax, xml
from demotic.errors import InvalidInput, LimitExceeded, SyntaxFault, Unsupported
from demotic.syntax import http, unicode, uri, xsd
from demotic.syntax.http import cookies, typed
from demotic.syntax.http.grammar import split_words
from demotic.syntax.http.messages import MessageReader
from demotic.syntax.http.ranges import parse_byteranges
from demotic.xml import XmlSyntaxFault, html
from demotic.xml.html.safe import LEARNING, sanitize
from demotic.xml.validation import check


class Target(NamedTuple):
    """A parser, what it may raise, and texts (or bytes) that it takes."""

    call: Callable[[Any], Any]
    documented: tuple[type[Exception], ...]
    seeds: tuple[str | bytes, ...]


MARKUP = (
    "<!DOCTYPE html><html lang=de><head><meta charset=utf-8><title>a&amp;b</title><style>p>b{}</style></head><body>"
    "<p class='a b' id=c style=\"color:red;x:url(y)\" onclick=d>e<b>f<i>g</b>h</i><table><tr><td>i<caption>j</table>"
    "<a href='java&#10;script:k'>l</a><svg viewbox='0 0'><desc><p>m</desc><circle fill='url(#n)'/></svg><math><mtext>"
    "<mglyph><style><!--</style><img title='--&gt;'></math><script>if (a<b) '</p>'</script><!--o--><select><option>p"
    "<img src=data:image/png;base64,AA srcset='q 1x, r 2x'>&notit;&#x110000;&nosuch;<textarea>\n<b></textarea></body>"
)


def settled(data: str | bytes) -> None:
    """Make HTML safe, and insist that a second time changes nothing."""
    once = sanitize(data, LEARNING).html
    again = sanitize(once, LEARNING)
    assert (again.html, again.removed) == (once, ())


ELEMENTS = (
    '<?xml version="1.0" encoding="utf-8"?><list xmlns="urn:l" xmlns:p="urn:p" n="3"><!-- c --><item p:x="&lt;&#65;">é'
    "<![CDATA[x<y]]></item>\n<?pi d?><p:any><q/></p:any></list>"
)
DECLARED = (
    '<?xml version="1.0"?><!DOCTYPE a SYSTEM "a.dtd" [<!ELEMENT a (#PCDATA|b)*><!ELEMENT b (a,c?)+>'
    "<!ATTLIST a i ID #IMPLIED k (x|y) 'x'><!ENTITY e \"<b/>&#38;#60;\"><!ENTITY % p ''>%p;<!NOTATION n SYSTEM 'n'>]>"
    "<a i='z' xml:lang='en'>t&e;<b/>&unknown;</a>"
)


class Item(xml.Bound, name=xml.QName("urn:l", "item")):
    """An element class of the texts above."""

    x = xml.attribute(xml.QName("urn:p", "x"))
    value = xml.text()


class Listing(xml.Bound, name=xml.QName("urn:l", "list")):
    """Another."""

    n = xml.attribute("n", type=xml.integer)
    items = xml.children(Item)


def xml_read(text: str) -> object:
    """Read objects, and write what they were read from."""
    found = xml.read(text, Listing)
    assert xml.read(xml.serialize(found), Listing) == found
    return found


def xml_entries(data: bytes) -> object:
    """Read entries out of pieces."""
    return list(xml.iterate([data[start : start + 7] for start in range(0, len(data), 7)], Item))


def xml_mended(text: str | bytes) -> object:
    """Mend a document; what comes out is well formed."""
    found = xml.read_leniently(text)
    written = xml.serialize(found)
    assert xml.serialize(xml.Document.parse(written)) == written
    return found


def xml_supplied(text: str) -> object:
    """Supply what the classes ask for."""
    return xml.read_leniently(text, Listing, sgml=True, report=lambda _fault: None)


def xml_check(text: str) -> object:
    """Check by the document type; what is not well formed is reported."""
    return check(text, dtd=True, compatibility=True)


TARGETS: dict[str, Target] = {
    "html.color": Target(html.Color.parse, (SyntaxFault,), ("#ffa500", "#fa0", "orange")),
    "html.coords": Target(html.Coords.parse, (SyntaxFault,), ("10, 10,50%", "")),
    "html.legacy_color": Target(html.Color.parse_legacy, (), ("chucknorris", "#ffa500")),
    "html.length": Target(html.Length.parse, (SyntaxFault,), ("50", "50%")),
    "html.link": Target(html.parse_link, (uri.URIFault,), ("http://e.example/a?b#c", " /é ")),
    "html.multi_lengths": Target(html.MultiLengths.parse, (SyntaxFault,), ("1*,50%,20", "*")),
    "html.parse_fragment": Target(html.parse_fragment, (LimitExceeded,), (MARKUP, "<td>a<td>b")),
    "html.parse_html": Target(html.parse_html, (LimitExceeded, XmlSyntaxFault, Unsupported), (MARKUP.encode(),)),
    "html.sanitize": Target(settled, (LimitExceeded,), (MARKUP, "<p>a")),
    "xml.check": Target(xml_check, (LimitExceeded, XmlSyntaxFault), (DECLARED,)),
    "xml.document": Target(xml.Document.parse, (LimitExceeded, XmlSyntaxFault), (DECLARED,)),
    "xml.document_bytes": Target(xml.Document.parse, (LimitExceeded, XmlSyntaxFault), (DECLARED.encode(),)),
    "xml.iterate": Target(xml_entries, (LimitExceeded, XmlSyntaxFault, xml.XmlBindingFault), (ELEMENTS.encode(),)),
    "xml.parse": Target(xml.parse, (LimitExceeded, XmlSyntaxFault), (ELEMENTS,)),
    "xml.read": Target(xml_read, (LimitExceeded, XmlSyntaxFault, xml.XmlBindingFault), (ELEMENTS,)),
    "xml.lenient_bytes": Target(xml_mended, (LimitExceeded, XmlSyntaxFault), (DECLARED.encode(),)),
    "xml.read_leniently": Target(xml_mended, (LimitExceeded, XmlSyntaxFault), (ELEMENTS, DECLARED)),
    "xml.sgml": Target(xml_supplied, (LimitExceeded, XmlSyntaxFault), (ELEMENTS, "<list>a<item>b<item>c")),
    "uri.file_to_posix": Target(
        lambda text: uri.parse_uri(f"file:{text}").to_path("posix"), (uri.URIFault,), ("/a%20b;c", "//localhost/%FF")
    ),
    "uri.file_to_windows": Target(
        lambda text: uri.parse_uri(f"file:{text}").to_path("windows"),
        (uri.URIFault,),
        ("/C:/a%20b", "c%7C/x", "//server/share/%C3%BC", "////server/share"),
    ),
    "uri.file_uri": Target(
        lambda text: uri.file_uri(text, "windows"),
        (uri.URIFault,),
        (r"C:\a b\c", r"\\server\share", r"\\?\UNC\s\t"),
    ),
    "uri.find_uris": Target(lambda text: list(uri.find_uris(text)), (), ("(http://a.b/c_(d)), <mailto:x@y.z>.",)),
    "uri.parse_data": Target(
        lambda text: uri.parse_uri(f"data:{text}").data, (uri.InvalidURI,), (";base64,YQ%3D%3D", "a/b;x=y,a?b#c")
    ),
    "uri.parse_iri": Target(
        lambda text: uri.uri_to_iri(uri.parse_iri(text).to_uri()),
        (SyntaxFault,),
        ("http://résumé.example/é?\ue000#x", "http://xn--99zt52a.example/%E2%80%AE"),
    ),
    "uri.parse_query": Target(uri.parse_query, (SyntaxFault, LimitExceeded), ("a=1&b=&c&d=%C3%A9+x",)),
    "uri.parse_uri": Target(
        lambda text: uri.parse_uri(text).normalized(),
        (uri.InvalidURI,),
        ("http://u:p@[2001:db8::1%25e]:80/a/./b/..?q#f", "urn:ex:a?+r?=q#f", "mailto:a@b", "file:c:/x", "data:,x"),
    ),
    "uri.resolve": Target(
        uri.parse_uri("http://a/b/c/d;p?q").resolve, (uri.URIFault,), ("../../g;x=1/../y?z#s", "//g", "g:h/./i")
    ),
    "syntax.parse_binary": Target(syntax.parse_binary, (SyntaxFault,), ("", "AA==", "SGVsbG8", "_-8=")),
    "syntax.parse_date": Target(syntax.parse_date, (SyntaxFault,), ("2024-02-29",)),
    "syntax.parse_datetime_offset": Target(
        syntax.parse_datetime_offset, (SyntaxFault,), ("2024-02-29T23:59:59.123456Z", "0001-01-01T00:00+14:00")
    ),
    "syntax.parse_decimal": Target(syntax.parse_decimal, (SyntaxFault,), ("-12.50", "1e99", "INF", "NaN")),
    "syntax.parse_double": Target(syntax.parse_double, (SyntaxFault,), ("-12.50", "1e-300", "INF", "NaN")),
    "syntax.parse_duration": Target(syntax.parse_duration, (SyntaxFault,), ("P1DT2H3M4.5S", "-PT0.5S")),
    "syntax.parse_guid": Target(syntax.parse_guid, (SyntaxFault,), ("01234567-89ab-cdef-0123-456789ABCDEF",)),
    "syntax.parse_integer": Target(syntax.parse_integer, (SyntaxFault,), ("-42", "+007")),
    "syntax.parse_time_of_day": Target(syntax.parse_time_of_day, (SyntaxFault,), ("07:59:59.999", "07:59")),
    "unicode.detect_encoding": Target(
        unicode.detect_encoding,
        (InvalidInput, Unsupported),
        (b"<?xml version='1.0' encoding='utf-8'?>", b"\xff\xfe<\0", b"\0<\0?", b"\x4c\x6f\xa7\x94"),
    ),
    "xsd.compile_pattern": Target(
        xsd.compile_pattern,
        (xsd.PatternFault, LimitExceeded),
        (r"[a-z-[aeiou]]{2,3}|\p{Lu}*", r"(\i\c*|[^\d\s-\.])?", r"\p{IsBasicLatin}+x{2,}\-\w.", "(a|b|(c|d)+)*"),
    ),
    "xsd.parse_class": Target(xsd.parse_class, (xsd.PatternFault, LimitExceeded), (r"[\w-[\d]]", r"\P{Lu}", "[^a-z]")),
}
# Those of other pages, as `targets_NAME.py` beside this file lists them: (call, documented, seeds) by name.
for page in sorted(Path(__file__).parent.glob("targets_*.py")):
    TARGETS |= {name: Target(*entry) for name, entry in runpy.run_path(str(page))["TARGETS"].items()}

COOKIE_TIME = datetime(2026, 1, 1, tzinfo=UTC)
HTTP_CASES = Path(__file__).parent.parent / "syntax" / "http" / "cases"


def _http_targets() -> Iterator[tuple[str, Target]]:
    """Yield one target for each typed field, and those for dates and messages, from the cases of their tests."""
    fields = [case for case in json.loads((HTTP_CASES / "fields.json").read_text("utf-8")) if "value" in case]
    for kind in typed.FIELD_TYPES.values():
        texts = tuple(case["text"] for case in fields if case["field"] == kind.name)
        yield f"http.{kind.name}", Target(partial(_read_and_write, kind), (SyntaxFault,), texts)
    dates = json.loads((HTTP_CASES / "dates.json").read_text("utf-8"))
    yield "http.date", Target(http.parse_http_date, (SyntaxFault,), tuple(c["text"] for c in dates if "means" in c))
    for of, reader in (("requests", MessageReader.of_requests), ("responses", MessageReader.of_responses)):
        messages = json.loads((HTTP_CASES / "messages.json").read_text("utf-8"))
        texts = tuple(
            c["bytes"].encode("latin-1")
            for c in messages
            if c["of"] == of and c.keys() & {"messages", "methods"} == {"messages"}
        )
        yield f"http.{of}", Target(partial(_read_message, reader), (SyntaxFault, LimitExceeded), texts)

    set_cookies = json.loads((HTTP_CASES / "set_cookie.json").read_text("utf-8"))
    texts = tuple(case["text"] for case in set_cookies if "value" in case)
    strict = tuple(case["text"] for case in set_cookies if case.get("strict"))
    cookie_dates = json.loads((HTTP_CASES / "cookie_dates.json").read_text("utf-8"))
    good_dates = tuple(case["text"] for case in cookie_dates if "means" in case)
    yield "http.cookies.set", Target(_keep_cookie, (), texts)
    yield "http.cookies.strict", Target(cookies.parse_strict_set_cookie, (SyntaxFault, InvalidInput), strict)
    yield "http.cookies.date", Target(cookies.parse_cookie_date, (SyntaxFault,), good_dates)
    yield "http.cookies.pairs", Target(cookies.parse_cookies, (), ("a=b; c=d", 'a="b c"; a=e', ""))
    yield "http.cookies.domain", Target(cookies.split_domain, (SyntaxFault,), ("www.Example.com", "食狮.公司.cn"))
    yield "http.cookies.rules", Target(cookies.SuffixList.parse, (SyntaxFault,), ("// a\ncom\n*.ck\n!www.ck\n公司.cn",))
    yield "http.words", Target(_split_words, (SyntaxFault,), ('Basic a="b\\"c", x/1 (y (z))', "a;b=c, d"))
    parts = b"--b\r\nContent-Range: bytes 0-2/9\r\n\r\nabc\r\n--b\r\nContent-Range: bytes 5-5/9\r\n\r\nf\r\n--b--\r\n"
    yield "http.byteranges", Target(partial(parse_byteranges, boundary="b"), (SyntaxFault, LimitExceeded), (parts,))


def _read_and_write(kind: Any, text: str) -> None:
    value = kind.parse(text)
    written = kind.write(value)
    assert not written or kind.parse(written[0]) == value, f"{written} is not read as {value}"


def _read_message(make: Callable[[], MessageReader], data: bytes) -> None:
    whole, pieces = make(), make()
    events = [*whole.receive(data)]
    for at in range(len(data)):
        events.extend(pieces.receive(data[at : at + 1]))
    for reader in (whole, pieces):
        events.extend(reader.receive(b""))


def _keep_cookie(text: str) -> None:
    store = cookies.CookieStore(cookies.SuffixList())
    store.receive("https://www.example.com/x", [text], COOKIE_TIME)
    cookie = cookies.parse_set_cookie(text)
    assert cookie is None or cookies.parse_set_cookie(str(cookie)) == cookie, f"{cookie} is not read as it was"
    store.header("https://www.example.com/x", COOKIE_TIME)


def _split_words(text: str) -> None:
    for word in split_words(text):
        assert 0 <= word.position < len(text)


TARGETS.update(_http_targets())

XSD_SEEDS: dict[str, tuple[str, ...]] = {
    "base64Binary": ("S G V s b G 8 =", "AA==", ""),
    "boolean": ("true", " 0 "),
    "byte": ("-128", "+007"),
    "date": ("2000-02-29-14:00", "-12004-01-01"),
    "dateTime": ("2000-02-29T24:00:00.0Z", "0000-12-31T23:59:59.999+05:30"),
    "decimal": ("-12.50", ".5", "7."),
    "double": ("-1.5E-3", "INF", "NaN"),
    "duration": ("-P1Y2M3DT4H5M6.7S", "PT0S"),
    "dayTimeDuration": ("P3DT4H5M6.7S",),
    "float": ("16777217.0000001", "1e-50", "-INF"),
    "gMonthDay": ("--02-29Z",),
    "gYear": ("-0044", "12004+14:00"),
    "hexBinary": ("0FB7", ""),
    "integer": ("-12345678901234567890", "+0"),
    "language": ("en-US",),
    "NMTOKENS": (" a 1  -b ",),
    "QName": ("xml:lang", "a"),
    "string": (" a\tb\n",),
    "time": ("24:00:00", "13:20:00.5-05:00"),
    "yearMonthDuration": ("-P25M",),
}
for name, texts in XSD_SEEDS.items():
    TARGETS[f"xsd.{name}"] = Target(xsd.BUILT_IN[name].parse, (xsd.LiteralFault,), texts)

# What has broken parsers: signs, digits of other scripts, nothing visible, half a pair, the last code point.
NASTY = "+-.,:;/\\'\"%#?&=<>[](){}@ \t\r\n\0\x7f\x850٣９²Ⅷ\u200b\u2028\ufeff\ud800\U0010ffffTZPWzwéß"


class Wrong(NamedTuple):
    """One text that came out wrong, and how."""

    target: str
    text: str | bytes
    problem: str


def mutations(seeds: tuple[str | bytes, ...], source: random.Random) -> Iterator[str | bytes]:
    """Yield texts near the seeds, without end."""
    while True:
        text = source.choice(seeds)
        for _ in range(source.choice((1, 1, 2, 3, 8))):
            text = mutated(text, source.choice(seeds), source)
        yield text


def mutated(text: Any, other: Any, source: random.Random) -> Any:
    """Return `text` with one thing changed: something cut out, put in, doubled, exchanged, or taken from `other`."""
    start, end = sorted(source.randrange(len(text) + 1) for _ in range(2))
    inserted = source.choice(NASTY) * source.choice((1, 1, 1, 2, 40))
    if isinstance(text, bytes):
        inserted = inserted.encode("utf-8", "surrogatepass")
    cut = source.randrange(len(other) + 1)
    return source.choice(
        (
            text[:start] + text[end:],
            text[:start] + inserted + text[start:],
            text[:start] + inserted + text[start + 1 :],
            text[:end] + text[start:end] * source.choice((1, 3)) + text[end:],
            text[:start] + other[cut:],
            text[:start] + other[:cut] + text[end:],
        )
    )[:5000]


def problem_with(target: Target, text: str | bytes) -> str | None:
    """Return what is wrong in how the target takes `text`, if anything."""
    try:
        target.call(text)
    except SyntaxFault as fault:
        if not isinstance(fault, target.documented):
            return traceback.format_exc()
        if not 0 <= fault.position <= len(fault.text):
            return f"the fault is at {fault.position} of {len(fault.text)}"
        return None if fault.expected and fault.caret() else "the fault expects nothing"
    except target.documented:
        return None
    except Exception:
        return traceback.format_exc()
    return None


def hunt(names: list[str], *, seed: int, seconds: float = 0, rounds: int = 0) -> tuple[int, list[Wrong]]:
    """Try the targets in turn for so many rounds or seconds; return the number of texts and what came out wrong."""
    sources = [(name, TARGETS[name], mutations(TARGETS[name].seeds, random.Random(f"{seed} {name}"))) for name in names]
    found: dict[tuple[str, str], Wrong] = {}
    tried, until = 0, time.monotonic() + seconds
    while tried < rounds * len(sources) or time.monotonic() < until:
        for name, target, texts in sources:
            tried += 1
            text = next(texts)
            if (problem := problem_with(target, text)) is not None:
                known = found.get((name, problem))
                if known is None or len(text) < len(known.text):
                    found[name, problem] = Wrong(name, text, problem)
    return tried, list(found.values())


def main() -> int:
    """Hunt, print what was found, and return the exit status."""
    parser = argparse.ArgumentParser(description="Throw broken texts at every parser.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"beginnings of {', '.join(TARGETS)} (default: all)")
    options = parser.parse_args()
    names = [name for name in TARGETS if not options.names or name.startswith(tuple(options.names))]
    if not names:
        parser.error(f"no target begins with {' or '.join(options.names)}")
    logging.disable()  # what a parser tells of broken texts is no problem here
    tried, wrong = hunt(names, seed=options.seed, seconds=options.seconds)
    for target, text, problem in wrong:
        shown = f"{target}({text!r})\n{problem}\n"
        print(shown.encode(errors="backslashreplace").decode())  # texts may have halves of characters
    print(f"{tried} texts for {len(names)} parsers with seed {options.seed}: {len(wrong)} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
