"""Changing rows: transactions that write, statements, what constraints say, the writer of a unit of work."""

__all__: list[str] = []
