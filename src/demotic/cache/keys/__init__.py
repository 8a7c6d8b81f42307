"""Keys: what a function is called, what its arguments are as bytes, and the hash of both."""

from demotic.cache.keys._encode import encode, encode_state, module_name, type_name
from demotic.cache.keys._identity import identify
from demotic.cache.keys._keys import Keys, make_keys, scope_key

__all__ = ["Keys", "encode", "encode_state", "identify", "make_keys", "module_name", "scope_key", "type_name"]
