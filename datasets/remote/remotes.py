"""Which kind of remote folder is behind a URL."""

from .remote_folder import RemoteFolder

HUB, BUCKETS = "hf://", "hf://buckets/"  # a bucket has no commits


def remote_folder(url: str) -> RemoteFolder:
    """Raises CannotReach."""
    if url.startswith(HUB) and not url.startswith(BUCKETS):
        from .hub_folder import HubFolder

        return HubFolder(url)
    return RemoteFolder(url)
