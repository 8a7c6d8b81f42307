"""What lies where: which table and column stands behind each object of the model, and how columns keep values."""

__all__: list[str] = []
