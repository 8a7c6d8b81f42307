"""PostgreSQL from version 14 on, over psycopg 3. PostgreSQL 15 documentation, chapters 8 (types) and 9 (functions)."""

__all__: list[str] = []
