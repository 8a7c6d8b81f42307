"""The benchmarks are programs, not a package: their modules are found as they are when `benchmarks/run.py` runs."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
