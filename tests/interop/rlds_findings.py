"""What is not as it was recorded in what others found in an export as RLDS."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
from numbered_takes import INSTRUCTION, NumberedTake, applied_gripper, applied_pose, joints_at
from rlds_cases import MASKED, OTHER_WORDS, SPAN, SPLITS, Case, newest

from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import pose_delta
from teachloop.geometry.rotations import from_rotation_vector

NEAR = 1e-5
NEAR_M, NEAR_RAD = 1e-3, np.radians(0.1)
Found = dict[str, Any]


def wrong(case: Case, found: Found) -> list[str]:
    """All of it, in words."""
    return [
        *_wrong_in_all(case, found),
        *_wrong_in_pictures(case, found),
        *_wrong_in_steps(case, found),
        *_wrong_in_words(found),
        *_wrong_beside(case, found),
    ]


def episodes(found: Found) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name of each take, and its steps."""
    for split, names in SPLITS.items():
        for name, episode in zip(names, found["episodes"][split], strict=True):
            yield name, episode["steps"]


def off(case: Case, found: Found) -> tuple[float, float]:
    """How far what the actions lead to is from what was applied, in metres and radians."""
    deltas = [
        pose_delta(
            _followed(case.take(name), np.array(steps["action"])),
            np.array([applied_pose(case.take(name), tick) for tick in case.applied(name)]),
        )
        for name, steps in episodes(found)
    ]
    lengths = np.linalg.norm(np.concatenate(deltas).reshape(-1, 2, 3), axis=-1)
    metres, radians = lengths.max(0).tolist()
    return metres, radians


def _followed(how: NumberedTake, actions: np.ndarray) -> np.ndarray:
    """From the first measured pose on (T, 4, 4)."""
    pose, reached = Kinematics().forward(joints_at(how, 0)), []
    for action in actions:
        pose = pose.copy()
        pose[:3, 3] += action[:3]
        pose[:3, :3] = _turned(action[3:6]) @ pose[:3, :3]
        reached.append(pose)
    return np.array(reached)


def _turned(angles: np.ndarray) -> np.ndarray:
    """The matrix of roll, pitch and yaw."""
    x, y, z = from_rotation_vector(np.diag(angles))
    return z @ y @ x


def _wrong_in_all(case: Case, found: Found) -> Iterator[str]:
    metres, radians = off(case, found)
    if metres > NEAR_M or radians > NEAR_RAD:
        yield f"the applied targets are off by {metres} m and {radians} rad"
    expected = {split: len(names) for split, names in SPLITS.items()}
    if found["counted"] != expected or found["half"] != 1:
        yield f"the splits hold {found['counted']}, and half of training {found['half']}"
    if len(found["shards"]["train"]) != case.shards:
        yield f"the shards hold {found['shards']}"
    if found["name"] != f"{case.options.name}/1.0.0":
        yield f"it is called {found['name']}"
    shapes = {key: [*case.size, 3] for key in case.cameras.values()}
    if found["image_shapes"] != shapes:
        yield f"the pictures are {found['image_shapes']}"


def _wrong_in_pictures(case: Case, found: Found) -> Iterator[str]:
    raw = chain.from_iterable(found["raw_pictures"][split] for split in SPLITS)
    for (name, steps), undecoded in zip(episodes(found), raw, strict=True):
        for camera, key in case.cameras.items():
            lost = case.take(name).dropped.get(camera, set())
            expected = [newest(lost, tick) for tick in case.ticks(name)]
            if steps[f"observation/{key}"] != expected or undecoded[key] != expected:
                yield f"the pictures of {camera} in {name} are not in order"


def _wrong_in_steps(case: Case, found: Found) -> Iterator[str]:
    for name, steps in episodes(found):
        how, ticks = case.take(name), case.ticks(name)
        measured = [joints_at(how, newest(how.missed, tick)) for tick in ticks]
        if not np.allclose(steps["observation/joint_position"], measured, atol=NEAR):
            yield f"the joints of {name} are off"
        positions = [Kinematics().forward(joints)[:3, 3] for joints in measured]
        states = np.array(steps["observation/state"])
        if not np.allclose(states[:, :3], positions, atol=NEAR):
            yield f"the states of {name} are off"
        if set(states[:, 7].tolist()) != {0.0 if how.gripper is None else 0.5}:
            yield f"the gripper of {name} is {states[:, 7]} open"
        grippers = [applied_gripper(tick) for tick in case.applied(name)]
        if [row[6] for row in steps["action"]] != (
            [1.0] * len(ticks) if how.gripper is None else grippers
        ):
            yield f"the gripper of {name} is not asked for as it was"
        ends = [tick == ticks[-1] for tick in ticks]
        if steps["reward"] != [float(end and name == "one") for end in ends]:
            yield f"the rewards of {name} are {steps['reward']}"
        if not (steps["is_last"] == steps["is_terminal"] == ends):
            yield f"{name} ends elsewhere"
        if steps["is_first"] != [tick == 0 for tick in ticks] or set(steps["discount"]) != {1.0}:
            yield f"{name} begins elsewhere"


def _wrong_beside(case: Case, found: Found) -> Iterator[str]:
    """What of the calibrations and the masks is not as it was recorded and said."""
    for name, steps in episodes(found):
        masked = [tick for tick, row in zip(case.ticks(name), steps["masks"], strict=True) if row]
        if masked != ([MASKED] if name == "one" else []):
            yield f"{name} has masks at {masked}"
        for text in filter(None, steps["masks"]):
            (mask,) = json.loads(text)
            if (mask["object"], mask["picture"]) != ("cube", "wrist_image"):
                yield f"the mask of {name} is of {mask['object']} in {mask['picture']}"
    told = json.loads(found["episodes"]["train"][0]["metadata"]["calibrations"])
    sizes = {camera: (each["height"], each["width"]) for camera, each in told.items()}
    if sizes != dict.fromkeys(case.cameras, case.size):
        yield f"the calibrations are of {sizes}"


def _wrong_in_words(found: Found) -> Iterator[str]:
    for name, steps in episodes(found):
        words = (INSTRUCTION, *(OTHER_WORDS[:2] if name == "one" else ("", "")))
        told = zip(*(steps[f"language_instruction{end}"] for end in ("", "_2", "_3")), strict=True)
        if set(told) != {words}:
            yield f"the words of {name} are others"
        if set(steps["subtask"]) != ({"", SPAN[0]} if name == "one" else {""}):
            yield f"the sub-tasks of {name} are {set(steps['subtask'])}"
    said = dict(found["episodes"]["train"][0]["metadata"])
    said.pop("calibrations")
    expected = {
        "file_path": "takes/one",
        "success": "yes",
        "paraphrases": json.dumps(OTHER_WORDS, ensure_ascii=False),
    }
    if said != expected:
        yield f"of the first episode it is said: {said}"
