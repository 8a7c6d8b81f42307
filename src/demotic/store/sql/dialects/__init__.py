"""One module (or folder) per database: all that differs from one to the next."""

__all__: list[str] = []
