"""A database as OData beside a Flask application. Run it beside a sample database (demotic sample shop.db)."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store.sql import open_store
from demotic.transports.wsgi import WsgiApplication


def application() -> Flask:
    """Return an application with a page of its own, and the shop below /shop/. The service knows its whole path."""
    app = Flask(__name__)

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    shop = WsgiApplication(ODataV4(Service(open_store("shop.db"), "Shop"), "/shop/"))
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/shop": shop})  # type: ignore[method-assign]
    return app


if __name__ == "__main__":
    client = Client(application())
    for address in ("/hello", "/shop/Products?$top=2&$select=Name,Price"):
        response = client.get(address)
        print(response.status, response.get_data(as_text=True))
