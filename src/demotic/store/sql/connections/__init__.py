"""Connections to databases: their addresses, one to a thread or borrowed, files that are replaced under them."""

__all__: list[str] = []
