"""Foreign HTML made safe to show: policies as data, what they leave, and what they took out."""

from demotic.xml.html.safe._policies import FEED, LEARNING, LINE
from demotic.xml.html.safe._policy import NEVER, Policy
from demotic.xml.html.safe._report import Removal
from demotic.xml.html.safe._sanitize import Sanitized, sanitize

__all__ = ["FEED", "LEARNING", "LINE", "NEVER", "Policy", "Removal", "Sanitized", "sanitize"]
