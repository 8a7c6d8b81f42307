"""How messages travel. A transport takes a handler and knows no protocol."""

__all__: list[str] = []
