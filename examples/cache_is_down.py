"""The cache server is down: everything works, slower, and the log says so once."""

from __future__ import annotations

import logging
import socket
import sys

from demotic.cache import cached, open_backend

logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(message)s")

with socket.socket() as unused:  # a port that nobody listens at
    unused.bind(("127.0.0.1", 0))
    port = unused.getsockname()[1]

backend = open_backend(f"memcached://127.0.0.1:{port}")


@cached(ttl=60, backend=backend)
def square(number: int) -> int:
    """Compute something."""
    return number * number


print([square(number) for number in (1, 2, 3, 1, 2, 3)])
print("invalidated:", square.invalidate(1))
print({name: count for name, count in square.counters.as_dict().items() if count})
backend.close()
