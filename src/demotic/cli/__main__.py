"""`python -m demotic.cli` is `demotic`."""

import sys

from demotic.cli import main

if __name__ == "__main__":
    sys.exit(main())
