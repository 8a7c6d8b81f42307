"""Users and their e-mail addresses, as Django views whose pages are kept until an address changes."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from demotic.cache import registry
from demotic.cache.web import cached_response
from demotic.cache.web.wsgi import compress, conditional

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="example", MIDDLEWARE=[])
django.setup()

EMAILS = {"bob": "bob@example.com", "ann": "ann@example.com"}


@cached_response(ttl=3600, tags=lambda request, user: [f"user:{user}"])
def show(request: HttpRequest, user: str) -> HttpResponse:
    """The page of a user."""
    print(f"rendering the page of {user}")
    return HttpResponse(f"{user}: {EMAILS[user]}")


def change(request: HttpRequest, user: str) -> HttpResponse:
    """A new address."""
    EMAILS[user] = request.POST["email"]
    registry.invalidate_tags(f"user:{user}")
    return HttpResponse("changed")


urlpatterns = [path("users/<user>", show), path("users/<user>/email", change)]

application = compress(conditional(get_wsgi_application()))  # what a WSGI server is given


def main() -> None:
    """Ask the views a few times."""
    browser = Client()
    for _ in range(2):
        print(browser.get("/users/bob").content.decode())
    browser.post("/users/bob/email", {"email": "bob@example.org"})
    print(browser.get("/users/bob").content.decode())


if __name__ == "__main__":
    main()
