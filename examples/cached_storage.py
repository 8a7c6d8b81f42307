"""Cache the storage: a user's e-mail is read once, replaced when it is set, and the program never sees a key."""

from __future__ import annotations

from demotic.cache import cached, registry


class Users:
    """A slow storage of e-mail addresses."""

    def __init__(self) -> None:
        self._emails = {"bob": "bob@example.com"}

    @cached(exclude_self=True)
    def email(self, name: str) -> str:
        """Return a user's address; a LookupError is not cached."""
        print(f"reading {name} from the storage")
        if name not in self._emails:
            raise LookupError(f"no user {name}")
        return self._emails[name]

    def set_email(self, name: str, address: str) -> None:
        """Change the storage, then what is cached of it, if it is."""
        self._emails[name] = address
        self.email.replace(address, name)


def main() -> None:
    """Read, read again, write, read."""
    users = Users()
    print(users.email("bob"))
    print(users.email("bob"))  # nothing is read
    users.set_email("bob", "bob@example.org")
    print(users.email("bob"))  # new, and still nothing is read
    users.set_email("ann", "ann@example.com")
    print("a call that nobody made has no key:", registry.key(Users.email, users, "ann"))
    print(users.email("ann"))
    assert (Users.email.counters.misses, Users.email.counters.hits) == (2, 2)


if __name__ == "__main__":
    main()
