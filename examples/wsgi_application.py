"""A database as OData within a WSGI application of your own, for any WSGI server.

Run it beside a sample database (demotic sample shop.db): python examples/wsgi_application.py
It answers one request in this process. To serve it: granian --interface wsgi --factory wsgi_application:application
"""

from wsgiref.util import setup_testing_defaults

from demotic.protocols.odata import ODataV4
from demotic.service import Limits, Service
from demotic.store.sql import open_store
from demotic.transports.wsgi import Mount, WsgiApplication


def application() -> WsgiApplication:
    """Return an application that publishes parts of the shop below /shop/, at most 100 entities in an answer."""
    store = open_store("shop.db", include=["Products", "Categories"])
    service = Service(store, "Shop", Limits(page_size=100))
    return WsgiApplication(Mount({"/shop/": ODataV4(service, "/shop/")}))


def main() -> None:
    """Ask the application as a server would."""
    environ: dict[str, object] = {"PATH_INFO": "/shop/Products", "QUERY_STRING": "$top=2&$select=Name,Price"}
    setup_testing_defaults(environ)
    body = application()(environ, lambda status, fields: print(status))
    print(b"".join(body).decode())


if __name__ == "__main__":
    main()
