"""The pages beside the service: the start page at `/`, the icon that browsers ask for, and the health check.

Plain HTML without scripts or outside resources; everything that comes from the model or the request is escaped.
"""

from __future__ import annotations

from html import escape

from demotic import __version__
from demotic.cli._samples import sample_query
from demotic.model import EntitySet, Model
from demotic.service import Service
from demotic.syntax.http import Handler, Request, Response

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_READING = ("GET", "HEAD")

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }}
table {{ border-collapse: collapse; }}
th, td {{ border-bottom: 1px solid #8885; padding: .25rem 1.5rem .25rem 0; text-align: left; vertical-align: top; }}
code, pre {{ font-family: ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }}
:root {{ color-scheme: light dark; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>An OData service (versions 4.0 and 4.01). Its address:</p>
<pre>{root}</pre>
<ul>
<li><a href="{path}">Service document</a>: what there is</li>
<li>Metadata: what it looks like, as <a href="{path}$metadata?$format=xml">XML</a>
or <a href="{path}$metadata?$format=json">JSON</a></li>
</ul>
<h2>Entity sets</h2>
<table>
<thead><tr><th>Set</th><th>Key</th><th>A first look</th></tr></thead>
<tbody>
{sets}
</tbody>
</table>
<h2>Connect</h2>
<dl>
<dt>Excel</dt>
<dd>Data, Get Data, From Other Sources, From OData Feed; paste the address above.</dd>
<dt>Power BI</dt>
<dd>Get data, OData feed; paste the address above.</dd>
<dt>curl</dt>
<dd><pre>{curl}</pre></dd>
</dl>
<p><small>Demotic {version}</small></p>
</body>
</html>
"""


def start_page(service: Service, *, path: str = "odata/v4/", public_url: str | None = None) -> Handler:
    """Return a handler for the start page of a service at ``path``, relative to the page.

    ``public_url`` is the page's own URL as clients see it, where that is not what they send as Host.
    """

    def handler(request: Request) -> Response:
        url = public_url or f"{request.scheme}://{request.host}/"
        return _answer(request, "text/html; charset=utf-8", _html(service, path, url + path).encode())

    return handler


def _html(service: Service, path: str, root: str) -> str:
    sets = _published(service.model)
    sample = sample_query(sets[0]) if sets else ""
    return _PAGE.format(
        title=escape(service.title),
        path=escape(path),
        root=escape(root),
        sets="\n".join(_set_row(item, path) for item in sets),
        curl=escape(f"curl '{root}{sample}'"),
        version=escape(__version__),
    )


def _published(model: Model) -> list[EntitySet]:
    container = model.container
    return [item for item in container.sets.values() if item.in_service_document] if container is not None else []


def _set_row(item: EntitySet, path: str) -> str:
    query = sample_query(item)
    link = escape(path + query)
    whole = escape(path + query.partition("?")[0])
    key = escape(", ".join(part.name for part in item.type.key))
    cells = f'<a href="{whole}">{escape(item.name)}</a>', key, f'<a href="{link}"><code>{escape(query)}</code></a>'
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def health_check(request: Request) -> Response:
    """Answer that the server is up; it asks nothing of the store, so a busy database is not taken for a dead server."""
    return _answer(request, "text/plain; charset=utf-8", b"ok\n")


def no_icon(request: Request) -> Response:
    """Answer that there is no icon, so that browsers stop asking."""
    refusal = _refusal(request)
    return refusal or Response(204, [("cache-control", "max-age=86400")])


def elsewhere(root: str) -> Handler:
    """Return a handler for addresses at which there is nothing: it tells where the service is."""
    body = f"Nothing is published at this address. The service is at {root}\n".encode()
    fields = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body)))]

    def handler(request: Request) -> Response:
        return _refusal(request) or Response(404, [*fields], b"" if request.method == "HEAD" else body)

    return handler


def _answer(request: Request, content_type: str, body: bytes) -> Response:
    fields = [
        ("content-type", content_type),
        ("content-length", str(len(body))),
        ("cache-control", "no-cache"),
        ("content-security-policy", _POLICY),
        ("x-content-type-options", "nosniff"),
    ]
    return _refusal(request) or Response(200, fields, b"" if request.method == "HEAD" else body)


def _refusal(request: Request) -> Response | None:
    if request.method in _READING:
        return None
    body = f"{request.method} is not offered here.\n".encode()
    fields = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body)))]
    return Response(405, [*fields, ("allow", ", ".join(_READING))], body)
