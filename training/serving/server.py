"""A policy for stations that have no GPU: `teachloop serve-policy`.

GET  /policy   what is served, as JSON: its name, latency in ms (p50, p95), answers so far
POST /chunk    msgpack {instruction, observation} to msgpack {poses, grippers, attention,
               execute, thought_ms}; every request is a new run
WS   /chunks   the same messages, one run: {instruction} begins (again), {observation} asks

Everything needs `Authorization: Bearer <password>`, percent-encoded UTF-8 (RFC 3986), where a
password is set, which any address but this machine's own needs. One answer is thought about at a
time.
"""

import asyncio
import time
from collections import deque
from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI, Request, Response, WebSocket
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from ...runtime.access import Access
from ...runtime.errors import TeachloopError
from ..policies.chunk_agent import ChunkAgent
from ..policies.registry import AgentFor
from .protocol import NotUnderstood, from_chunk, pack, to_observation, unpack

REMEMBERED = 200  # answers that the latency is measured over
MSGPACK = "application/msgpack"


class PolicyService:
    """Makes agents of one policy, and lets one think at a time."""

    def __init__(self, name: str, agent_for: AgentFor) -> None:
        self.name, self.agent_for = name, agent_for
        self.answers = 0
        self._thought_ms: deque[float] = deque(maxlen=REMEMBERED)
        self._thinking = asyncio.Lock()

    async def begin(self, message: dict[str, Any]) -> ChunkAgent:
        """The agent of a new run. Raises NotUnderstood."""
        instruction = message.get("instruction")
        if not isinstance(instruction, str) or not instruction.strip():
            raise NotUnderstood("no instruction")
        async with self._thinking:
            return await asyncio.to_thread(self.agent_for, instruction)

    async def answer(self, agent: ChunkAgent, message: dict[str, Any]) -> dict[str, Any]:
        """What the agent does about an observation. Raises NotUnderstood, MissingCamera."""
        observation = to_observation(message["observation"])
        async with self._thinking:
            began = time.monotonic()
            actions = await asyncio.to_thread(agent.chunk, observation)
            thought_ms = 1e3 * (time.monotonic() - began)
        self._thought_ms.append(thought_ms)
        self.answers += 1
        chunk = from_chunk(actions, agent.attention)
        return {**chunk, "execute": agent.execute, "thought_ms": thought_ms}

    def summary(self) -> dict[str, Any]:
        """For people and for whoever watches the machine."""
        ordered = sorted(self._thought_ms)
        latency = {
            name: ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
            for name, share in (("p50_ms", 0.5), ("p95_ms", 0.95))
        }
        return {"policy": self.name, "answers": self.answers, **latency}


def policy_app(service: PolicyService, access: Access) -> ASGIApp:
    """The whole server, guarded."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(TeachloopError, _in_words)

    @app.get("/policy")
    def policy() -> dict[str, Any]:
        return service.summary()

    @app.post("/chunk")
    async def chunk(request: Request) -> Response:
        message = unpack(await request.body())
        agent = await service.begin(message)
        return Response(pack(await _answered(service, agent, message)), media_type=MSGPACK)

    @app.websocket("/chunks")
    async def chunks(socket: WebSocket) -> None:
        await socket.accept()
        try:
            await _converse(socket, service)
        except WebSocketDisconnect:
            return

    return Bearer(app, access)


async def _converse(socket: WebSocket, service: PolicyService) -> None:
    agent: ChunkAgent | None = None
    while True:
        try:
            message = unpack(await _bytes(socket))
            if "instruction" in message:
                agent = await service.begin(message)
                reply: dict[str, Any] = {"policy": service.name, "execute": agent.execute}
            elif agent is None:
                raise NotUnderstood("an observation before any instruction")
            else:
                reply = await _answered(service, agent, message)
        except TeachloopError as error:
            reply = {"error": str(error)}
        await socket.send_bytes(pack(reply))


async def _bytes(socket: WebSocket) -> bytes:
    try:
        return await socket.receive_bytes()
    except KeyError as error:
        raise NotUnderstood("text") from error


async def _answered(
    service: PolicyService, agent: ChunkAgent, message: dict[str, Any]
) -> dict[str, Any]:
    if "observation" not in message:
        raise NotUnderstood("no observation")
    return await service.answer(agent, message)


async def _in_words(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": str(error)}, 400)


class Bearer:
    """Lets nobody in without the password, and no web page at all."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app, self.access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and (refusal := self._refusal(scope)):
            await _refuse(scope, receive, send, refusal)
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if "origin" in headers:
            return JSONResponse({"error": "This server answers stations, no web pages."}, 403)
        if not self.access.knows_host(host := headers.get("host", "")):
            words = f"This server does not go by the name {host}. Start it with that --host."
            return JSONResponse({"error": words}, 403)
        given = unquote(headers.get("authorization", "").removeprefix("Bearer "))
        if self.access.password is not None and not self.access.password_is(given):
            return JSONResponse({"error": "That is not this policy server's password."}, 401)
        return None


async def _refuse(scope: Scope, receive: Receive, send: Send, refusal: Response) -> None:
    if scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
        await refusal(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": 4403})
