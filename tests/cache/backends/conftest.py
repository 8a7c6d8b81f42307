"""The backends that the suites run over; each begins empty."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demotic.cache import Backend, Memory
from demotic.cache.backends.memcached import Memcached
from demotic.cache.backends.redis import Redis

sys.path.append(str(Path(__file__).parent))

from cache_servers import Server, memcached, redis, running


@pytest.fixture(scope="session")
def memcached_servers() -> Iterator[list[Server]]:
    """Two memcached servers."""
    with running(memcached, memcached) as servers:
        yield servers


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    """A Redis server."""
    with running(redis) as (server,):
        yield server


@pytest.fixture
def memcached_backend(memcached_servers: list[Server]) -> Iterator[Memcached]:
    """A cache on two memcached servers."""
    with Memcached([server.address for server in memcached_servers], timeout=30) as backend:
        backend.flush()
        yield backend


@pytest.fixture
def redis_backend(redis_server: Server) -> Iterator[Redis]:
    """A cache on Redis."""
    with Redis(f"redis://{redis_server.address}/1", namespace="tests", timeout=30) as backend:
        backend.flush()
        yield backend


@pytest.fixture
def memory_backend() -> Iterator[Backend]:
    """A cache in memory."""
    yield Memory()
