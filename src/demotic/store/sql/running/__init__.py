"""Running plans: what is bounded at once, the rest as a stream."""

__all__: list[str] = []
