"""Who is asking: identities, and the authenticators that find them out by HTTP Basic and by signed tokens."""

from demotic.service.identity._authenticators import Authenticator, identify, unauthenticated
from demotic.service.identity._basic import Basic
from demotic.service.identity._bearer import Bearer, TokenRules
from demotic.service.identity._identity import ANONYMOUS, Identity, act_as, act_as_before, acting, acting_as
from demotic.service.identity._keys import KeysFault, TokenKey, read_keys
from demotic.service.identity._passwords import PasswordHash, hash_password, read_hash
from demotic.service.identity._users import User, Users, UsersFault, check_name, read_users, write_users

__all__ = [
    "ANONYMOUS",
    "Authenticator",
    "Basic",
    "Bearer",
    "Identity",
    "KeysFault",
    "PasswordHash",
    "TokenKey",
    "TokenRules",
    "User",
    "Users",
    "UsersFault",
    "act_as",
    "act_as_before",
    "acting",
    "acting_as",
    "check_name",
    "hash_password",
    "identify",
    "read_hash",
    "read_keys",
    "read_users",
    "unauthenticated",
    "write_users",
]
