"""The counters as Prometheus reads them, and those of many processes added up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from demotic.cache import Memory, cached
from demotic.cache.metrics import (
    CONTENT_TYPE,
    CacheCollector,
    Publisher,
    Report,
    metrics_asgi,
    metrics_text,
    metrics_wsgi,
    read_reports,
    total,
)

NAME = 'shop:"users"\\email\n'


@pytest.fixture
def users() -> Iterator[Any]:
    """A cached function with one miss and two hits."""

    @cached(60, backend=Memory(), name=NAME)
    def email(user: str) -> str:
        return f"{user}@example.com"

    for _ in range(3):
        email("bob")
    yield email


def values(text: str) -> dict[str, float]:
    """Return what a reader of the format finds for the function: the samples by their names."""
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.labels["function"] == NAME
    }


@pytest.mark.feature("F-METRICS-01")
def test_prometheus_reads_the_counters(users: Any) -> None:
    found = values(metrics_text())
    assert found["demotic_cache_hits_total"] == 2
    assert found["demotic_cache_misses_total"] == 1
    assert found["demotic_cache_stored_total"] == 1
    assert found["demotic_cache_saved_seconds_total"] == pytest.approx(users.counters.seconds_saved)
    assert len(found) == len(users.counters.as_dict())
    lines = metrics_text().splitlines()
    assert all(re.match(r"# HELP |# TYPE \w+ counter$|\w+\{", line) for line in lines)


@pytest.mark.feature("F-METRICS-02")
def test_the_collector_says_the_same(users: Any) -> None:
    registry = CollectorRegistry()
    registry.register(CacheCollector())
    assert values(generate_latest(registry).decode()) == values(metrics_text())


@pytest.mark.feature("F-METRICS-01")
def test_applications_serve_the_counters(users: Any) -> None:
    sent: list[Any] = []
    body = b"".join(metrics_wsgi({}, lambda *head: sent.extend(head)))
    assert sent == ["200 OK", [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(body)))]]
    assert values(body.decode()) == values(metrics_text())

    async def send(message: Any) -> None:
        sent.append(message)

    coroutine = metrics_asgi({}, None, send)
    with pytest.raises(StopIteration):
        coroutine.send(None)
    assert sent[-1]["body"] == body
    assert (b"content-type", CONTENT_TYPE.encode()) in sent[-2]["headers"]


@pytest.mark.feature("F-METRICS-03")
def test_processes_leave_their_counters_for_all_to_see(users: Any) -> None:
    memory = Memory()
    with Publisher(memory, every=3600) as publisher:
        assert publisher.publish() is True
        assert publisher.publish() is True
        (report,) = read_reports(memory)
        assert report.functions[NAME]["hits"] == 2
        users("bob")
        publisher.publish()
        assert read_reports(memory)[0].functions[NAME]["hits"] == 3
    assert read_reports(memory) == []


@pytest.mark.feature("F-METRICS-03")
def test_the_counters_of_processes_are_added_up(users: Any) -> None:
    memory = Memory()
    with Publisher(memory, every=3600) as one, Publisher(memory, every=3600) as other:
        assert one.publish()
        assert other.publish()
        memory.set("stats:0", b"no report")
        reports = read_reports(memory)
        assert len(reports) == 2
        found = next(each for each in total(reports) if each.function == NAME)
    assert (found.processes, found.counters["hits"], found.counters["misses"]) == (2, 4, 2)
    assert found.hit_ratio == pytest.approx(4 / 6)


@pytest.mark.feature("F-METRICS-03")
def test_a_report_of_another_release_is_read_as_far_as_it_goes() -> None:
    old = Report("host", 1, 0.0, {"shop:email": {"hits": 3, "unheard_of": 5}})
    (found,) = total([msgspec.msgpack.decode(msgspec.msgpack.encode(old), type=Report)])
    assert (found.counters["hits"], found.counters["misses"], "unheard_of" in found.counters) == (3, 0, False)
    assert total([Report("host", 1, 0.0, {"idle": {}})])[0].hit_ratio == 0.0
