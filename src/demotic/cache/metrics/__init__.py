"""Seeing what caches do: counters for Prometheus, and those of many processes added up."""

from demotic.cache.metrics._collector import CacheCollector
from demotic.cache.metrics._shared import Publisher, Report, Total, read_reports, total
from demotic.cache.metrics._text import CONTENT_TYPE, metrics_asgi, metrics_text, metrics_wsgi

__all__ = [
    "CONTENT_TYPE",
    "CacheCollector",
    "Publisher",
    "Report",
    "Total",
    "metrics_asgi",
    "metrics_text",
    "metrics_wsgi",
    "read_reports",
    "total",
]
