"""What is published: entity sets over a store, and the limits under which they are offered.

Protocols speak to a service only; the types in which a store gives its answers are passed on here.
"""

from demotic.service._service import Limits, Service
from demotic.store import Form, Plan, Representation, Result, Row, RowFactory

__all__ = ["Form", "Limits", "Plan", "Representation", "Result", "Row", "RowFactory", "Service"]
