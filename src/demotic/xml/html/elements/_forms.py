"""Forms and their controls.

Specification: HTML 4.01, section 17.
"""

from __future__ import annotations

from demotic.xml import QName, attribute, integer
from demotic.xml.html._names import XHTML
from demotic.xml.html.elements._base import Block, HtmlElement, Inline, flag, link

__all__ = ["Button", "Form", "Input", "Option", "Select", "Textarea"]


class Form(Block, name=QName(XHTML, "form")):
    action = attribute("action", type=link)
    method = attribute("method")


class _Control(Inline):
    """What a form sends."""

    name = attribute("name")
    disabled = attribute("disabled", type=flag, default=False)


class Input(_Control, name=QName(XHTML, "input")):
    type = attribute("type", default="text")
    value = attribute("value")
    checked = attribute("checked", type=flag, default=False)
    readonly = attribute("readonly", type=flag, default=False)
    size = attribute("size", type=integer)
    maxlength = attribute("maxlength", type=integer)
    src = attribute("src", type=link)


class Button(_Control, name=QName(XHTML, "button")):
    type = attribute("type", default="submit")
    value = attribute("value")


class Select(_Control, name=QName(XHTML, "select")):
    size = attribute("size", type=integer)
    multiple = attribute("multiple", type=flag, default=False)


class Textarea(_Control, name=QName(XHTML, "textarea")):
    rows = attribute("rows", type=integer)
    cols = attribute("cols", type=integer)
    readonly = attribute("readonly", type=flag, default=False)


class Option(HtmlElement, name=QName(XHTML, "option")):
    value = attribute("value")
    selected = attribute("selected", type=flag, default=False)
    disabled = attribute("disabled", type=flag, default=False)
