"""The pages beside the service: the start page, the icon and the health check."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from decimal import Decimal
from types import SimpleNamespace
from typing import Annotated

import pytest

from demotic.cli._samples import sample_query, telling_query
from demotic.cli._start_page import health_check, no_icon, start_page
from demotic.model import Model, Partner, declare, entity
from demotic.service import Service
from demotic.syntax.http import Handler, Request, Response


@entity(key="id", set="Suppliers")
class Supplier:
    id: int
    name: str
    products: Annotated[list[Product], Partner("supplier")]


@entity(key="id", set="Products")
class Product:
    id: int
    price: Decimal
    supplier: Supplier


@entity(key=("a", "b"), set="Ünï")
class Odd:
    a: int
    b: int


MODEL = declare("Shop", Supplier, Product, Odd)


def service(model: Model = MODEL, title: str = "Shop") -> Service:
    return Service(SimpleNamespace(model=model), title)


def get(handler: Handler, method: str = "GET", host: str = "localhost:8000") -> Response:
    return handler(Request(method, "/", host=host))


def body_of(response: Response) -> str:
    assert isinstance(response.body, bytes)
    return response.body.decode()


def tree_of(response: Response) -> ET.Element:
    text = body_of(response)
    for void in ("<meta ", "<link "):
        assert text.count(void) == 0 or "/>" not in text
    text = text.replace("<!DOCTYPE html>\n", "")
    lines = [line.replace(">", "/>") if line.startswith("<meta") else line for line in text.splitlines()]
    return ET.fromstring("\n".join(lines))


@pytest.mark.feature("F-CLI-16")
def test_the_page_links_to_all_that_there_is() -> None:
    response = get(start_page(service()))
    assert response.status == 200
    assert response.field("content-type") == "text/html; charset=utf-8"
    links = [link.get("href") for link in tree_of(response).iter("a")]
    assert links == [
        "odata/v4/",
        "odata/v4/$metadata?$format=xml",
        "odata/v4/$metadata?$format=json",
        "odata/v4/Suppliers",
        "odata/v4/Suppliers?$top=5",
        "odata/v4/Products",
        "odata/v4/Products?$top=5&$expand=supplier",
        "odata/v4/%C3%9Cn%C3%AF",
        "odata/v4/%C3%9Cn%C3%AF?$top=5",
    ]


@pytest.mark.feature("F-CLI-16")
def test_the_page_tells_the_address_that_others_use() -> None:
    text = body_of(get(start_page(service()), host="data.example.com"))
    assert "<pre>http://data.example.com/odata/v4/</pre>" in text
    assert "curl 'http://data.example.com/odata/v4/Suppliers?$top=5'" in text.replace("&#x27;", "'")
    text = body_of(get(start_page(service(), public_url="https://example.com/shop/"), host="10.0.0.1"))
    assert "<pre>https://example.com/shop/odata/v4/</pre>" in text
    assert "10.0.0.1" not in text


@pytest.mark.feature("F-CLI-16")
def test_nothing_on_the_page_is_taken_for_markup() -> None:
    response = get(start_page(service(title="<b>\"Tom\" & 'Jerry'</b>")), host='"><script>x</script>')
    text = body_of(response)
    assert "<script" not in text
    assert "<b>" not in text
    assert tree_of(response).findtext("body/h1") == "<b>\"Tom\" & 'Jerry'</b>"


@pytest.mark.feature("F-CLI-16")
def test_the_page_loads_nothing_from_elsewhere() -> None:
    response = get(start_page(service()))
    assert "default-src 'none'" in str(response.field("content-security-policy"))
    elements = {element.tag for element in tree_of(response).iter()}
    assert elements.isdisjoint({"script", "link", "img", "iframe", "object"})


def test_a_page_without_sets_is_a_page() -> None:
    assert "Entity sets" in body_of(get(start_page(service(Model()))))


@pytest.mark.feature("F-CLI-17")
def test_health_and_icon() -> None:
    response = get(health_check)
    assert (response.status, response.body, response.field("content-type")) == (
        200,
        b"ok\n",
        "text/plain; charset=utf-8",
    )
    icon = get(no_icon)
    assert (icon.status, icon.body) == (204, b"")


@pytest.mark.parametrize("handler", [start_page(service()), health_check], ids=["start page", "health check"])
def test_head_is_get_without_the_body(handler: Handler) -> None:
    whole, head = get(handler), get(handler, "HEAD")
    assert (head.status, head.fields, head.body) == (200, whole.fields, b"")


@pytest.mark.parametrize("handler", [start_page(service()), health_check, no_icon])
def test_other_methods_are_refused(handler: Handler) -> None:
    response = get(handler, "POST")
    assert (response.status, response.field("allow")) == (405, "GET, HEAD")


def test_sample_queries_fit_the_model() -> None:
    container = MODEL.container
    assert container is not None
    assert [sample_query(item) for item in container.sets.values()] == [
        "Suppliers?$top=5",
        "Products?$top=5&$expand=supplier",
        "%C3%9Cn%C3%AF?$top=5",
    ]
    assert telling_query(list(container.sets.values())) == "Suppliers?$filter=contains(name,'a')&$top=5"
    assert telling_query([container.sets["Products"]]) == "Products?$top=5&$expand=supplier"
