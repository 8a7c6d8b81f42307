"""Calling operations, in any version: what they are bound to, and what their results are read from."""

from demotic.protocols.odata.common.calls._invoke import Invoked, collection_at, ensure_method, invoke, over

__all__ = ["Invoked", "collection_at", "ensure_method", "invoke", "over"]
