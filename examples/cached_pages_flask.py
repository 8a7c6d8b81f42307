"""Users and their e-mail addresses, as a Flask application whose pages are kept until an address changes.

Every page is rendered once. A new address makes the page of its user anew, and no other. What goes out is compressed
for browsers that take it, and a browser that has a page already gets 304.
"""

from __future__ import annotations

import flask
from werkzeug.test import Client

from demotic.cache import registry
from demotic.cache.web import cached_response
from demotic.cache.web.wsgi import compress, conditional

EMAILS = {"bob": "bob@example.com", "ann": "ann@example.com"}

app = flask.Flask(__name__)


@app.get("/users/<user>")
@cached_response(ttl=3600, tags=lambda user: [f"user:{user}"], statuses=[200, 404])
def show(user: str) -> tuple[str, int]:
    """The page of a user, also of one that is not there: it is forgotten when he comes to be."""
    print(f"rendering the page of {user}")
    return (f"{user}: {EMAILS[user]}", 200) if user in EMAILS else (f"{user} is nobody", 404)


@app.post("/users/<user>")
def change(user: str) -> str:
    """A new address: all that was made of the old one is forgotten, in every process that shares the cache."""
    EMAILS[user] = flask.request.form["email"]
    registry.invalidate_tags(f"user:{user}")
    return "changed"


app.wsgi_app = compress(conditional(app.wsgi_app))  # type: ignore[method-assign]


def main() -> None:
    """Ask the application a few times."""
    browser = Client(app)
    for _ in range(2):
        print(browser.get("/users/bob").text)
    tag = browser.get("/users/bob").headers["ETag"]
    print("with the tag:", browser.get("/users/bob", headers={"If-None-Match": tag}).status)
    for _ in range(2):
        print(browser.get("/users/eve").text)
    browser.post("/users/eve", data={"email": "eve@example.com"})
    print(browser.get("/users/eve").text)


if __name__ == "__main__":
    main()
