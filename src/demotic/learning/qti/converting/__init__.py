"""Converting documents of QTI from one version to another, with a report of all that is not as it was."""

from demotic.learning.qti.converting._loss import Conversion, Loss, Losses, LossKind
from demotic.learning.qti.converting._versions import TARGETS, convert, valid_identifier

__all__ = ["TARGETS", "Conversion", "Loss", "LossKind", "Losses", "convert", "valid_identifier"]
