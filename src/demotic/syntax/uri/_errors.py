"""What can be wrong with a URI.

URIFault               400  anything below
├── InvalidURI         400  a text is no URI reference, or breaks a rule of its scheme; also a `SyntaxFault`
├── NoReference        400  no relative reference leads from here to there
└── NotAPath           400  a file URL that is no path of this kind of system, or a path without a file URL
"""

from __future__ import annotations

from demotic.errors import InvalidInput, SyntaxFault

__all__ = ["InvalidURI", "NoReference", "NotAPath", "URIFault"]


class URIFault(InvalidInput):
    """A URI cannot be used as it was asked."""

    code = "URIFault"


class InvalidURI(SyntaxFault, URIFault):
    """A text is no URI reference, or breaks a rule of its scheme."""

    code = "InvalidURI"


class NoReference(URIFault):
    """No relative reference leads from this base to that target: the base is more specific."""

    code = "NoReference"


class NotAPath(URIFault):
    """A file URL that is no path of this kind of system, or a path that no file URL stands for."""

    code = "NotAPath"
