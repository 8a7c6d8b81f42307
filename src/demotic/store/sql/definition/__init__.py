"""Tables from a model: how it is laid out, what makes and drops the tables, and tables that are there already."""

__all__: list[str] = []
