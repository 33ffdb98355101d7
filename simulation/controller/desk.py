"""The control box's web interface, as panda-py's ``Desk`` uses it: the brakes, FCI, who is in
control, and the buttons at the hand. Desk's own interface is not published; this is what that
client asks for and expects.
"""

import asyncio
import base64
import contextlib
import hashlib
import secrets
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import trustme
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, WebSocket
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field
from starlette.websockets import WebSocketDisconnect

from ...runtime.validation import StrictModel

PORT = 443
USER, PASSWORD = "franka", "franka123"  # Franka's own examples have them
EVENT_S = 0.02
ENDS_S = 2.0

Button = Literal["check", "circle", "cross", "up", "down", "left", "right"]


class DeskPlace(StrictModel):
    """Where Desk is."""

    port: int = Field(default=PORT, ge=1, le=65535)
    """Another one where 443 may not be used."""


class Login(BaseModel):
    login: str
    password: str


class ControlAsked(BaseModel):
    by: str = Field(alias="requestedBy")


class Shown(BaseModel):
    """What whoever is in control shows."""

    token: str


@dataclass(slots=True)
class Box:
    """What the control box does when Desk asks it."""

    brake: Callable[[bool], None]
    """Close the brakes, or open them."""
    admit: Callable[[bool], None]
    """Whether FCI takes clients."""
    locked: bool = True
    active: bool = False

    def lock(self, locked: bool) -> None:
        """Locked joints take no commands."""
        self.brake(locked)
        self.locked = locked
        if locked:
            self.activate(False)

    def activate(self, active: bool) -> None:
        self.admit(active)
        self.active = active


@dataclass(slots=True)
class Desk:
    """Who is logged in, who is in control, and what is pressed at the hand."""

    box: Box
    logins: set[str] = field(default_factory=set)
    owner: str = ""
    token: str = ""
    number: int = 0
    pressed: list[dict[str, bool]] = field(default_factory=list)

    def login(self, asked: Login) -> PlainTextResponse:
        if (asked.login, asked.password) != (USER, encoded(USER, PASSWORD)):
            raise HTTPException(401, "Unauthorized")
        self.logins.add(given := secrets.token_hex(16))
        return PlainTextResponse(given)

    def require_login(self, request: Request) -> None:
        if request.cookies.get("authorization") not in self.logins:
            raise HTTPException(401, "Unauthorized")

    def require_control(self, token: str) -> None:
        if not self.token or token != self.token:
            raise HTTPException(403, "ControlTokenUnknown")

    def control(self) -> dict[str, object]:
        held = {"id": self.number, "ownedBy": self.owner} if self.token else None
        return {"activeToken": held}

    def take_control(self, asked: ControlAsked) -> dict[str, object]:
        self.owner, self.token = asked.by, secrets.token_hex(16)
        self.number += 1
        return {"id": self.number, "token": self.token}

    def give_control(self, shown: Shown) -> None:
        self.require_control(shown.token)
        self.owner = self.token = ""

    def unlock(self, request: Request) -> None:
        self.require_control(request.headers.get("X-Control-Token", ""))
        self.box.lock(False)

    def lock(self) -> None:
        self.box.lock(True)

    def activate(self, shown: Shown) -> None:
        self.require_control(shown.token)
        if self.box.locked:
            raise HTTPException(422, "The joints are locked")
        self.box.activate(True)

    def deactivate(self, shown: Shown) -> None:
        self.require_control(shown.token)
        self.box.activate(False)

    def press(self, button: Button) -> None:
        """Somebody presses a button at the hand, and lets go of it."""
        self.pressed += [{button: True}, {button: False}]

    async def tell_presses(self, listener: WebSocket) -> None:
        """Each from now on."""
        if listener.headers.get("authorization") not in self.logins:
            await listener.close(1008)
            return
        await listener.accept()
        told = len(self.pressed)
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                for event in self.pressed[told:]:
                    await listener.send_json(event)
                    told += 1
                await asyncio.sleep(EVENT_S)


def encoded(user: str, password: str) -> str:
    """A password as it is sent."""
    digest = hashlib.sha256(f"{password}#{user}@franka".encode()).digest()
    return base64.encodebytes(",".join(map(str, digest)).encode()).decode()


def desk_app(desk: Desk) -> FastAPI:
    """Its routes, of a Panda: an FR3 has other ones for the brakes."""
    app = FastAPI()
    app.post("/admin/api/login")(desk.login)
    inside = APIRouter(dependencies=[Depends(desk.require_login)])
    inside.get("/admin/api/control-token")(desk.control)
    inside.post("/admin/api/control-token/request")(desk.take_control)
    inside.delete("/admin/api/control-token")(desk.give_control)
    inside.post("/desk/api/robot/open-brakes")(desk.unlock)
    inside.post("/desk/api/robot/close-brakes")(desk.lock)
    inside.post("/admin/api/control-token/fci")(desk.activate)
    inside.delete("/admin/api/control-token/fci")(desk.deactivate)
    app.include_router(inside)
    app.websocket("/desk/api/navigation/events")(desk.tell_presses)
    return app


class DeskServer:
    """Desk at an address, with a certificate that nobody signed, as the robot's. Raises OSError
    where the port cannot be had."""

    def __init__(self, desk: Desk, host: str, place: DeskPlace) -> None:
        listening = socket.create_server((host, place.port))
        config = uvicorn.Config(desk_app(desk), log_level="warning")
        config.load()
        config.ssl = _identity(host)
        self._server = uvicorn.Server(config)
        self._running = threading.Thread(target=self._server.run, args=([listening],), daemon=True)

    def start(self) -> None:
        self._running.start()

    def close(self) -> None:
        """After it was started: it puts its sockets down by itself."""
        self._server.should_exit = True
        self._running.join(ENDS_S)


def _identity(host: str) -> ssl.SSLContext:
    """A certificate of its own, which lies in no file while it serves."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(host).configure_cert(context)
    return context
