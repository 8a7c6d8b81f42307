"""What the conformance levels require of a service, as data: queries with their answers, what is refused, verdicts.

Requirements are named by level and number, as in odata/conformance/levels.json. Queries are on the tasks of `lab`.
"""

from __future__ import annotations

from typing import Any

QUERIES: list[tuple[str, str, list[int]]] = [
    ("4.0-intermediate 5", "$top=3", [1, 2, 3]),
    ("4.0-intermediate 5", "$top=0", []),
    ("4.0-intermediate 12, 4.0-advanced 6", "$skip=6", [7, 8]),
    ("4.0-intermediate 12, 4.0-advanced 6", "$skip=2&$top=2&$orderby=id desc", [6, 5]),
    ("4.0-intermediate 7.1", "$filter=title eq 'Ask'", [1]),
    ("4.0-intermediate 7.1", "$filter=title ne 'Ask'", [2, 3, 4, 5, 6, 7, 8]),
    ("4.0-intermediate 7.1", "$filter=done eq true", [2, 6, 8]),
    ("4.0-intermediate 7.1", "$filter=title eq null", [6]),
    ("4.0-intermediate 7.1", "$filter=due ne null", [1, 2, 4, 5, 7, 8]),
    ("4.0-intermediate 7.1", "$filter=due eq 2024-02-28", [2]),
    ("4.0-intermediate 7.1", "$filter=at eq 2024-01-03T12:30:03Z", [3]),
    ("4.0-intermediate 7.1", "$filter=clock eq 03:15:00", [3]),
    ("4.0-intermediate 7.1", "$filter=code eq 00000000-0000-0000-0000-000000000007", [7]),
    ("4.0-intermediate 7.1", "$filter=price eq 0.3", [3]),
    ("4.0-intermediate 7.1", "$filter=weight eq 0.75", [3]),
    ("4.0-intermediate 7.2", "$filter=id eq @p&@p=4", [4]),
    ("4.0-intermediate 7.2", "$filter=title eq @t or id eq @n&@t='Ask'&@n=8", [1, 8]),
    ("4.0-intermediate 7.3", "$filter=id gt 6", [7, 8]),
    ("4.0-intermediate 7.3", "$filter=id ge 6 and id lt 8", [6, 7]),
    ("4.0-intermediate 7.3", "$filter=id le 1 or not (id lt 8)", [1, 8]),
    ("4.0-intermediate 7.3", "$filter=due gt 2024-06-01", [7, 8]),
    ("4.0-intermediate 7.3", "$filter=id add 1 eq 3 or id sub 1 eq 3", [2, 4]),
    ("4.0-intermediate 7.3", "$filter=id mul 2 eq 6 or id div 2 eq 4", [3, 8]),
    ("4.0-intermediate 7.3", "$filter=id mod 4 eq 3", [3, 7]),
    ("4.0-intermediate 7.3", "$filter=-id lt -7", [8]),
    ("4.0-intermediate 7.3", "$filter=(id eq 1 or id eq 2) and done", [2]),
    ("4.0-intermediate 7.3", "$filter=id eq 1 or id eq 2 and done eq false", [1]),
    ("4.0-intermediate 7.4", "$filter=contains(title,'u')", [2, 3, 4]),
    ("4.0-intermediate 7.4", "$filter=startswith(title,'100%25_')", [8]),
    ("4.0-intermediate 7.4", "$filter=endswith(title,'t')", [3, 4, 5]),
    ("4.0-intermediate 7.4", "$filter=length(title) eq 5", [2, 4, 7, 8]),
    ("4.0-intermediate 7.4", "$filter=indexof(title,'u') eq 1", [2, 3]),
    ("4.0-intermediate 7.4", "$filter=substring(title,1) eq 'sk' or substring(title,1,2) eq 'ui'", [1, 2]),
    ("4.0-intermediate 7.4", "$filter=tolower(title) eq 'ask' or toupper(title) eq 'BUILD'", [1, 2]),
    ("4.0-intermediate 7.4", "$filter=trim(concat('  ',concat(title,'!'))) eq 'Ask!'", [1]),
    ("4.0-intermediate 7.4", "$filter=year(at) eq 2024 and month(due) eq 7 and day(at) eq 7", [7]),
    ("4.0-intermediate 7.4", "$filter=hour(clock) eq 2 or minute(at) eq 31 or second(at) eq 5", [2, 5]),
    ("4.0-intermediate 7.4", "$filter=date(at) eq 2024-01-06 or time(at) eq 12:30:08", [6, 8]),
    ("4.0-intermediate 7.4", "$filter=fractionalseconds(at) gt 0", []),
    ("4.0-intermediate 7.4", "$filter=totalseconds(effort) eq 5400", [1]),
    ("4.0-intermediate 7.4", "$filter=totaloffsetminutes(at) eq 0 and id eq 1", [1]),
    ("4.0-intermediate 7.4", "$filter=at gt mindatetime() and at lt maxdatetime() and at lt now() and id lt 3", [1, 2]),
    ("4.0-intermediate 7.4", "$filter=round(weight) eq 1", [2, 3, 4, 5]),
    ("4.0-intermediate 7.4", "$filter=floor(weight) eq 1 and ceiling(weight) eq 2", [5, 6, 7]),
    ("4.0-intermediate 15, 4.0-advanced 5", "$filter=Steps/any()", [1, 2, 5]),
    ("4.0-intermediate 15, 4.0-advanced 5", "$filter=Tags/any(t:t/name eq 'red')", [1, 2]),
    ("4.0-intermediate 15, 4.0-advanced 5", "$filter=Steps/all(s:s/number lt 3)", [3, 4, 6, 7, 8]),
    ("4.0-intermediate 15, 4.0-advanced 5", "$filter=Steps/any(s:s/number eq id)", [1, 2]),
    ("4.0-intermediate 15, 4.0-advanced 5", "$filter=owner/Tasks/any(t:t/id eq 4)", [1, 4, 7]),
    ("4.0-intermediate 16, 4.0-advanced 4", "$filter=Steps/$count eq 3", [1, 2, 5]),
    ("4.0-intermediate 17, 4.0-advanced 8", "$orderby=id desc&$top=3", [8, 7, 6]),
    ("4.0-intermediate 17, 4.0-advanced 8", "$orderby=title asc", [6, 8, 1, 3, 4, 5, 2, 7]),
    ("4.0-intermediate 17, 4.0-advanced 8", "$orderby=done desc,id desc", [8, 6, 2, 7, 5, 3, 1, 4]),
    ("4.0-intermediate 17, 4.0-advanced 8", "$orderby=owner/name,length(title) desc,id", [3, 6, 4, 7, 1, 2, 8, 5]),
    ("4.0-intermediate 17, 4.0-advanced 8", "$orderby=Steps/$count desc,id&$top=4", [1, 2, 5, 3]),
    ("4.01-minimal 6", "filter=id gt 6&orderby=id desc", [8, 7]),
    ("4.01-minimal 6", "%24filter=id gt 6&$skip=1", [8]),
    ("4.01-minimal 7", "$FILTER=id GT 5 AND NOT CONTAINS(title,'%25')&$OrderBy=id DESC", [7]),
    ("4.01-minimal 7", "FILTER=Steps/ANY(s:s/number EQ 2) Or id In (8)&TOP=2", [1, 2]),
    ("4.01-minimal 9.1", "$filter=code eq '00000000-0000-0000-0000-000000000007'", [7]),
    ("4.01-minimal 9.1", "$filter=due gt '2024-06-01' and at lt '2024-01-08T00:00:00Z'", [7]),
    ("4.0-minimal 15", "$filter=effort eq duration'PT1H30M'", [1]),
    ("4.01-minimal 9.2", "$filter=effort gt 'PT7H'", [7, 8]),
    ("4.01-minimal 9.8, 4.01-intermediate 3", "$filter=owner eq null", [3, 6]),
    ("4.01-minimal 9.8, 4.01-intermediate 3", "$filter=owner ne null and id lt 4", [1, 2]),
    ("4.01-minimal 9.9, 4.01-intermediate 4", "$filter=id in (1,3,99)", [1, 3]),
    ("4.01-minimal 9.9, 4.01-intermediate 4", "$filter=title in ('Ask','build')", [1, 2]),
    ("4.01-minimal 9.10", "$filter=id divby 2 eq 1.5", [3]),
    ("4.01-minimal 9.11", "$filter=substring(title,-2) eq 'sk'", [1]),
    ("4.0-intermediate 11, 4.0-advanced 10", "$search=Ask", [1]),
    ("4.0-intermediate 11, 4.0-advanced 10", "$search=ASK OR build", [1, 2]),
    ("4.0-intermediate 11, 4.0-advanced 10", "$search=sk AND NOT build", [1]),
    ("4.0-intermediate 11, 4.0-advanced 10", '$search="100%25_"', [8]),
    ("4.0-intermediate 11, 4.0-advanced 10", "$search=nowhere", []),
    ("4.0-advanced 16, 4.01-minimal 15, 4.01-intermediate 8", "$compute=id add 1 as x&$filter=x eq 3", [2]),
    ("4.01-minimal 15, 4.01-advanced 4", "$compute=id mul -1 as x&$orderby=x&$top=2", [8, 7]),
    (
        "4.01-advanced 4",
        "$compute=length(title) as n,Steps/$count as s&$filter=n add s ge 6&$orderby=id desc",
        [5, 2, 1],
    ),
    ("4.0-intermediate 2", "$filter=cast(id,Edm.String) eq '1' or cast('3',Edm.Int64) eq id", [1, 3]),
    ("4.0-intermediate 2", "$filter=isof(id,Edm.Int64) and isof(lab.Tasks) and id lt 3", [1, 2]),
    ("4.0-intermediate 2", "$filter=isof(id,Edm.String)", []),
    ("4.01-minimal 9.13, 4.01-intermediate 6", "$filter=Steps/$count($filter=number gt 1) gt 1", [1, 2, 5]),
    ("4.01-minimal 9.13, 4.01-intermediate 6", "$filter=Tags/$count($filter=name eq 'red') eq 1", [1, 2]),
    ("4.01-advanced 3", "$filter=Steps/$count($filter=number gt 1;$search=1) gt 0", [1]),
    ("4.01-advanced 3", '$filter=Steps/$count($search="2 of 1") eq 1', [1]),
]
DECLARED_QUERIES: list[tuple[str, str, list[int]]] = [
    ("4.0-minimal 15", "$filter=status eq lab.Status'ENDED'", [3, 6]),
    ("4.01-minimal 9.2", "$filter=status eq 'ENDED'", [3, 6]),
    ("4.0-intermediate 7.1", "$filter=place/city ne 'Turin'", [1]),
]
"""The requirements, the query, the ids of the tasks that it gives in order."""

