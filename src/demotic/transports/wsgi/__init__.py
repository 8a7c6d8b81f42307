"""WSGI (PEP 3333): any handler as an application for any WSGI server."""

from demotic.transports.wsgi._access import AccessLog
from demotic.transports.wsgi._application import WsgiApplication
from demotic.transports.wsgi._mount import Mount

__all__ = ["AccessLog", "Mount", "WsgiApplication"]
