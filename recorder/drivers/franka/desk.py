"""Desk, a Franka's web interface, by panda-py: the brakes, FCI, and the buttons at the hand.

Whoever loads this has a process of its own: what panda-py is told about its tokens, and the limit
of time that it does not set itself, hold for all of it.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from pydantic import TypeAdapter, ValidationError

from ....runtime.errors import TeachloopError
from ...devices.desk_account import PASSWORD, USER, DeskAccount
from ...devices.desk_messages import PilotButton
from .panda_library import panda_py

# The robot's certificate is nobody's: where these are set, requests would insist on a known one.
CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
EVENT_S = 1.0
ANSWER_S = 60.0  # opening brakes takes its time
PRESSES: TypeAdapter[dict[PilotButton, bool]] = TypeAdapter(dict[PilotButton, bool])


class DeskRefused(TeachloopError):
    """Desk did not do it, in words."""


class _Patient(requests.Session):
    """One that gives up on an answer that never comes."""

    def request(self, *asked: Any, **how: Any) -> requests.Response:
        how.setdefault("timeout", ANSWER_S)
        return super().request(*asked, **how)


class FrankaDesk:
    """Desk at a place, host or host:port. ``token``: file that keeps who is in control."""

    def __init__(self, place: str, account: DeskAccount, token: Path) -> None:
        self.place, self._account, self._token = place, account, token
        self._one_by_one = threading.Lock()
        self._library = panda_py()
        self._library.TOKEN_PATH = str(token)
        requests.Session = _Patient
        for name in CERTIFICATES:
            os.environ.pop(name, None)

    def prepare(self) -> str:
        """Unlock the joints, and let FCI take clients. Raises DeskRefused."""
        with self._in_control() as desk:
            desk.unlock()
            desk.activate_fci()
        return "The joints are unlocked, and FCI takes commands."

    def park(self) -> str:
        """End FCI, lock the joints, and give up the control of Desk. Raises DeskRefused."""
        with self._in_control() as desk:
            desk.deactivate_fci()
            desk.lock()
            desk.release_control()
        return "The joints are locked, and FCI is off."

    def listen(self, pressed: Callable[[PilotButton], None]) -> None:
        """Say which buttons are pressed, until the connection is lost. Raises DeskRefused."""

        def heard(event: object) -> None:
            try:
                buttons = PRESSES.validate_python(event)
            except ValidationError:  # the wheel of the Pilot, and what newer ones may have
                return
            for button, down in buttons.items():
                if down:
                    pressed(button)

        with self._told():
            # Its own `listen` does this in a thread that nobody hears of when it ends.
            self._login()._listen(heard, EVENT_S)

    @contextmanager
    def _in_control(self) -> Iterator[Any]:
        with self._told():
            desk = self._login()
            if not desk.has_control():
                raise DeskRefused(
                    f"Somebody else is in control of Desk at {self.place}. Let them give it up "
                    "there, or take it over on Desk's own page."
                )
            yield desk

    def _login(self) -> Any:
        self._token.touch(mode=0o600)  # what it keeps there is nobody else's to read
        account = self._account
        with self._one_by_one:  # each takes control: of two at once, one would shut out the other
            return self._library.Desk(self.place, account.user, account.password)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """In words what it is refused with."""
        try:
            yield
        except requests.RequestException as error:
            raise DeskRefused(
                f"No Desk answers at {self.place}. See that the robot is on, and that this "
                "computer is in its network."
            ) from error
        except ConnectionError as error:
            raise DeskRefused(self._words(str(error))) from error

    def _words(self, said: str) -> str:
        if "nauthorized" in said or "401" in said:
            return f"Desk at {self.place} refuses this user. See {USER} and {PASSWORD}."
        return f"Desk at {self.place} refuses: {said or 'it gave no reason'}."
