"""What several tests of QTI need: the published schemas, compiled once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from tests.learning.qti.schemas import FILES

from demotic.learning.qti import Version
from demotic.xml.validation import Schema


@pytest.fixture(scope="session")
def schema_of(shared_data: Path) -> Callable[[Version], Schema]:
    """Return the schema of a version; that of 3.0 takes two seconds to compile, so it is done once."""
    return cache(lambda version: Schema(shared_data / "learning" / "xsd" / FILES[str(version)]))
