"""The command line: `demotic serve | inspect | query | sample | cache | cp`.

Here belong the reading of arguments, messages for people, and putting the other rooms together. What a command does
with data or requests, those rooms do. Each command imports the rooms it needs when it runs, so that `--help` is quick.
"""

from demotic.cli._main import main

__all__ = ["main"]