EXPANDS: list[tuple[str, str, list[Any]]] = [
    ("4.0-intermediate 7.5, 4.0-advanced 9.2", "$filter=number gt 1", [[2, 3], [2, 3], []]),
    ("4.0-intermediate 7.5, 4.0-advanced 9.2", "$filter=number lt @n&@n=2", [[1], [1], []]),
    ("4.01-intermediate 10, 4.01-advanced 9", "$filter=number lt @n;@n=2", [[1], [1], []]),
    ("4.01-intermediate 10, 4.01-advanced 9", "$orderby=number mul @n;@n=-1", [[3, 2, 1], [3, 2, 1], []]),
    ("4.0-advanced 9.4", "$orderby=number desc", [[3, 2, 1], [3, 2, 1], []]),
    ("4.0-advanced 9.6", "$top=1", [[1], [1], []]),
    ("4.0-advanced 9.6", "$skip=1;$top=1", [[2], [2], []]),
    ("4.0-advanced 9.6", "$orderby=number desc;$skip=1", [[2, 1], [2, 1], []]),
    ("4.0-advanced 9.5", "$count=true;$top=2", [(3, [1, 2]), (3, [1, 2]), (0, [])]),
    ("4.0-advanced 9.5", "$count=true;$filter=number ne 2", [(2, [1, 3]), (2, [1, 3]), (0, [])]),
    ("4.0-advanced 9.7", '$search="2 of 1"', [[2], [], []]),
    ("4.0-advanced 9.7", '$search="of 1" AND NOT 2', [[1, 3], [], []]),
    ("4.0-advanced 9.9", "$compute=number mul 2 as x;$filter=x gt 2;$orderby=x desc", [[3, 2], [3, 2], []]),
    ("4.01-minimal 6, 4.01-minimal 7", "FILTER=number GE 2;orderby=number DESC;top=1", [[3], [3], []]),
]
"""The requirements, options inside ``$expand=Steps(...)``, the numbers (with their count) for the tasks 1, 2 and 3."""

