"""Calling functions and actions."""

from demotic.protocols.odata.v4.calls._actions import ActionCall, address
from demotic.protocols.odata.v4.calls._answers import Answering
from demotic.protocols.odata.v4.calls._functions import CallFunction

__all__ = ["ActionCall", "Answering", "CallFunction", "address"]
