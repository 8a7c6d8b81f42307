"""The response processing templates that the standard publishes, known without looking them up.

Specification: QTI 2.1, "Response Processing"; QTI 3.0 ASI information model, section 2.8, and its published templates.
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["TEMPLATES", "Template", "template_name"]


class Template(NamedTuple):
    """What a template needs: which mapping of the response, and whether the response holds points."""

    mapping: str = ""
    points: bool = False


TEMPLATES: Final[dict[str, Template]] = {
    "match_correct": Template(),
    "map_response": Template("mapping"),
    "map_response_point": Template("area_mapping", points=True),
    "CC2_match": Template(),
    "CC2_match_basic": Template(),
    "CC2_map_response": Template("mapping"),
}
"""The templates by the last part of their addresses."""


def template_name(address: str) -> str:
    """Return the name of a published template, by its address in any version; nothing for another one."""
    last = address.strip().rstrip("/").rpartition("/")[2].removesuffix(".xml")
    return last if "rptemplates" in address and last in TEMPLATES else ""
