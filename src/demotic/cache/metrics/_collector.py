"""The counters for programs that use prometheus_client: a collector for its registry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from demotic.cache._errors import WrongCacheUse
from demotic.cache.metrics._counted import counted
from demotic.cache.metrics._families import FAMILIES, LABEL, PREFIX

__all__ = ["CacheCollector"]


class CacheCollector:
    """Collects the counters of this process: `prometheus_client.REGISTRY.register(CacheCollector())`.

    Raises `WrongCacheUse` if prometheus_client is not installed.
    """

    def __init__(self) -> None:
        try:
            from prometheus_client.core import CounterMetricFamily
        except ImportError as error:
            hint = "install it, or serve metrics_text() instead, which needs nothing"
            raise WrongCacheUse("CacheCollector needs prometheus_client", hint=hint) from error
        self._family = CounterMetricFamily

    def collect(self) -> Iterator[Any]:
        """Yield the metrics."""
        functions = counted()
        for described in FAMILIES:
            family = self._family(PREFIX + described.name, described.help, labels=[LABEL])
            for function, counters in functions.items():
                family.add_metric([function], counters[described.counter])
            yield family
