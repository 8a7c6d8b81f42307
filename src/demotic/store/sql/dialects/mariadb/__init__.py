"""MariaDB from version 10.6 on, and MySQL from 8.0 on, over mysqlclient.

MariaDB 10.11 documentation: data types, functions, `information_schema`.
"""

__all__: list[str] = []
