"""Values: what is stored for a call, as bytes that come back as the same value or not at all."""

from demotic.cache.values._record import NOT_KEPT, Kind, Record, pack, take, unpack
from demotic.cache.values._same import immutable, same
from demotic.cache.values._serializers import ByReference, Json, Msgpack, Serializer, SignedPickle
from demotic.cache.values._tagged import dump_tagged, load_tagged

__all__ = [
    "NOT_KEPT",
    "ByReference",
    "Json",
    "Kind",
    "Msgpack",
    "Record",
    "Serializer",
    "SignedPickle",
    "dump_tagged",
    "immutable",
    "load_tagged",
    "pack",
    "same",
    "take",
    "unpack",
]
