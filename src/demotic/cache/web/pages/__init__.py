"""Kept pages: what they are known by, which responses are kept, and what each client gets of them."""

from demotic.cache.web.pages._answer import answer, page_of
from demotic.cache.web.pages._page import Page, Unkept
from demotic.cache.web.pages._pages import AsyncPages, Keeping, PageOptions, Pages
from demotic.cache.web.pages._passed import Passed
from demotic.cache.web.pages._request import PageRequest
from demotic.cache.web.pages._rules import TOO_LONG, Asking, Rules, changes, path_tag

__all__ = [
    "TOO_LONG",
    "Asking",
    "AsyncPages",
    "Keeping",
    "Page",
    "PageOptions",
    "PageRequest",
    "Pages",
    "Passed",
    "Rules",
    "Unkept",
    "answer",
    "changes",
    "page_of",
    "path_tag",
]
