"""From resolved queries to SQL text with slots."""

__all__: list[str] = []
