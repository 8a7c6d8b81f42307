"""Expressions: which tree a text means, where a wrong one is wrong, and what bounds hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from demotic.errors import LimitExceeded, SyntaxFault
from demotic.query import (
    Alias,
    Call,
    CountStep,
    LambdaStep,
    ListExpression,
    Literal,
    LiteralKind,
    Path,
    ReadLimits,
    read_filter,
    read_literal,
    read_orderby,
    write_expression,
)


def tree(node: object) -> str:
    """Write a tree as `(eq Name 'x')`: every operator and function in front, in parentheses of its own."""
    match node:
        case Literal():
            return node.text
        case Alias(name):
            return f"@{name}"
        case ListExpression(items):
            return f"[{' '.join(map(tree, items))}]"
        case Call(name, arguments):
            return f"({' '.join([name, *map(tree, arguments)])})"
        case Path(steps):
            return "/".join(map(tree, steps))
        case CountStep():
            return "$count"
        case LambdaStep(kind, variable, predicate):
            return f"{kind}({variable}: {tree(predicate)})" if predicate else f"{kind}()"
        case _:
            return node.name


LITERALS = [
    ("null", LiteralKind.NULL, None),
    ("true", LiteralKind.BOOLEAN, True),
    ("False", LiteralKind.BOOLEAN, False),
    ("0", LiteralKind.INTEGER, 0),
    ("-5", LiteralKind.INTEGER, -5),
    ("+5", LiteralKind.INTEGER, 5),
    ("007", LiteralKind.INTEGER, 7),
    ("9223372036854775807", LiteralKind.INTEGER, 2**63 - 1),
    ("9223372036854775808", LiteralKind.DECIMAL, Decimal(2**63)),
    ("-9223372036854775809", LiteralKind.DECIMAL, Decimal(-(2**63) - 1)),
    ("12.50", LiteralKind.DECIMAL, Decimal("12.50")),
    ("-0.1", LiteralKind.DECIMAL, Decimal("-0.1")),
    ("1e3", LiteralKind.DOUBLE, 1000.0),
    ("-1.5E-3", LiteralKind.DOUBLE, -0.0015),
    ("2e+8", LiteralKind.DOUBLE, 2e8),
    ("INF", LiteralKind.DOUBLE, float("inf")),
    ("-INF", LiteralKind.DOUBLE, float("-inf")),
    ("''", LiteralKind.STRING, ""),
    ("'O''Neil'", LiteralKind.STRING, "O'Neil"),
    ("''''", LiteralKind.STRING, "'"),
    ("'a eq b;)(,/ %20'", LiteralKind.STRING, "a eq b;)(,/ %20"),
    ("'żółć 🦆\t'", LiteralKind.STRING, "żółć 🦆\t"),
    ("2024-02-29", LiteralKind.DATE, date(2024, 2, 29)),
    ("2024-02-29T07:59Z", LiteralKind.DATE_TIME_OFFSET, datetime(2024, 2, 29, 7, 59, tzinfo=UTC)),
    ("2024-02-29T07:59:59.25+02:00", LiteralKind.DATE_TIME_OFFSET, datetime(2024, 2, 29, 5, 59, 59, 250000, UTC)),
    ("07:59", LiteralKind.TIME_OF_DAY, time(7, 59)),
    ("07:59:59.5", LiteralKind.TIME_OF_DAY, time(7, 59, 59, 500000)),
    ("duration'-P1DT1H'", LiteralKind.DURATION, -timedelta(days=1, hours=1)),
    ("Duration'PT1M'", LiteralKind.DURATION, timedelta(minutes=1)),
    ("binary'Zm9vYmE='", LiteralKind.BINARY, b"fooba"),
    ("binary''", LiteralKind.BINARY, b""),
    ("01234567-89ab-cdef-0123-456789abcdef", LiteralKind.GUID, UUID("01234567-89ab-cdef-0123-456789abcdef")),
    ("ABCDEF01-89ab-cdef-0123-456789abcdef", LiteralKind.GUID, UUID("abcdef01-89ab-cdef-0123-456789abcdef")),
    ("NS.Colour'Red'", LiteralKind.ENUM, ("NS.Colour", ("Red",))),
    ("A.B.Colour'Red,2,-4'", LiteralKind.ENUM, ("A.B.Colour", ("Red", "2", "-4"))),
]


@pytest.mark.feature("F-QUERY-02")
@pytest.mark.parametrize(("text", "kind", "value"), LITERALS)
def test_a_literal_has_its_kind_its_value_and_its_text(text: str, kind: LiteralKind, value: object) -> None:
    read = read_filter(text)
    assert read == Literal(kind, text, value, 0)
    assert type(read.value) is type(value)
    assert read_filter(f"( {text} )") == Literal(kind, text, value, 2)


@pytest.mark.parametrize(("text", "kind", "value"), LITERALS)
def test_a_literal_may_be_read_alone(text: str, kind: LiteralKind, value: object) -> None:
    assert read_literal(text) == Literal(kind, text, value, 0)


@pytest.mark.parametrize(("text", "position"), [("", 0), ("a", 0), ("1 ", 1), ("1 eq 1", 2), ("(1)", 0), ("@p", 0)])
def test_what_is_no_literal_alone_is_refused(text: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_literal(text, target="$top")
    assert (caught.value.position, caught.value.target) == (position, "$top")


def test_not_a_number_is_a_double() -> None:
    read = read_filter("NaN")
    assert isinstance(read, Literal)
    assert read.kind is LiteralKind.DOUBLE
    assert read.value != read.value


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2024-02-29T07:59:59 02:00", "2024-02-29T07:59:59+02:00"),
        ("3.5E 38", "3.5E+38"),
    ],
)
def test_a_plus_sign_that_became_a_blank_within_a_literal_is_given_back(text: str, kept: str) -> None:
    assert read_filter(f"a eq {text} and b") == read_filter(f"a eq {kept} and b")


TREES = [
    ("Name", "Name"),
    ("Straße eq 1", "(eq Straße 1)"),
    ("a eq 1", "(eq a 1)"),
    ("a\teq \t 1", "(eq a 1)"),
    ("a EQ 1 AND b NE 2", "(and (eq a 1) (ne b 2))"),
    # precedence, from the bottom of the table up
    ("a or b and c", "(or a (and b c))"),
    ("a and b or c", "(or (and a b) c)"),
    ("a and b eq c", "(and a (eq b c))"),
    ("a eq b gt c", "(eq a (gt b c))"),
    ("a gt b eq c", "(eq (gt a b) c)"),
    ("a lt b add c", "(lt a (add b c))"),
    ("a add b mul c", "(add a (mul b c))"),
    ("a mul b sub c", "(sub (mul a b) c)"),
    ("-a mul b", "(mul (neg a) b)"),
    ("not a eq b", "(eq (not a) b)"),
    ("not a in (1,2)", "(not (in a [1 2]))"),
    ("a eq b in (1)", "(eq a (in b [1]))"),
    ("a has NS.C'Red' eq true", "(eq (has a NS.C'Red') true)"),
    # equals lean to the left
    ("a sub b sub c", "(sub (sub a b) c)"),
    ("a div b mod c divby d", "(divby (mod (div a b) c) d)"),
    ("a eq b ne c", "(ne (eq a b) c)"),
    ("a sub (b sub c)", "(sub a (sub b c))"),
    # runs of and, or are balanced
    ("a or b or c", "(or (or a b) c)"),
    ("a or b or c or d", "(or (or a b) (or c d))"),
    ("a and b and c and d and e", "(and (and (and a b) (and c d)) e)"),
    ("a or b or c and d and e or f", "(or (or a b) (or (and (and c d) e) f))"),
    ("a or (b or c)", "(or a (or b c))"),
    # signs and negation
    ("a sub -5", "(sub a -5)"),
    ("- 5", "(neg 5)"),
    ("-(5)", "(neg 5)"),
    ("--5", "(neg -5)"),
    ("-INFO", "(neg INFO)"),
    ("- - a", "(neg (neg a))"),
    ("not not a", "(not (not a))"),
    ("not(a)", "(not a)"),
    ("NOT a", "(not a)"),
    ("notable eq 1", "(eq notable 1)"),
    # names that look like operators and literals
    ("eq eq ne", "(eq eq ne)"),
    ("nullable eq trueish", "(eq nullable trueish)"),
    ("anyone and allow", "(and anyone allow)"),
    ("e5 eq INFO", "(eq e5 INFO)"),
    ("deadbeef eq 1", "(eq deadbeef 1)"),
    # paths
    ("Address/City eq 'x'", "(eq Address/City 'x')"),
    ("NS.Customer/Name", "NS.Customer/Name"),
    ("Address/NS.Home/City", "Address/NS.Home/City"),
    ("$it", "$it"),
    ("$it/Name", "$it/Name"),
    ("Items/$count gt 3", "(gt Items/$count 3)"),
    ("Items/any()", "Items/any()"),
    ("Items/any( )", "Items/any()"),
    ("Items/any(i:i/Price gt 5)", "Items/any(i: (gt i/Price 5))"),
    ("Items/ALL( i : i/Price gt $it/Limit )", "Items/all(i: (gt i/Price $it/Limit))"),
    ("A/any(a:a/B/all(b:b/C eq a/C))", "A/any(a: a/B/all(b: (eq b/C a/C)))"),
    # functions
    ("now()", "(now)"),
    ("contains(Name,'x')", "(contains Name 'x')"),
    ("Contains( Name , 'x' )", "(contains Name 'x')"),
    ("substring(Name, 1, 2) eq 'bc'", "(eq (substring Name 1 2) 'bc')"),
    ("concat(concat(a,', '),b)", "(concat (concat a ', ') b)"),
    ("round(a add 1.5) mul -b", "(mul (round (add a 1.5)) (neg b))"),
    ("date(a) eq date", "(eq (date a) date)"),
    # lists and aliases
    ("a in ('x', 'y')", "(in a ['x' 'y'])"),
    ("a in ( 1 )", "(in a [1])"),
    ("a in ()", "(in a [])"),
    ("a in @p", "(in a @p)"),
    ("a in (null,@p)", "(in a [null @p])"),
    ("(a) in (1) or b", "(or (in a [1]) b)"),
    ("a add b in (1)", "(add a (in b [1]))"),
    ("@p eq a", "(eq @p a)"),
    ("contains(@p,@q)", "(contains @p @q)"),
]


@pytest.mark.feature("F-QUERY-01")
@pytest.mark.spec("OD-138")
@pytest.mark.parametrize(("text", "expected"), TREES)
def test_an_expression_is_read_as_the_tree_that_precedence_makes_of_it(text: str, expected: str) -> None:
    assert tree(read_filter(text)) == expected
    assert tree(read_filter(f"({text})")) == expected
    assert tree(read_filter(f"f( {text} )")) == f"(f {expected})"


def test_nodes_know_where_they_stand() -> None:
    read = read_filter("A/any(x:x/B in (1,@p)) and not f(2)")
    assert isinstance(read, Call)
    path, negation = read.arguments
    predicate = path.steps[1].predicate
    assert (read.at, path.at, path.steps[1].at, predicate.at) == (23, 0, 2, 12)
    assert [item.at for item in predicate.arguments[1].items] == [16, 18]
    assert (negation.at, negation.arguments[0].at, negation.arguments[0].arguments[0].at) == (27, 31, 33)


MEGABYTE = 1_000_000
OPERAND = "a literal, a property, a function or '('"
REFUSALS = [
    ("", 0, OPERAND),
    (" a", 0, OPERAND),
    ("a ", 1, "the end"),
    ("a eq 1 ", 6, "the end"),
    ("a eq", 4, "a blank"),
    ("a eq ", 5, OPERAND),
    ("a eq(1)", 4, "a blank"),
    ("a eq 1and b", 6, "an operator or the end"),
    ("a b", 2, "an operator or the end"),
    ("a eq 1 b eq 2", 7, "an operator or the end"),
    ("a = 1", 2, "an operator or the end"),
    ("a eq 1)", 6, "an operator or the end"),
    ("(a eq 1", 7, "an operator or ')'"),
    ("()", 1, OPERAND),
    ("a and or b", 6 + 3, "an operator or the end"),
    ("not ", 4, OPERAND),
    ("a eq not ", 9, OPERAND),
    ("a/", 2, "a property, any, all or $count"),
    ("a//b", 2, "a property, any, all or $count"),
    ("a/$value", 2, "a property, any, all or $count"),
    ("a/$count/b", 8, "an operator or the end"),
    ("a/any()/b", 7, "an operator or the end"),
    ("a.b", 3, "'(' or '/'"),
    ("a. eq 1", 1, "an operator or the end"),
    ("any(x:x)", 3, "an operator or the end"),
    ("a/any(x)", 7, "':'"),
    ("a/any(1:x)", 6, "a lambda variable or ')'"),
    ("a/all()", 6, "a lambda variable"),
    ("a/any(x:)", 8, OPERAND),
    ("a/any(x:x", 9, "an operator or ')'"),
    ("eq(a,1)", 2, "an operator or the end"),
    ("b or IN(a,1)", 7, "an operator or the end"),
    ("f(a", 3, "an operator, ',' or ')'"),
    ("f(a,)", 4, OPERAND),
    ("f(,a)", 2, OPERAND),
    ("a in 1,2", 6, "an operator or the end"),
    ("a in (1,)", 8, "a literal"),
    ("a in (1,b)", 8, "a literal"),
    ("a in (b,1)", 7, "an operator or ')'"),
    ("a in (1", 7, "',' or ')'"),
    ("a in(1)", 4, "a blank"),
    ("$those/a", 0, OPERAND),
    ("@", 1, "the name of a parameter alias"),
    ("@1", 1, "the name of a parameter alias"),
    ("'abc", 4, "a closing quote"),
    ("'it''s", 6, "a closing quote"),
    ("a eq 'it's'", 9, "an operator or the end"),
    ('a eq "x"', 5, OPERAND),
    ("42.", 3, "a decimal number"),
    ("1e", 2, "a floating-point number"),
    (".5", 0, OPERAND),
    ("1e999", 0, "a number in the range of a double, at most 1.7976931348623157e308"),
    ("2012-02-30", 8, "a day from 01 to 29, as 2012-02 has"),
    ("a eq 2012-13-01", 10, "a month from 01 to 12"),
    ("2012-01-01T24:00Z", 11, "an hour from 00 to 23"),
    ("2012-01-01T23:00", 16, None),
    ("25:00", 0, "an hour from 00 to 23"),
    ("duration'P1Y'", 10, None),
    ("duration'P", 10, "a closing quote"),
    ("binary'a+b'", 8, "a character of base64url (letters, digits, '-', '_')"),
    ("01234567-89ab-cdef-0123-45678", 29, "a GUID of 8-4-4-4-12 hexadecimal digits"),
    ("NS.C'Red,'", 9, "the name or number of a member"),
    ("NS.C''", 5, "the name or number of a member"),
    ("NS.C'Red Blue'", 8, "',' or the closing quote"),
    ("Colour'Red'", 6, "an operator or the end"),
    ("a\u00a0eq 1", 1, "a letter, a digit or '_' in a name"),
    ("x" * 200, 128, "the end of the name after 128 characters"),
    ("a eq 1\n", 6, "an operator or the end"),
    ("[1,2", 4, "',' or ']'"),
    ('{"a" 1}', 5, "':'"),
    ("cast(a", 6, "',' and the name of a type"),
    ("isof(a,1)", 7, "the name of a type"),
    ("case(a:1", 8, "')'"),
    ("case(a)", 6, "an operator or ':'"),
    ("F(a=1,)", 6, "the name of a parameter and '='"),
    ("a/$count($top=1)", 9, "$filter= or $search="),
]


@pytest.mark.feature("F-QUERY-03")
@pytest.mark.parametrize(("text", "position", "expected"), REFUSALS)
def test_a_malformed_expression_is_refused_at_its_place(text: str, position: int, expected: str | None) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_filter(text)
    fault = caught.value
    assert (fault.position, fault.text, fault.target) == (position, text, "$filter")
    if expected is not None:
        assert fault.expected == expected


@pytest.mark.feature("F-QUERY-04")
@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a eq datetime'2012-01-01T00:00:00'", "write 2024-02-29T07:59:59Z"),
        ("a eq guid'01234567-89ab-cdef-0123-456789abcdef'", "without prefix and quotes"),
        ("a eq 'it's'", None),
        ("'abc", "written twice"),
        ("any(x:x)", "Items/any(...)"),
        ("NS.Type", "name of a type"),
    ],
)
def test_a_fault_that_is_often_made_comes_with_a_hint(text: str, hint: str | None) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_filter(text)
    assert (hint is None) == (caught.value.hint is None)
    assert hint is None or hint in str(caught.value)


@pytest.mark.feature("F-QUERY-03")
def test_the_caret_stands_under_the_fault() -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_filter("Price gt 5 adn Name eq 'x'")
    assert caught.value.caret() == "Price gt 5 adn Name eq 'x'\n           ^"


FURTHER = [
    "cast(a,Edm.String) eq 'x'",
    "isof(NS.Type)",
    "isof( a , Collection(Edm.Int32) )",
    "case(a gt 0:1,true:-1) eq 1",
    "geo.distance(a,geography'SRID=0;Point(1 2)') lt 5",
    "a eq geometry'SRID=0;Point(1 2)'",
    "a in [1,2]",
    'a eq {"x":[1,"a\\n",b/c],"y":{}}',
    "$root/Items(1)/Name eq a",
    "$this gt 5",
    "@NS.Term eq 5",
    "a/@NS.Term#Q eq 5",
    "@p/Name eq 'x'",
    "NS.F(a=1,b=@p) eq 2",
    "NS.F() eq 2",
    "F(a=[1,2])/Name eq 2",
    "Items(1)/Name eq 2",
    "Items(a=1)/Name eq 2",
    "a/Items(1)/Name eq 2",
    "Items(1)(2) eq 2",
    "a/F()(b=1)/Name eq 2",
    "a/$filter(b)(1)/Name eq 2",
    "a/$filter(b)(c=1)/Name eq 2",
    "a/$filter(b gt 5)/$count gt 1",
    "a/$count($filter=b gt 5;$search=x) gt 1",
    "a in b",
    "a eq 0000-01-01",
    "a eq -12000-01-01",
    "a eq 2012-01-01T23:59:60Z",
    "a eq 12:00:00.1234567",
    "a eq duration'PT1.1234567S'",
    "$these/aggregate(Amount with sum from Time,Product/Name with average as Mean) gt 5",
    "a/$count($search=x y) gt 1",
]


@pytest.mark.feature("F-QUERY-20")
@pytest.mark.parametrize("text", dict.fromkeys(FURTHER))
def test_the_rest_of_the_grammar_is_read_and_written(text: str) -> None:
    read = read_filter(text)
    written = write_expression(read)
    assert write_expression(read_filter(written)) == written
    assert written.replace(" ", "").startswith(text.replace(" ", "")[:12])
    with pytest.raises(SyntaxFault):
        read_filter(f"{text} and")


def deep(opening: str, closing: str, times: int) -> str:
    return opening * times + "1" + closing * times


@pytest.mark.feature("F-QUERY-11")
@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("(", ")"),
        ("f(", ")"),
        ("not (", ")"),
        ("-(", ")"),
        ("a/any(x:", ")"),
        ("[", "]"),
        ('{"a":', "}"),
        ("a eq (", ")"),
        ("a or b and c eq d gt e add f mul (", ")"),
        ("F(a=", ")"),
        ("case(a:", ")"),
        ("a in (", ")"),
        ("- ", ""),
        ("not ", ""),
        ("1 add ", ""),
        ("a eq ", ""),
        ("", " in (1)"),
    ],
)
def test_nesting_and_the_height_of_trees_are_bounded(opening: str, closing: str) -> None:
    limits = ReadLimits(depth=40, length=MEGABYTE)
    for times in (41, 1000, 8000):
        with pytest.raises(LimitExceeded, match="limit of 40"):
            read_filter(deep(opening, closing, times), limits=limits)
    assert read_filter(deep(opening, closing, 5), limits=limits)


def test_a_function_of_the_tallest_tree_is_too_tall() -> None:
    tallest = " add ".join("1" * 100)
    assert read_filter(tallest)
    with pytest.raises(LimitExceeded, match="limit of 100"):
        read_filter(f"round({tallest})")


def test_the_default_bound_takes_a_hundred_levels() -> None:
    assert tree(read_filter(deep("(", ")", 99))) == "1"
    with pytest.raises(LimitExceeded):
        read_filter(deep("(", ")", 100))


def test_the_deepest_tree_that_is_read_may_be_walked() -> None:
    for opening, closing in (("a/any(x:", ")"), ("f(", ")"), ("not (", ")"), ("1 add ", "")):
        text = deep(opening, closing, 98)
        read = read_filter(text)
        assert read == read_filter(text)
        assert hash(read) == hash(read_filter(text))
        assert repr(read)
        assert tree(read_filter(write_expression(read))) == tree(read)


def height(node: object) -> int:
    return 1 + max(map(height, node.arguments)) if isinstance(node, Call) else 1


@pytest.mark.parametrize("word", ["and", "or"])
def test_a_long_run_of_and_or_makes_a_low_tree(word: str) -> None:
    read = read_filter(f" {word} ".join(f"a eq {n}" for n in range(5000)))
    assert height(read) == 15
    leaves: list[int] = []

    def visit(node: Call) -> None:
        if node.name == word:
            for argument in node.arguments:
                visit(argument)
        else:
            leaves.append(node.arguments[1].value)

    visit(read)
    assert leaves == list(range(5000))


@pytest.mark.feature("F-QUERY-11")
def test_a_text_beyond_the_length_limit_is_refused_unread() -> None:
    with pytest.raises(LimitExceeded, match="1000001 characters are more than the limit of 100000") as caught:
        read_filter("(" * 1_000_001)
    assert caught.value.target == "$filter"


@pytest.mark.parametrize(
    "text",
    [
        "'" * (MEGABYTE + 1),
        "'" + "a" * MEGABYTE,
        "a" + " " * MEGABYTE,
        "a" + " " * MEGABYTE + "b",
        "a" * MEGABYTE,
        "a." * (MEGABYTE // 2),
        "a/" * (MEGABYTE // 2),
        "1" * MEGABYTE + "x",
        "1." + "1" * MEGABYTE + "x",
        "1e" + "1" * MEGABYTE,
        "2012-" * (MEGABYTE // 5),
        "2012-01-01T" + "1" * MEGABYTE,
        "12:34:56." + "1" * MEGABYTE,
        "01234567-89ab" + "-" * MEGABYTE,
        "duration'PT1." + "1" * MEGABYTE + "X'",
        "binary'" + "a" * MEGABYTE + "+'",
        "NS.E'" + "a," * (MEGABYTE // 2) + "'",
        "a in (" + "1," * (MEGABYTE // 2) + "x)",
        '["' + "\\\\" * (MEGABYTE // 2),
        "a eq 1" + " or" * (MEGABYTE // 3),
        "-" * MEGABYTE,
        "é" * MEGABYTE,
    ],
    ids=lambda text: f"{text[:12]}...",
)
def test_a_hostile_megabyte_is_answered(text: str) -> None:
    """Without the length limit, so that a reader that goes over its text again and again would not come to an end."""
    with pytest.raises((SyntaxFault, LimitExceeded)):
        read_filter(text, limits=ReadLimits(length=2 * MEGABYTE))


def test_order_items_have_directions() -> None:
    read = read_orderby("Name,Price mul 2 desc , Address/City ASC,desc desc")
    assert [(tree(item.expression), item.descending, item.at) for item in read] == [
        ("Name", False, 0),
        ("(mul Price 2)", True, 5),
        ("Address/City", False, 24),
        ("desc", True, 41),
    ]


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 0, OPERAND),
        ("Name,", 5, OPERAND),
        ("Name up", 5, "an operator, asc, desc, ',' or the end"),
        ("Name asc desc", 9, "an operator, asc, desc, ',' or the end"),
        ("Name desc ", 9, "the end"),
        (",Name", 0, OPERAND),
    ],
)
def test_a_malformed_order_is_refused_at_its_place(text: str, position: int, expected: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        read_orderby(text)
    fault = caught.value
    assert (fault.position, fault.expected, fault.target) == (position, expected, "$orderby")
