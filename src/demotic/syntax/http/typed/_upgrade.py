"""Offering another protocol (RFC 9110, section 7.8)."""

from __future__ import annotations

from demotic.syntax.http._products import ProductToken
from demotic.syntax.http.fields._fields import Fields
from demotic.syntax.http.typed._table import CONNECTION, UPGRADE

__all__ = ["offer_upgrade"]


def offer_upgrade(fields: Fields, *protocols: ProductToken) -> Fields:
    """Return fields that offer protocols, the best first, and say so in `Connection`; without any, that offer none."""
    options = fields.value(CONNECTION)
    options = options | {"upgrade"} if protocols else options - {"upgrade"}
    return fields.put(UPGRADE, protocols).put(CONNECTION, options)
