"""ASGI 3.0: any handler as an application for any ASGI server, or mounted in one of Starlette, Django and others."""

from demotic.transports.asgi._application import AsgiApplication

__all__ = ["AsgiApplication"]
