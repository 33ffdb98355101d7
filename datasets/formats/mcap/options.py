"""How takes are to be exported as MCAP. Imports nothing heavy."""

from ..episodes.options import CommonOptions


class McapOptions(CommonOptions):
    """What the MCAP files of takes shall hold. They have no rate and no size of their own: all is
    as it was recorded."""
