"""Fields of frozen dataclasses."""


def settled(record: object, **values: object) -> None:
    """Give fields of a frozen dataclass the values that they are converted to, in its `__post_init__`."""
    for name, value in values.items():
        object.__setattr__(record, name, value)
