"""Sizes as people read them."""

KB = 1000.0


def in_words(size: int) -> str:
    """Bytes with a unit and two or three digits: 41 kB, 375 MB, 2.56 GB."""
    number, units = float(size), iter(("bytes", "kB", "MB", "GB"))
    unit = next(units)
    while number >= KB and (larger := next(units, None)):
        number, unit = number / KB, larger
    return f"{number:.2f} {unit}" if unit == "GB" else f"{number:.0f} {unit}"
