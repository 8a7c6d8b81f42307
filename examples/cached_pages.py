"""Cache the response: a rendered page is kept until the data behind it changes, the not-found page too."""

from __future__ import annotations

from demotic.cache import cached, registry

EMAILS = {"bob": "bob@example.com"}


@cached(ttl=3600, tags=lambda name: [f"user:{name}"])
def page(name: str) -> tuple[int, str]:
    """Render a user's page: status and body. The page of an unknown user is a value like any other."""
    print(f"rendering the page of {name}")
    if name not in EMAILS:
        return 404, f"<p>There is no {name}.</p>"
    return 200, f"<p>{name}: {EMAILS[name]}</p>"


def post(name: str, address: str) -> None:
    """Change the data, and forget every page that shows it."""
    EMAILS[name] = address
    registry.invalidate_tags(f"user:{name}")


def main() -> None:
    """Get, get again, post, get."""
    for name in ("bob", "ann"):
        print(page(name))
        print(page(name))  # nothing is rendered
        post(name, f"{name}@example.org")
        print(page(name))  # rendered anew
    assert page("ann")[0] == 200 and page.counters.misses == 4


if __name__ == "__main__":
    main()
