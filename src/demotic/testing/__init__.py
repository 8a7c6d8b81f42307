"""The conformance suites that every store, cache back end, queue and protocol passes; they need pytest."""

__all__: list[str] = []
