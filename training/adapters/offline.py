"""What a policy makes of recorded frames, without acting: is it worth a roll-out?"""

from ...runtime.json_file import StoredModel


class OfflineMetrics(StoredModel):
    """Each is None where the takes have nothing to measure it on."""

    retrieval: float | None = None
    """Of masked regions, the share for which the contrastive head prefers their own name to those
    of all other objects in the takes."""
    pointing: float | None = None
    """Of images that show what is asked for, the share in which it is said to be seen and the key
    point lies on its mask."""
    pointing_untold: float | None = None
    """The same of targets, where nothing is said: near one in the number of things that may be one,
    or it does not listen."""
    seen_in_dark: float | None = None
    """Of what is asked for, the share that is said to be seen in a black image: near none, or it
    does not look."""
    absence: float | None = None
    """Of images that do not show it, the share in which that is said."""
    iou: float | None = None
    """Soft intersection over union of attention and mask, the mean over images that show it."""
    action_error_mm: float | None = None
    """From where the next targets were to where they are predicted to be, the mean over the steps
    of a chunk that are carried out (open loop)."""
    still_error_mm: float | None = None
    """The same of a policy that stands still."""


class OfflineEvaluation(StoredModel):
    """Of the base and of the adapter, on the same ticks."""

    held_out: bool
    """Whether the takes were kept out of training; otherwise it learned from them."""
    takes: tuple[str, ...]
    """Ids of those that it was measured on."""
    ticks: int
    names: int
    """Of objects, among which the contrastive head chooses."""
    before: OfflineMetrics
    """Of the base alone."""
    after: OfflineMetrics
