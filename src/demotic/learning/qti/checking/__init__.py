"""Checking documents of QTI: everything that can be told before an item or test is used."""

from demotic.learning.qti.checking._banks import Bank, Checked, FolderBank, PackageBank, check_bank, open_bank
from demotic.learning.qti.checking._file_base import mend_file_bases
from demotic.learning.qti.checking._front import check, check_data
from demotic.learning.qti.checking._links import Link, Summary, link_findings, local_path, summarize
from demotic.learning.qti.checking._rules import RULES
from demotic.learning.qti.checking._tests import EXITS, branch_targets

__all__ = [
    "EXITS",
    "RULES",
    "Bank",
    "Checked",
    "FolderBank",
    "Link",
    "PackageBank",
    "Summary",
    "branch_targets",
    "check",
    "check_bank",
    "check_data",
    "link_findings",
    "local_path",
    "mend_file_bases",
    "open_bank",
    "summarize",
]
