"""The values of the primitive datatypes: literal and value side by side, for each."""

__all__: list[str] = []
