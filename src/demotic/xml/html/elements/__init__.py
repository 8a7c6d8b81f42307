"""The elements of HTML as classes, with typed attributes; other vocabularies declare them as their content."""

from demotic.xml.html.elements._base import Block, Flow, HtmlElement, Inline, element_class
from demotic.xml.html.elements._classes import CLASSES
from demotic.xml.html.elements._embedded import Frameset, Img, Media, Object
from demotic.xml.html.elements._forms import Form, Input
from demotic.xml.html.elements._tables import Col, Table, Td
from demotic.xml.html.elements._text import A, Area, Li, Ol
from demotic.xml.html.elements._typed import typed

__all__ = [
    "CLASSES",
    "A",
    "Area",
    "Block",
    "Col",
    "Flow",
    "Form",
    "Frameset",
    "HtmlElement",
    "Img",
    "Inline",
    "Input",
    "Li",
    "Media",
    "Object",
    "Ol",
    "Table",
    "Td",
    "element_class",
    "typed",
]
