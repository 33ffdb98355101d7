"""Who may command the station: one client at a time, for as long as it is heard from."""

import secrets

from ...runtime.errors import TeachloopError

LEASE_SILENCE_S = 1.0


class LeaseRefused(TeachloopError):
    """The command belongs to whoever holds the control lease."""


class Lease:
    """The control lease. Times are ns of the monotonic clock."""

    def __init__(self, silence_s: float = LEASE_SILENCE_S) -> None:
        self.client: str | None = None
        self._token = ""
        self._silence_ns = round(silence_s * 1e9)
        self._heard_ns = 0

    def acquire(
        self, client: str, now_ns: int, *, take_over: bool = False, token: str | None = None
    ) -> str:
        """The token of the new holder; raises LeaseRefused while someone else holds it.

        Whoever shows the present token may pass the controls on. A name is no proof: two servers
        name their windows alike.
        """
        if not (take_over or self.client is None or self.held_by(token)):
            raise LeaseRefused(f"{self.client} holds the controls. Ask to take over.")
        self.client, self._token, self._heard_ns = client, secrets.token_hex(8), now_ns
        return self._token

    def held_by(self, token: str | None) -> bool:
        """Whether this is the present holder's token."""
        return self.client is not None and token == self._token

    def check(self, token: str | None, now_ns: int) -> None:
        """The holder was heard; raises LeaseRefused for anybody else."""
        if self.client is None:
            raise LeaseRefused("Nobody holds the controls. Acquire them first.")
        if token != self._token:
            raise LeaseRefused(f"{self.client} holds the controls. Ask to take over.")
        self._heard_ns = now_ns

    def release(self) -> None:
        """Give the controls back."""
        self.client, self._token = None, ""

    def silent(self, now_ns: int) -> bool:
        """Whether a holder has not been heard from for too long."""
        return self.client is not None and now_ns - self._heard_ns >= self._silence_ns
