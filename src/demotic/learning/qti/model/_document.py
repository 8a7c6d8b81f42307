"""A document of QTI: its root, and what it was when it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from demotic.errors import InvalidInput
from demotic.learning.qti.model._items import AssessmentItem, AssessmentStimulus
from demotic.learning.qti.model._node import Node, Problem
from demotic.learning.qti.model._tests import AssessmentSection, AssessmentTest
from demotic.learning.qti.model._version import Version, namespace_of

__all__ = ["QtiDocument"]

N = TypeVar("N", bound=Node)


class QtiDocument:
    """A document: an item, a test, a section, a stimulus, or rules.

    `version` is the one that it was written in, `namespace` that of its elements as they stood, `base` its address.
    `namespaces` maps the prefixes of the root. `before` and `after` are comments and processing instructions around the
    root. `problems` is what was wrong with the document but did not keep it from being read.
    """

    __slots__ = ("after", "base", "before", "namespace", "namespaces", "problems", "root", "version")

    def __init__(
        self,
        root: Node,
        version: Version = Version.V3_0,
        *,
        namespace: str | None = None,
        base: str | None = None,
        namespaces: Mapping[str, str] | None = None,
        before: Iterable[object] = (),
        after: Iterable[object] = (),
        problems: Iterable[Problem] = (),
    ) -> None:
        self.root = root
        self.version = version
        self.namespace = namespace_of(version) if namespace is None else namespace
        self.base = base
        self.namespaces = dict(namespaces or {})
        self.before, self.after = list(before), list(after)
        self.problems = list(problems)

    def __repr__(self) -> str:
        return f"<QtiDocument {self.root!r} in {self.version}>"

    @property
    def item(self) -> AssessmentItem:
        """The item. Raises `InvalidInput` where the document is none."""
        return self._root_as(AssessmentItem, "an item")

    @property
    def test(self) -> AssessmentTest:
        """The test. Raises `InvalidInput` where the document is none."""
        return self._root_as(AssessmentTest, "a test")

    @property
    def section(self) -> AssessmentSection:
        """The section. Raises `InvalidInput` where the document is none."""
        return self._root_as(AssessmentSection, "a section")

    @property
    def stimulus(self) -> AssessmentStimulus:
        """The stimulus. Raises `InvalidInput` where the document is none."""
        return self._root_as(AssessmentStimulus, "a stimulus")

    def _root_as(self, kind: type[N], what: str) -> N:
        if not isinstance(self.root, kind):
            raise InvalidInput(
                f"{self.base or 'the document'} is {self.root.tag or 'something else'}, not {what}",
                target=self.base,
                hint=f"the root must be {kind.tag} (2.x: {kind.old})",
            )
        return self.root
