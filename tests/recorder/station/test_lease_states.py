"""However clients come, go, fall silent and take over: one token commands, the newest."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from teachloop.recorder.station.lease import LEASE_SILENCE_S, Lease, LeaseRefused

CLIENTS = st.sampled_from(["left", "right", "policy"])
SILENCE_NS = round(LEASE_SILENCE_S * 1e9)


class Clients(RuleBasedStateMachine):
    """Three clients with all the tokens that were ever given, and some that never were."""

    tokens = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self.lease = Lease()
        self.now_ns = self.heard_ns = 0
        self.holder: str | None = None
        self.token: str | None = None
        self.given: set[str] = set()

    @rule(target=tokens, token=st.sampled_from(["", "0" * 16, "x"]))
    def made_up(self, token: str) -> str:
        return token

    @rule(target=tokens, client=CLIENTS, take_over=st.booleans(), token=tokens | st.none())
    def acquire(self, client: str, take_over: bool, token: str | None) -> str:
        may = take_over or self.holder is None or token == self.token
        try:
            new = self.lease.acquire(client, self.now_ns, take_over=take_over, token=token)
        except LeaseRefused:
            assert not may
            return "x"
        assert may
        assert new not in self.given
        self.given.add(new)
        self.holder, self.token, self.heard_ns = client, new, self.now_ns
        return new

    @rule(token=tokens | st.none())
    def command(self, token: str | None) -> None:
        try:
            self.lease.check(token, self.now_ns)
        except LeaseRefused:
            assert self.holder is None or token != self.token
            return
        assert self.holder is not None
        assert token == self.token
        self.heard_ns = self.now_ns

    @rule()
    def release(self) -> None:
        self.lease.release()
        self.holder = self.token = None

    @rule(ns=st.sampled_from([0, 1, SILENCE_NS - 1, SILENCE_NS]))
    def wait(self, ns: int) -> None:
        self.now_ns += ns

    @invariant()
    def it_says_who_holds_it(self) -> None:
        assert self.lease.client == self.holder

    @invariant()
    def a_holder_is_silent_after_a_second_and_nobody_never_is(self) -> None:
        silent = self.holder is not None and self.now_ns - self.heard_ns >= SILENCE_NS
        assert self.lease.silent(self.now_ns) == silent


TestClients = Clients.TestCase
TestClients.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, database=None
)
