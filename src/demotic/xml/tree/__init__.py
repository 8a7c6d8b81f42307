"""The tree: elements, the other nodes of a document, and ways to move about."""

from demotic.xml.tree._context import (
    ancestors,
    base_of,
    document_of,
    inherited,
    lang_of,
    nearest,
    parent_of,
    preserves_space,
    relative,
    resolve,
    scope_of,
)
from demotic.xml.tree._difference import difference
from demotic.xml.tree._ids import dangling, ids
from demotic.xml.tree._moving import move_namespaces
from demotic.xml.tree._nodes import (
    Branch,
    CData,
    Comment,
    Element,
    EntityReference,
    Node,
    ProcessingInstruction,
    rename_namespaces,
)
from demotic.xml.tree._search import attributes_of, canonical_content, content_of, find, name_of, text_of

__all__ = [
    "Branch",
    "CData",
    "Comment",
    "Element",
    "EntityReference",
    "Node",
    "ProcessingInstruction",
    "ancestors",
    "attributes_of",
    "base_of",
    "canonical_content",
    "content_of",
    "dangling",
    "difference",
    "document_of",
    "find",
    "ids",
    "inherited",
    "lang_of",
    "move_namespaces",
    "name_of",
    "nearest",
    "parent_of",
    "preserves_space",
    "relative",
    "rename_namespaces",
    "resolve",
    "scope_of",
    "text_of",
]
