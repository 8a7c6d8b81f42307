"""Elements that show something from elsewhere: images, objects, media, frames.

Specification: HTML 4.01, sections 13 and 16; HTML Standard, section 4.8.
"""

from __future__ import annotations

from demotic.xml import QName, attribute
from demotic.xml.html._names import XHTML
from demotic.xml.html.elements._base import HtmlElement, Inline, flag, length, link, multi_lengths

__all__ = [
    "Applet",
    "Audio",
    "Embed",
    "Frame",
    "Frameset",
    "Iframe",
    "Img",
    "Media",
    "Object",
    "Source",
    "Track",
    "Video",
]


class _Sized(HtmlElement):
    """What is shown in a box of its own."""

    width = attribute("width", type=length)
    height = attribute("height", type=length)
    align = attribute("align")


class Img(_Sized, Inline, name=QName(XHTML, "img")):
    src = attribute("src", type=link)
    alt = attribute("alt")
    longdesc = attribute("longdesc", type=link)
    usemap = attribute("usemap", type=link)
    ismap = attribute("ismap", type=flag, default=False)


class Object(_Sized, Inline, name=QName(XHTML, "object")):
    data = attribute("data", type=link)
    type = attribute("type")
    usemap = attribute("usemap", type=link)


class Iframe(_Sized, Inline, name=QName(XHTML, "iframe")):
    src = attribute("src", type=link)


class Embed(_Sized, Inline, name=QName(XHTML, "embed")):
    src = attribute("src", type=link)
    type = attribute("type")


class Applet(_Sized, Inline, name=QName(XHTML, "applet")):
    code = attribute("code")
    codebase = attribute("codebase", type=link)


class Media(_Sized, Inline):
    """Sound or film."""

    src = attribute("src", type=link)
    controls = attribute("controls", type=flag, default=False)
    autoplay = attribute("autoplay", type=flag, default=False)
    loop = attribute("loop", type=flag, default=False)
    muted = attribute("muted", type=flag, default=False)


class Audio(Media, name=QName(XHTML, "audio")):
    """Sound."""


class Video(Media, name=QName(XHTML, "video")):
    poster = attribute("poster", type=link)


class Source(HtmlElement, name=QName(XHTML, "source")):
    src = attribute("src", type=link)
    type = attribute("type")


class Track(HtmlElement, name=QName(XHTML, "track")):
    src = attribute("src", type=link)
    default = attribute("default", type=flag, default=False)


class Frameset(HtmlElement, name=QName(XHTML, "frameset")):
    rows = attribute("rows", type=multi_lengths)
    cols = attribute("cols", type=multi_lengths)


class Frame(HtmlElement, name=QName(XHTML, "frame")):
    src = attribute("src", type=link)
    noresize = attribute("noresize", type=flag, default=False)
