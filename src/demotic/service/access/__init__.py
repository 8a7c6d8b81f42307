"""Access rules: who may do what with which entities, and which properties are hidden, held in every statement."""

from demotic.service.access._claims import MOST_CLAIMS
from demotic.service.access._control import AccessControl
from demotic.service.access._file import read_rules, rules_of
from demotic.service.access._guard import Guard, Speaker
from demotic.service.access._rules import OPERATIONS, AccessRules, Grant, Hide, RulesFault, SetRules
from demotic.service.access._writer import NotGranted, OutOfBounds

__all__ = [
    "MOST_CLAIMS",
    "OPERATIONS",
    "AccessControl",
    "AccessRules",
    "Grant",
    "Guard",
    "Hide",
    "NotGranted",
    "OutOfBounds",
    "RulesFault",
    "SetRules",
    "Speaker",
    "read_rules",
    "rules_of",
]
