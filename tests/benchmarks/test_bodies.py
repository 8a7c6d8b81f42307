"""Two answers are the same if a client would read the same values from them."""

import pytest
from bodies import difference

SAME = [
    (b'{"@odata.context":"$metadata#Orders/$entity","ID":1}', b'{"ID":1}'),
    (b'{"ID":1,"customer@odata.navigationLink":"x"}', b'{"@context":"y","ID":1}'),
    (b'{"amount":12.50}', b'{"amount":12.5}'),
    (b'{"amount":12.0}', b'{"amount":12}'),
    (b'{"at":"2020-01-01T00:37:00.000Z"}', b'{"at":"2020-01-01T00:37:00Z"}'),
    (b'{"value":[{"ID":2},{"ID":1}]}', b'{"value":[{"ID":2},{"ID":1}]}'),
    (b'{"value":[{"ID":1,"Items":[{"ID":4},{"ID":3}]}]}', b'{"value":[{"ID":1,"Items":[{"ID":3},{"ID":4}]}]}'),
    (b'{"city":"K\\u00f6ln"}', '{"city":"Köln"}'.encode()),
]
DIFFERENT = [
    (b'{"ID":1}', b'{"ID":2}', ".ID is 1, by hand 2"),
    (b'{"amount":12.51}', b'{"amount":12.5}', ".amount is 12.51, by hand 12.5"),
    (b'{"amount":"12.5"}', b'{"amount":12.5}', ".amount is 12.5, by hand 12.5"),
    (b'{"done":1}', b'{"done":true}', ".done is 1, by hand True"),
    (b'{"note":null}', b'{"note":""}', ".note is None, by hand "),
    (b'{"ID":1}', b'{"ID":1,"note":null}', "the body has ['ID'], by hand ['ID', 'note']"),
    (b'{"value":[{"ID":1}]}', b'{"value":[]}', ".value has 1 entities, by hand 0"),
    (b'{"value":[{"ID":2},{"ID":1}]}', b'{"value":[{"ID":1},{"ID":2}]}', ".value[0].ID is 2, by hand 1"),
    (
        b'{"value":[{"ID":1,"to":{"ID":5}}]}',
        b'{"value":[{"ID":1,"to":null}]}',
        ".value[0].to is {'ID': 5}, by hand None",
    ),
]


@pytest.mark.parametrize(("ours", "handwritten"), SAME)
def test_the_same_values_in_another_spelling_do_not_differ(ours: bytes, handwritten: bytes) -> None:
    assert difference(ours, handwritten) is None


@pytest.mark.parametrize(("ours", "handwritten", "found"), DIFFERENT)
def test_a_difference_is_told_with_its_place(ours: bytes, handwritten: bytes, found: str) -> None:
    assert difference(ours, handwritten) == found
