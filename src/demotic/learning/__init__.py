"""Learning standards: metadata (`lom`), content packages (`cp`), and what checks say of them (`findings`).

Each standard is a package of its own; this one offers nothing itself.
"""

__all__: list[str] = []