NOT_OFFERED: dict[str, list[str]] = {
    "4.0-minimal 7": ["Tasks?$apply=aggregate(id with sum as s)"],
    "4.0-intermediate 2": ["Tasks?$filter=$root/People('ada')/name eq title", "Tasks?$select=Steps($top=1)"],
    "4.0-advanced 12": ["$all", "$crossjoin(Tasks,People)", "Tasks/$each"],
    "4.0-advanced 15": ["$crossjoin(Tasks,People)"],
    "4.01-minimal 14": ["Tasks?$filter=@Core.Description eq 'x'"],
}
"""Requests that say what is not offered: 501."""

NOT_OFFERED_CHANGES: dict[str, list[tuple[str, str, str, int]]] = {
    "4.0-minimal 33": [
        ("PATCH", "Tags/$each", '{"name":"x"}', 501),
        ("DELETE", "Tags/$filter(id eq 1)/$each", "", 501),
    ],
    "4.01-minimal 21": [
        ("PATCH", "Tasks(1)", '{"Steps@odata.delta":[{"number":1,"text":"x"}]}', 501),
        ("PATCH", "Tasks(1)", '{"Tags":[{"@removed":{},"@id":"Tags(1)"}]}', 501),
        ("PATCH", "Tasks(1)", '{"owner":{"name":"x"}}', 501),
    ],
    "4.01-minimal 24": [("PATCH", "Tags", "{}", 405), ("DELETE", "Tags", "", 405)],
    "4.01-minimal 25": [("DELETE", "Tasks/lab.Tasks", "", 405)],
    "4.01-minimal 26": [("PATCH", "Tags", '{"@context":"#$delta","value":[{"id":1,"name":"x"}]}', 405)],
}
NOT_OFFERED_CHANGES_IN_ZOO: dict[str, list[tuple[str, str, str, int]]] = {
    "4.01-minimal 23": [("POST", "Animals(1)/nicks", '{"value":"x"}', 405)],
}
"""Changes that are refused as not offered: method, path, body, status."""

