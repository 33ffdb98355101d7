"""What is made for a base is made and kept in blocks, each by one process."""


def blocks(count: int, size: int) -> list[range]:
    """Numbers 0 … ``count`` - 1 in blocks of ``size``, the last of them of what is left."""
    return [range(first, min(first + size, count)) for first in range(0, count, size)]


def block_name(block: range) -> str:
    """By its first number and its length, so that one of another length is another block."""
    return f"{block.start:06d}-{len(block)}"
