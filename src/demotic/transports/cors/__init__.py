"""Cross-Origin Resource Sharing: whose pages in browsers may read what a handler answers."""

from demotic.transports.cors._cors import Cors

__all__ = ["Cors"]
