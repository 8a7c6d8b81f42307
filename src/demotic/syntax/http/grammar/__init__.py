"""The grammar that HTTP fields share (RFC 9110, section 5.6), for these fields and for formats that borrow from them.

A reader of a grammar of one's own takes a `Scanner` and calls the `read_` functions here.
"""

from demotic.syntax.http.grammar._characters import (
    ALPHA,
    CHAR,
    CTL,
    DIGIT,
    HEXDIG,
    LOALPHA,
    OCTET,
    SEPARATORS,
    TCHAR,
    UPALPHA,
    is_digits,
    is_hex_digits,
)
from demotic.syntax.http.grammar._lists import (
    Parameters,
    format_list,
    format_parameters,
    read_list,
    read_parameters,
    read_tokens,
    read_whole,
)
from demotic.syntax.http.grammar._order import (
    SortsByKey,
)
from demotic.syntax.http.grammar._split import (
    Word,
    WordKind,
    split_words,
)
from demotic.syntax.http.grammar._words import (
    BLANKS,
    TOKEN,
    check_token,
    is_token,
    quote,
    read_comment,
    read_quoted,
    read_token,
    read_word,
    unquote,
    write_comment,
    write_word,
)

__all__ = [
    "ALPHA",
    "BLANKS",
    "CHAR",
    "CTL",
    "DIGIT",
    "HEXDIG",
    "LOALPHA",
    "OCTET",
    "SEPARATORS",
    "TCHAR",
    "TOKEN",
    "UPALPHA",
    "Parameters",
    "SortsByKey",
    "Word",
    "WordKind",
    "check_token",
    "format_list",
    "format_parameters",
    "is_digits",
    "is_hex_digits",
    "is_token",
    "quote",
    "read_comment",
    "read_list",
    "read_parameters",
    "read_quoted",
    "read_token",
    "read_tokens",
    "read_whole",
    "read_word",
    "split_words",
    "unquote",
    "write_comment",
    "write_word",
]
