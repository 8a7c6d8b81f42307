"""Hypothesis strategies for references of every shape."""

from __future__ import annotations

from hypothesis import strategies as st

_PIECES = ["a", "b", "B", "~", "%41", "%2f", "%2E", ":", "@", ";x=1", "!", "'", "1"]
_word = st.lists(st.sampled_from(_PIECES), max_size=3).map("".join)
_segment = st.one_of(_word, st.sampled_from(["", ".", "..", "c:d", "..."]))
_host = st.sampled_from(["", "h", "H.example", "192.0.2.1", "[::1]", "[2001:DB8::1%25eth0]", "[v7.x:y]", "%41", "a,b"])
_authority = st.builds(
    "{}{}{}".format, st.sampled_from(["", "@", "u@", "u:p@", ":@"]), _host, st.sampled_from(["", ":", ":80", ":8080"])
)
_query = st.one_of(st.none(), st.sampled_from(["", "q", "q=%20", "a/../b?", "x:y"]))
fragments = st.one_of(st.none(), st.sampled_from(["", "f", "/?f", "%C3%A9"]))


def _compose(scheme: str, authority: str | None, path: list[str], rooted: bool, query: str | None) -> str:
    text = "/".join(path)
    if authority is not None:
        text = f"//{authority}/{text}" if path else f"//{authority}"
    elif rooted:
        text = "/" + text.lstrip("/")
    else:
        text = text.lstrip("/")
        if not scheme and ":" in text.partition("/")[0]:
            text = f"./{text}"
    return scheme + text + ("" if query is None else f"?{query}")


def references(schemes: list[str]) -> st.SearchStrategy[str]:
    """Texts of references, without fragment; an empty scheme stands for relative ones."""
    return st.builds(
        _compose,
        st.sampled_from(schemes),
        st.one_of(st.none(), _authority),
        st.lists(_segment, max_size=5),
        st.booleans(),
        _query,
    )
