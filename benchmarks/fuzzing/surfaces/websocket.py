"""What a window says over its socket, and what is asked of labels through it."""

import asyncio
import json
from pathlib import Path

from teachloop.labeler.methods import Methods
from teachloop.labeler.requests import REQUEST
from teachloop.labeler.service import LabelingService
from teachloop.runtime.errors import TeachloopError
from teachloop.runtime.json_file import parse_json
from teachloop.runtime.validation import validated

from ..asgi import Socket
from ..mutators import Mutator, Value
from ..samples import OBJECT, TAKE_ID
from ..site import make_site
from ..surface import Accepted

ABOUT = {"take": TAKE_ID, "author": "Ada"}
PLACE = {"camera": "front", "frame": 1}
AT = {**PLACE, "object": OBJECT, "x": 5.0, "y": 6.0}
LABELS: tuple[dict[str, Value], ...] = (
    {**ABOUT, "action": "read"},
    {**ABOUT, **PLACE, "action": "click", "object": OBJECT, "x": 5.0, "y": 6.0, "positive": True},
    {**ABOUT, **PLACE, "action": "box", "object": OBJECT, "values": [2.0, 2.0, 9.0, 9.0]},
    {**ABOUT, **AT, "action": "move_click", "to_x": 9.0, "to_y": 9.0},
    {**ABOUT, **AT, "action": "remove_click"},
    {**ABOUT, "action": "rename", "object": OBJECT, "name": "cup"},
    {**ABOUT, **PLACE, "action": "hide", "object": OBJECT, "last": 2},
    {**ABOUT, "action": "clear", "object": OBJECT, "places": [dict(PLACE)]},
    {**ABOUT, "action": "lock", "locked": True, "places": [dict(PLACE)]},
    {**ABOUT, "action": "cancel"},
    {**ABOUT, "action": "instruction", "instruction": "pick it up"},
    {**ABOUT, "action": "paraphrases", "paraphrases": ["take it", "grab it"]},
    {**ABOUT, "action": "propose", "paraphraser": "templates", "base_revision": 0},
    {**ABOUT, "action": "objects", "objects": [{"name": OBJECT, "target": True}]},
    {**ABOUT, "action": "segments", "segments": [{"start": 0, "end": 2, "text": "reach"}]},
    {**ABOUT, "action": "success", "success": True},
    {**ABOUT, "action": "review", "review": "returned", "comment": "it slips"},
    {**ABOUT, "action": "undo", "base_revision": 3},
    {**ABOUT, "action": "redo"},
)
WINDOW: tuple[dict[str, Value], ...] = (
    {"type": "beat"},
    {"type": "twist", "linear": [0.0, 0.1, 0.0], "angular": [0.0, 0.0, 0.0], "gripper": 1.0},
    {"type": "control", "take_over": True},
    {"type": "command", "name": "start", "fields": {"countdown_s": 3.0}},
    {"type": "command", "name": "set_task", "fields": {"instruction": "pick it up"}},
    {"type": "command", "name": "restore", "fields": {"take": TAKE_ID}},
    {"type": "start_labeler"},
    {"type": "leave_take", "take": TAKE_ID},
    {"type": "roll_out", "adapter": "", "base": "no such base", "instruction": "pick it up"},
)
STILL = json.dumps({"type": "label", "id": "still there?", "take": TAKE_ID, "action": "read"})


class WebSocket:
    """One socket for all inputs, which has to stay open; labels are also asked of the service that
    the labeler's process has."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._app = make_site(folder / "data")
        self._service = LabelingService(folder / "data", Methods(), lambda update: None)
        self._socket: Socket | None = None

    def feed(self, m: Mutator) -> str:
        if m.chance(0.4):
            return self._ask_for_labels(m)
        return self._loop.run_until_complete(self._say(_message(m)))

    def _ask_for_labels(self, m: Mutator) -> str:
        text = m.json(m.draw.choice(LABELS)).decode("utf-8", "replace")
        try:
            asked = validated(REQUEST, parse_json(text))
            self._service.do(asked).model_dump_json()
        except (TeachloopError, ValueError) as error:
            return str(error) if isinstance(error, TeachloopError) else "That is no JSON."
        return ""

    async def _say(self, content: str | bytes) -> str:
        """What the answers until the next known one refuse."""
        if self._socket is None or self._socket.ended:
            self._socket = Socket(self._app)
            await self._socket.hear()
        await self._socket.say(content)
        await self._socket.say(STILL)
        refused = ""
        while True:
            heard = await self._socket.hear()
            if heard["type"] == "websocket.close":
                raise Accepted(f"the socket was closed: {heard}")
            said = json.loads(heard.get("text") or "{}")
            if said.get("type") == "reply" and said["id"] == "still there?":
                return refused
            refused = said.get("error", "") or refused


def _message(m: Mutator) -> str | bytes:
    if m.chance(0.1):
        return m.changed(b"\x01\x00")
    label: dict[str, Value] = {"type": "label", **m.draw.choice(LABELS)}
    sample: dict[str, Value] = {**m.draw.choice((label, *WINDOW)), "id": 7}
    return m.json(sample).decode("utf-8", "replace")


SURFACE = WebSocket
