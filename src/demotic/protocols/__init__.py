"""How a service is said: each protocol turns bytes into a request on the service, and the result into bytes. No I/O."""

__all__: list[str] = []
