"""The arm's side of the Franka Control Interface: requests over TCP, a state each millisecond
over UDP, and the answer to it."""

import contextlib
import random
import select
import socket
import threading
import time
from collections.abc import Callable

import numpy as np

from .arm import Load
from .controller import RobotController
from .model_library import model_library
from .network import Trouble
from .reading import receive_exactly
from .wire import (
    CARTESIAN_LIMIT_BYTES,
    COLLISION,
    COMMAND,
    CONNECT,
    CONNECTED,
    HEADER,
    LOAD,
    MANUAL_RECOVERY_REQUIRED,
    MOVE,
    OK,
    PORT,
    POSE,
    REFUSED,
    Controller,
    Generator,
    Mode,
    Record,
    Request,
)

TICK_S = 0.001
OVERSLEPT_S = 0.0003  # at most, that the next millisecond makes up for


class RobotServer:
    """One robot at an address; one client at a time. ``run`` returns once ``gone`` is set."""

    def __init__(
        self, controller: RobotController, trouble: Trouble, host: str, *, admits: bool = True
    ) -> None:
        """``admits``: whether clients may connect from the beginning."""
        self.controller, self.trouble = controller, trouble
        self.lock = threading.RLock()  # around the controller
        self.before_tick: Callable[[], None] = lambda: None
        self._host = host
        self._listening: socket.socket | None = None
        self._client: Client | None = None
        self._chance = random.Random(0)
        socket.create_server((host, PORT)).close()  # raises where it cannot be had
        self.admit(admits)

    def admit(self, clients: bool) -> None:
        """Let clients connect, or none any more; who is connected is sent away."""
        listening, self._listening = self._listening, None
        if listening is not None:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for a client
            listening.close()
        if clients:
            self._listening = socket.create_server((self._host, PORT))
            threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()
        elif self._client is not None:
            self._client.send_away()

    def run(self, gone: threading.Event) -> None:
        """The robot's life, a millisecond after the other; threads answer what is asked."""
        due = time.monotonic()
        command: Record | None = None
        while not gone.is_set():
            # Who slept a little too long catches up; one that is late hurries nobody.
            due = max(due + TICK_S, time.monotonic() - OVERSLEPT_S)
            with self.lock:
                self.before_tick()
                state = self.controller.tick(command)
                moving, client = self.controller.moving, self._client
            command = None
            if client is not None:
                client.tell_ends(self.controller)
                client.send(state)
                if moving:
                    command = self._answer(client, int(state["message_id"]), due)
            time.sleep(max(0.0, due + TICK_S - time.monotonic()))
        self.admit(False)

    def _answer(self, client: "Client", number: int, due: float) -> Record | None:
        """The answer to a state, if it comes in time and is not lost."""
        command = client.command(number, due + TICK_S + self.trouble.patience_s)
        return None if self._chance.random() < self.trouble.lost else command

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            if self._client is not None:  # a robot has one client
                connection.close()
                continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        client = Client(connection, self._host)
        try:
            self._greet(client)
            while True:
                self._handle(client, *client.request())
        except (ConnectionError, OSError):
            pass
        finally:
            with self.lock:
                if self._client is client:
                    self._client = None
                    self.controller.cancel()
            client.close()

    def _greet(self, client: "Client") -> None:
        request, number, payload = client.request()
        if request != Request.CONNECT:
            raise ConnectionError
        version, port = CONNECT.unpack(payload)
        fits = version == self.trouble.version
        client.reply(Request.CONNECT, number, CONNECTED.pack(not fits, self.trouble.version))
        if not fits:
            raise ConnectionError
        client.port = port
        with self.lock:
            self._client = client

    def _handle(self, client: "Client", request: Request, number: int, payload: bytes) -> None:
        robot = self.controller
        if request == Request.LOAD_MODEL_LIBRARY:
            client.reply(request, number, bytes([OK]) + model_library())
        elif request == Request.MOVE:
            controller, generator = MOVE.unpack_from(payload)
            with self.lock:
                status = robot.begin(number, Controller(controller), Generator(generator))
            client.reply(request, number, bytes([status]))
        elif request == Request.STOP_MOVE:
            with self.lock:
                robot.cancel()
            client.reply(request, number, bytes([OK]))
        elif request == Request.AUTOMATIC_ERROR_RECOVERY:
            with self.lock:
                status = OK if robot.recover() else MANUAL_RECOVERY_REQUIRED
            client.reply(request, number, bytes([status]))
        elif request == Request.GET_CARTESIAN_LIMIT:
            client.reply(request, number, bytes([OK]) + bytes(CARTESIAN_LIMIT_BYTES))
        else:
            client.reply(request, number, bytes([self._set(request, payload)]))

    def _set(self, request: Request, payload: bytes) -> int:
        robot = self.controller
        with self.lock:
            if robot.mode in (Mode.MOVE, Mode.REFLEX):
                return REFUSED
            if request == Request.SET_LOAD:
                numbers = np.array(LOAD.unpack(payload))
                robot.arm.load = Load(float(numbers[0]), numbers[1:4], numbers[4:])
            elif request == Request.SET_NE_TO_EE:
                robot.mount(np.array(POSE.unpack(payload)).reshape(4, 4).T)
            elif request == Request.SET_COLLISION_BEHAVIOR:
                numbers = np.array(COLLISION.unpack(payload))
                robot.thresholds.torques_nm = numbers[21:28]
                robot.thresholds.wrench = numbers[46:52]
        return OK


class Client:
    """Whoever controls the robot: one TCP connection, and a UDP port that states go to."""

    def __init__(self, connection: socket.socket, host: str) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection, self._sending = connection, threading.Lock()
        self._states = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._states.bind((host, 0))
        self._host = connection.getpeername()[0]
        self.port = 0

    def close(self) -> None:
        self._connection.close()
        self._states.close()

    def send_away(self) -> None:
        """Its next word is the last."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def request(self) -> tuple[Request, int, bytes]:
        """Wait for the next one. Raises ConnectionError where there will be no more."""
        request, number, size = HEADER.unpack(receive_exactly(self._connection, HEADER.size))
        if request not in set(Request) or not HEADER.size <= size < 1 << 16:
            raise ConnectionError
        return Request(request), number, receive_exactly(self._connection, size - HEADER.size)

    def reply(self, request: Request, number: int, payload: bytes) -> None:
        header = HEADER.pack(request, number, HEADER.size + len(payload))
        with self._sending:
            self._connection.sendall(header + payload)

    def tell_ends(self, robot: RobotController) -> None:
        """How motions ended that were started over this line."""
        while robot.ended:
            number, status = robot.ended.popleft()
            try:
                self.reply(Request.MOVE, number, bytes([status]))
            except OSError:
                return

    def send(self, state: Record) -> None:
        with contextlib.suppress(OSError):  # the TCP side notices that it left
            self._states.sendto(state.tobytes(), (self._host, self.port))

    def command(self, number: int, until: float) -> Record | None:
        """The answer to the state of this number, unless it comes too late."""
        while True:
            left = max(0.0, until - time.monotonic())
            try:
                readable, _, _ = select.select([self._states], [], [], left)
                if not readable:
                    return None
                payload = self._states.recv(4096)
            except (OSError, ValueError):  # it left meanwhile
                return None
            if len(payload) != COMMAND.itemsize:
                continue
            command = np.frombuffer(payload, COMMAND)[0]
            if command["message_id"] >= number:
                return command