TABLES: dict[str, set[str]] = {
    "test_a_query_gives_these_tasks": {name for names, _, _ in QUERIES for name in names.split(", ")},
    "test_a_query_on_what_a_model_in_code_declares": {n for names, _, _ in DECLARED_QUERIES for n in names.split(", ")},
    "test_options_inside_expand_hold_for_each_parent": {n for names, _, _ in EXPANDS for n in names.split(", ")},
}
"""The requirements that each table proves, by the test that goes through it."""

REFUSALS: dict[str, set[str]] = {
    "test_what_is_not_offered_is_refused_as_such": set(NOT_OFFERED),
    "test_changes_that_are_not_offered_are_refused_as_such": set(NOT_OFFERED_CHANGES),
    "test_changes_that_are_not_offered_in_other_models_are_refused_as_such": set(NOT_OFFERED_CHANGES_IN_ZOO),
}
"""The requirements that are refused in whole or in part, by the test that shows it."""

SUMS: dict[str, tuple[str, ...]] = {
    "4.0-minimal 11": ("4.0-minimal",),
    "4.0-intermediate 1": ("4.0-minimal",),
    "4.0-advanced 1": ("4.0-minimal", "4.0-intermediate"),
    "4.01-minimal 1": ("4.0-minimal",),
    "4.01-minimal 18": ("4.0-minimal",),
    "4.01-intermediate 1": ("4.0-minimal", "4.01-minimal"),
    "4.01-intermediate 2": ("4.0-minimal", "4.0-intermediate"),
    "4.01-advanced 1": ("4.0-minimal", "4.01-minimal", "4.0-intermediate", "4.01-intermediate"),
    "4.01-advanced 2": ("4.0-minimal", "4.0-intermediate", "4.0-advanced"),
}
"""Requirements that sum up all others of some levels."""

_ASYNC = "asynchronous answers are not offered: the preference is passed over, as it may be"
_NESTED = "whole collections are replaced; nested deltas, and changes of a single related entity, answer 501"
_GRAMMAR = "as the public grammar suites have it, but for the exceptions that the test names with their reasons"

REMARKS: dict[str, tuple[str, str]] = {
    "4.0-minimal 7": ("met", _GRAMMAR),
    "4.0-minimal 10": ("met", "as far as the tests named try it"),
    "4.0-intermediate 2": ("met", _GRAMMAR),
    "4.0-minimal 16": ("does not apply", _ASYNC),
    "4.0-minimal 17": ("does not apply", _ASYNC),
    "4.0-minimal 33": ("refused", "it may be left out; many changes go into one batch"),
    "4.0-advanced 12": (
        "partly",
        "`$all`, `$crossjoin`, `$each` and the place of a value in a collection (`Tags/0`) answer 501",
    ),
    "4.0-advanced 13": ("planned", _ASYNC),
    "4.0-advanced 14": ("planned", "changes are not tracked: the preference is passed over, as it may be"),
    "4.0-advanced 15": ("planned", "501"),
    "4.01-minimal 3": ("does not apply", _ASYNC),
    "4.01-minimal 14": ("refused", "it may be left out; 501"),
    "4.01-minimal 21": ("partly", _NESTED),
    "4.01-minimal 23": ("refused", "it may be left out; a collection of values is written as a whole"),
    "4.01-minimal 24": ("refused", "it may be left out; 405"),
    "4.01-minimal 25": ("partly", "POST is there; PATCH and DELETE may be left out, and answer 405"),
    "4.01-minimal 26": ("refused", "it may be left out; 405"),
    "4.01-advanced 10": ("refused", "it may be left out; a name in another case is told the right one"),
}
"""What is not met, or not wholly, or does not apply, or calls for a remark: the verdict and the reason."""
