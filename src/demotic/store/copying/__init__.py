"""Copying entities from one store to another, in order of what they depend on, so that it can be resumed."""

from demotic.store.copying._copy import Copied, Progress, copy
from demotic.store.copying._plan import CannotCopy, CopyPlan, plan_copy

__all__ = ["CannotCopy", "Copied", "CopyPlan", "Progress", "copy", "plan_copy"]
