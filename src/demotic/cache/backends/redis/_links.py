"""The connections to Redis, for threads and for tasks: redis-py's, without its own retries."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from typing import Any

import redis
import redis.asyncio
import redis.asyncio.cluster
import redis.asyncio.retry
import redis.backoff
import redis.cluster
import redis.retry

from demotic.cache.backends.redis._verbs import Command, Exchange, Verbs, repeatable
from demotic.cache.backends.shared import Breaker

ERRORS: tuple[type[Exception], ...] = (redis.RedisError, OSError)
_LOST = (redis.ConnectionError, ConnectionError)
_MOST_CONNECTIONS = 64
_SCANNED = 1000


def _options(timeout: float) -> dict[str, Any]:
    return {"socket_timeout": timeout, "socket_connect_timeout": timeout, "health_check_interval": 0}


class ThreadLink:
    """The verbs, driven in threads."""

    def __init__(self, verbs: Verbs, address: str, breaker: Breaker, timeout: float, *, cluster: bool) -> None:
        self._verbs = verbs
        self._breaker = breaker
        self._address = address
        never = redis.retry.Retry(redis.backoff.NoBackoff(), 0)
        self._client: Any
        if cluster:
            # The cluster's map is read when a client is made, so it is made at the first use.
            make: Any = redis.cluster.RedisCluster.from_url
            self._make = lambda: make(address, **_options(timeout))
            self._client = None
        else:
            self._client = redis.Redis.from_url(address, retry=never, **_options(timeout))
        self._pool: Any = None if cluster else self._client.connection_pool

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        written = getattr(self._verbs, verb)

        def driven(*args: Any) -> Any:
            exchange: Exchange[Any] = written(*args)
            try:
                command = next(exchange)
                while True:
                    command = exchange.send(self._send(command))
            except StopIteration as stop:
                return stop.value

        setattr(self, verb, driven)
        return driven

    def _connected(self) -> Any:
        if self._client is None:
            self._client = self._make()  # type: ignore[no-untyped-call]
        return self._client

    def _send(self, command: Command) -> Any:
        with self._breaker:
            client = self._connected()
            try:
                return client.execute_command(*command)
            except redis.TimeoutError:
                raise
            except _LOST:
                if not repeatable(command):
                    raise
                return client.execute_command(*command)

    def glance(self, home: int, key: str, beside: str) -> tuple[bytes | None, bytes | None]:
        """Read two keys, over a connection of the pool without the layers above it."""
        if self._pool is None:
            found: tuple[bytes | None, bytes | None] = self.read(home, key, beside)
            return found
        with self._breaker:
            try:
                return self._glance_once(key, beside)
            except redis.TimeoutError:
                raise
            except _LOST:
                return self._glance_once(key, beside)

    def _glance_once(self, key: str, beside: str) -> tuple[bytes | None, bytes | None]:
        connection = self._pool.get_connection()
        try:
            connection.send_packed_command([mget(key, beside)])
            value, other = connection.read_response()
            return value, other
        except BaseException:  # of a reply that was not read to its end, nobody must get the rest
            connection.disconnect()
            raise
        finally:
            self._pool.release(connection)

    def flush(self) -> bool:
        """Forget all keys of the namespace, and no others."""
        pattern = self._verbs.pattern
        with self._breaker:
            client, found = self._connected(), []
            for key in client.scan_iter(match=pattern, count=_SCANNED):
                found.append(key)
            for key in found:
                client.unlink(key)
        return True

    def ping(self) -> dict[str, bool]:
        """Return whether Redis answers."""
        with self._breaker:
            return {self._breaker.server: bool(self._connected().ping())}

    def stats(self) -> dict[str, dict[str, object]]:
        """Return what Redis says of itself."""
        with self._breaker:
            return {self._breaker.server: dict(self._connected().info())}

    def close(self) -> None:
        """Close all connections."""
        if self._client is None:
            return
        if self._pool is None:  # the client of a cluster leaves the sockets of its nodes to the garbage collector
            manager = self._client.nodes_manager
            for node in [*manager.nodes_cache.values(), *manager.startup_nodes.values()]:
                if node.redis_connection is not None:
                    node.redis_connection.connection_pool.disconnect()
        self._client.close()


class TaskLink:
    """The verbs, driven in tasks; each event loop has connections of its own."""

    def __init__(self, verbs: Verbs, address: str, breaker: Breaker, timeout: float, *, cluster: bool) -> None:
        self._verbs = verbs
        self._breaker = breaker
        self._address = address
        self._timeout = timeout
        self._cluster = cluster
        self._clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = weakref.WeakKeyDictionary()

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        written = getattr(self._verbs, verb)

        async def driven(*args: Any) -> Any:
            exchange: Exchange[Any] = written(*args)
            try:
                command = next(exchange)
                while True:
                    command = exchange.send(await self._send(command))
            except StopIteration as stop:
                return stop.value

        setattr(self, verb, driven)
        return driven

    def _connected(self) -> Any:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            client = self._clients[loop] = self._make()
        return client

    def _make(self) -> Any:
        if self._cluster:
            return redis.asyncio.cluster.RedisCluster.from_url(self._address, **_options(self._timeout))
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            self._address,
            max_connections=_MOST_CONNECTIONS,
            timeout=self._timeout,
            retry=redis.asyncio.retry.Retry(redis.backoff.NoBackoff(), 0),
            **_options(self._timeout),
        )
        return redis.asyncio.Redis.from_pool(pool)

    async def _send(self, command: Command) -> Any:
        with self._breaker:
            client = self._connected()
            try:
                return await client.execute_command(*command)
            except redis.TimeoutError:
                raise
            except _LOST:
                if not repeatable(command):
                    raise
                return await client.execute_command(*command)

    async def glance(self, home: int, key: str, beside: str) -> tuple[bytes | None, bytes | None]:
        """Read two keys, over a connection of the pool without the layers above it."""
        if self._cluster:
            found: tuple[bytes | None, bytes | None] = await self.read(home, key, beside)
            return found
        with self._breaker:
            pool = self._connected().connection_pool
            try:
                return await _glance_once(pool, key, beside)
            except redis.TimeoutError:
                raise
            except _LOST:
                return await _glance_once(pool, key, beside)

    async def flush(self) -> bool:
        """Forget all keys of the namespace, and no others."""
        pattern = self._verbs.pattern
        with self._breaker:
            client = self._connected()
            found = [key async for key in client.scan_iter(match=pattern, count=_SCANNED)]
            for key in found:
                await client.unlink(key)
        return True

    async def ping(self) -> dict[str, bool]:
        """Return whether Redis answers."""
        with self._breaker:
            return {self._breaker.server: bool(await self._connected().ping())}

    async def stats(self) -> dict[str, dict[str, object]]:
        """Return what Redis says of itself."""
        with self._breaker:
            return {self._breaker.server: dict(await self._connected().info())}

    async def close(self) -> None:
        """Close the connections of this event loop."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()


async def _glance_once(pool: Any, key: str, beside: str) -> tuple[bytes | None, bytes | None]:
    connection = await pool.get_connection()
    try:
        await connection.send_packed_command([mget(key, beside)])
        value, other = await connection.read_response()
        return value, other
    except BaseException:  # of a reply that was not read to its end, nobody must get the rest
        await connection.disconnect(nowait=True)
        raise
    finally:
        await pool.release(connection)


def mget(key: str, beside: str) -> bytes:
    """Return the command that reads two keys (Redis serialization protocol, "Arrays"); keys are ASCII here."""
    return f"*3\r\n$4\r\nMGET\r\n${len(key)}\r\n{key}\r\n${len(beside)}\r\n{beside}\r\n".encode("ascii")
