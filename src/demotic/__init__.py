"""Demotic: describe your data once; keep it anywhere; speak it in every protocol that people's tools already read.

This package loads nothing by itself; import the room you need (`demotic.model`, `demotic.query`, `demotic.store`, ...).
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
