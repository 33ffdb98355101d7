"""Which episodes a data set keeps for validation."""

EVERY = 10  # of so many takes, one


def held_out(count: int) -> list[int]:
    """Numbers of those of so many, whole takes, since the ticks of one are too much alike: every
    tenth, or the last of fewer; none where there is but one."""
    numbers = list(range(count))
    return numbers[EVERY - 1 :: EVERY] or numbers[1:][-1:]
