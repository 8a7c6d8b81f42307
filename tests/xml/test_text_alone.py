"""Elements of text alone are kept without a list of nodes until somebody asks for it; nobody can tell."""

from __future__ import annotations

import copy
import pickle

import pytest

from demotic.xml import Bound, Comment, QName, attribute, children, integer, read, serialize, text

NS = "urn:list"


class Item(Bound, name=QName(NS, "item")):
    n = attribute("n", type=integer)
    value = text()


class Listing(Bound, name=QName(NS, "list")):
    items = children(Item)


CHANGES = [
    (lambda item: None, "<item>one</item>"),
    (lambda item: setattr(item, "value", "two &"), "<item>two &amp;</item>"),
    (lambda item: setattr(item, "value", ""), "<item></item>"),
    (lambda item: item._children.append(Comment("so")), "<item>one<!--so--></item>"),
    (lambda item: delattr(item, "value"), "<item/>"),
    (lambda item: setattr(item, "n", 3), '<item n="3">one</item>'),
]
WAYS = [lambda item: item, copy.deepcopy, lambda item: pickle.loads(pickle.dumps(item))]


@pytest.mark.parametrize(("change", "expected"), CHANGES)
@pytest.mark.parametrize("kept", WAYS)
def test_a_change_is_written_where_the_text_stood(change, expected, kept):
    item = kept(read(f'<item xmlns="{NS}">one</item>', Item))
    change(item)
    assert serialize(item, declaration=False).decode().replace(f' xmlns="{NS}"', "") == expected


def test_the_nodes_are_those_of_the_document():
    data = f'<list xmlns="{NS}"><item/><item>a</item><item>a<?b c?>d</item></list>'
    empty, plain, parted = read(data, Listing).items
    assert (list(empty._children), list(plain._children)) == ([], ["a"])
    assert (parted.value, len(parted._children)) == ("ad", 3)
    assert plain._children is plain._children
    assert serialize(plain._parent, declaration=False).decode() == data


def test_a_name_or_prefix_that_is_not_the_class_s_is_kept():
    class Entry(Item, name=QName(NS, "entry")):
        pass

    data = f'<x:entry xmlns:x="{NS}">one</x:entry>'
    assert serialize(read(data, Entry), declaration=False).decode() == data
    assert Entry(value="a")._name == QName(NS, "entry") != Item(value="a")._name
