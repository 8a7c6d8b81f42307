"""A database as OData within a Django project. Run it beside a sample database (demotic sample shop.db)."""

from __future__ import annotations

import io

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store.sql import open_store
from demotic.transports.wsgi import WsgiApplication

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="example", DEBUG=False)
django.setup()

shop = WsgiApplication(ODataV4(Service(open_store("shop.db"), "Shop"), "/shop/"))


@csrf_exempt  # an OData client has no form, and says who it is in each request
def odata(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Answer with the WSGI application; the service knows its whole path."""
    told: list[tuple[str, list[tuple[str, str]]]] = []
    environ = {**request.META, "wsgi.input": io.BytesIO(request.body)}
    body = shop(environ, lambda status, fields: told.append((status, fields)))
    status, fields = told[0]
    kind = HttpResponse if isinstance(body, list) else StreamingHttpResponse
    response = kind(b"".join(body) if isinstance(body, list) else body, status=int(status[:3]))
    del response.headers["Content-Type"]
    for name, value in fields:
        response.headers[name] = value
    return response


def hello(request: HttpRequest) -> HttpResponse:
    """A page of the project's own."""
    return HttpResponse("hello")


urlpatterns = [path("hello", hello), re_path("^shop/", odata)]


if __name__ == "__main__":
    client = Client()
    for address in ("/hello", "/shop/Products?$top=2&$select=Name,Price"):
        response = client.get(address)
        print(response.status_code, response.content.decode())
