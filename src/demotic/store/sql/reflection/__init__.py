"""From a database's own catalogue to a model of it."""

__all__: list[str] = []
