"""Policies for other cameras than the base's: fewer, more, of other names, without calibration."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_takes import camera, draw_take

from teachloop.datasets.steps import Observation
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.camera import Camera, Mount
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobFolder, submit
from teachloop.training.adapters.registry import list_adapters
from teachloop.training.data.preprocessing import MissingCamera, NotCalibrated
from teachloop.training.data.takes import OtherCameras
from teachloop.training.grounded.base import load_base
from teachloop.training.grounded.config import PolicyConfig
from teachloop.training.grounded.finetune import finetune
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.grounded.layout import PolicyLayout, base_layout, fit_layout
from teachloop.training.grounded.lora import load_policy
from teachloop.training.grounded.orientation import NUMBERS
from teachloop.training.grounded.policy import Features, GroundedPolicy, RobotContext
from teachloop.training.policies.base_names import DEFAULT
from teachloop.training.policies.registry import open_policy

BASE = PolicyConfig()


def mounted(**mounts: Mount) -> dict[str, Camera]:
    return {name: camera(name, mount=mount) for name, mount in mounts.items()}


@pytest.mark.parametrize(
    ("cameras", "inputs"),
    [
        (mounted(front="base", wrist="end_effector"), ("front", "wrist")),
        (mounted(wrist="end_effector", front="base"), ("front", "wrist")),
        (mounted(front="base"), ("front", None)),
        (mounted(hand="end_effector"), (None, "hand")),
        (mounted(side="base", hand="end_effector"), ("side", "hand")),
        (mounted(side="base", front="base", wrist="end_effector"), ("front", "wrist", "side")),
        (mounted(left="base", right="base"), ("left", None, "right")),
    ],
    ids=["two", "order", "one", "hand", "names", "three", "fixed"],
)
def test_an_input_goes_to_the_camera_of_its_name_or_of_its_mount(
    cameras: dict[str, Camera], inputs: tuple[str | None, ...]
) -> None:
    assert fit_layout(BASE, cameras) == PolicyLayout(inputs=inputs)


def test_one_camera_without_calibration_leaves_all_key_points_in_the_image() -> None:
    cameras = mounted(front="base", wrist="end_effector")
    cameras["wrist"] = replace(cameras["wrist"], calibrated=False)
    assert not fit_layout(BASE, cameras).lifted


def test_a_policy_without_cameras_or_with_one_twice_is_refused() -> None:
    for inputs in ((None, None), ("front", "front")):
        with pytest.raises(ValueError, match="name at least one, and each once"):
            PolicyLayout(inputs=inputs)


def test_bases_of_before_look_through_front_and_wrist() -> None:
    assert load_base(DEFAULT).layout == PolicyLayout(inputs=("front", "wrist"))


def seen_by(count: int, queries: int = 2) -> tuple[Features, RobotContext]:
    """Two ticks that ``count`` calibrated cameras see."""
    torch.manual_seed(0)
    down = torch.tensor([[1.0, 0.0, -0.5], [0.0, -1.0, 0.5], [0.0, 0.0, -1.0]])
    regions = 2, count, queries
    features = Features(
        torch.rand(*regions, 2),
        torch.ones(regions),
        torch.rand(*regions, 128),
        torch.rand(*regions, NUMBERS),
    )
    now = RobotContext(
        torch.zeros(2, 10),
        torch.tensor([0.4, 0.0, 1.0]).expand(2, count, 3),
        down.expand(2, count, 3, 3),
        torch.zeros(2, queries, 3),
        torch.ones(2, queries),
    )
    return features, now


def first(features: Features, now: RobotContext, count: int) -> tuple[Features, RobotContext]:
    cut = now._replace(origin=now.origin[:, :count], direction=now.direction[:, :count])
    return Features(*(part[:, :count] for part in features)), cut


def test_a_third_camera_changes_nothing_before_it_is_trained() -> None:
    two = load_base(DEFAULT)
    three = load_base(DEFAULT, PolicyLayout(inputs=("front", "wrist", "side")))
    features, now = seen_by(3)
    with torch.no_grad():
        alone = two.act(*_with_words(two, *first(features, now, 2)))
        assert torch.equal(three.act(*_with_words(three, features, now)), alone)
        torch.nn.init.normal_(three.head.added.weight)  # type: ignore[union-attr]
        assert not torch.equal(three.act(*_with_words(three, features, now)), alone)


def test_a_camera_that_is_not_there_is_one_that_sees_nothing() -> None:
    """The head is told the same by one camera as by two of which the wrist's is in the dark."""
    one, two = load_base(DEFAULT, PolicyLayout(inputs=("front", None))), load_base(DEFAULT)
    features, now = seen_by(2)
    visible, pooled = features.visible.clone(), features.pooled.clone()
    visible[:, 1] = pooled[:, 1] = 0
    dark = features._replace(visible=visible, pooled=pooled)
    with torch.no_grad():
        expected = two.act(*_with_words(two, dark, now))
        found = one.act(*_with_words(one, *first(features, now, 1)))
    torch.testing.assert_close(found, expected)


def _with_words(policy: GroundedPolicy, features: Features, now: RobotContext) -> tuple:
    return features, policy.words(["push it", "pick it"]), now


def test_without_calibration_the_head_is_told_of_the_image_and_of_the_hand() -> None:
    policy = load_base(DEFAULT, PolicyLayout(inputs=("front", "wrist"), lifted=False)).eval()
    features, now = seen_by(2)
    elsewhere = now._replace(origin=now.origin + 1, direction=now.direction * 2)
    moved = now._replace(proprioception=now.proprioception + 0.1)
    with torch.no_grad():
        here = policy.act(*_with_words(policy, features, now))
        assert torch.equal(policy.act(*_with_words(policy, features, elsewhere)), here)
        assert not torch.equal(policy.act(*_with_words(policy, features, moved)), here)
    point = policy.places(features, now)
    torch.testing.assert_close(point[..., :2], features.point - 0.5)
    assert not point[..., 2].any()


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path / "data", "finetune", JobConfig())


def train(job: JobFolder, base: Path, takes: list[str], cameras: tuple[str, ...] = ()) -> Path:
    settings = FinetuneConfig(
        takes=tuple(takes), base=str(base), preset="tiny", lora_rank=2, threads=1, cameras=cameras
    )
    return finetune(settings, job)


def first_seen(data: Path, take_id: str) -> Observation:
    with Take.open(data / "takes" / take_id) as take:
        return Observation(
            time_ns=0,
            joint_positions_rad=np.zeros(7),
            joint_velocities_rad_s=np.zeros(7),
            ee_pose=take.robot.ee_pose[0],
            gripper_width_m=0.04,
            images={name: take.image(name, 0) for name in take.frames},
            cameras=take.info.cameras,
        )


@pytest.mark.parametrize(
    ("names", "inputs"),
    [
        (("front",), ("front", None)),
        (("front", "wrist", "side"), ("front", "wrist", "side")),
        (("overhead", "left", "right"), ("overhead", None, "left", "right")),
    ],
    ids=["one", "three", "names"],
)
def test_an_adapter_acts_through_the_cameras_of_its_takes(
    tiny_base: Path, job: JobFolder, names: tuple[str, ...], inputs: tuple[str | None, ...]
) -> None:
    takes = [draw_take(job.data, name, cameras=names) for name in ("one", "two")]
    folder = train(job, tiny_base, takes)
    tuned = load_policy(str(tiny_base), folder)
    assert tuned.layout == PolicyLayout(inputs=inputs)
    if len(inputs) > 2:
        assert tuned.head.added is not None
        assert tuned.head.added.weight.abs().max() > 0, "its own inputs were trained and saved"
    agent = open_policy(str(tiny_base), folder)("push the red square to the right")
    assert set(agent.cameras) == set(names)
    action = agent.act(first_seen(job.data, "one"))
    assert np.isfinite(action.ee_pose).all()
    assert agent.attention.keys() == set(names)


def test_some_of_the_cameras_can_be_chosen(tiny_base: Path, job: JobFolder) -> None:
    take = draw_take(job.data, "one", cameras=("front", "wrist", "side"))
    folder = train(job, tiny_base, [take], cameras=("side", "wrist"))
    assert load_policy(str(tiny_base), folder).layout.inputs == ("side", "wrist")
    (adapter,) = list_adapters(job.data)
    assert adapter.card.config["layout"] == {
        "inputs": ["side", "wrist"],
        "lifted": True,
        "gripper": True,
    }


def test_a_camera_that_no_take_has_is_refused_by_name(tiny_base: Path, job: JobFolder) -> None:
    take = draw_take(job.data, "one")
    with pytest.raises(OtherCameras, match=r"Take one has no camera ceiling"):
        train(job, tiny_base, [take], cameras=("ceiling",))


def test_a_camera_that_is_missing_at_roll_out_is_refused_by_name(
    tiny_base: Path, job: JobFolder
) -> None:
    take = draw_take(job.data, "one", cameras=("front", "wrist", "side"))
    agent = open_policy(str(tiny_base), train(job, tiny_base, [take]))("push")
    seen = first_seen(job.data, "one")
    two = {name: image for name, image in seen.images.items() if name != "side"}
    with pytest.raises(MissingCamera, match=r"missing: side \(there are: front, wrist\)"):
        agent.act(replace(seen, images=two))


def test_an_adapter_learns_and_acts_without_calibration(tiny_base: Path, job: JobFolder) -> None:
    takes = [draw_take(job.data, name, calibrated=False) for name in ("one", "two")]
    folder = train(job, tiny_base, takes)
    assert load_policy(str(tiny_base), folder).layout == PolicyLayout(
        inputs=("front", "wrist"), lifted=False
    )
    agent = open_policy(str(tiny_base), folder)("push the red square to the right")
    seen = replace(first_seen(job.data, "one"), cameras={})
    assert np.isfinite(agent.act(seen).ee_pose).all()


def test_a_policy_that_learned_with_calibration_says_when_there_is_none(
    tiny_base: Path, job: JobFolder
) -> None:
    agent = open_policy(str(tiny_base))("push")
    draw_take(job.data, "one", calibrated=False)
    with pytest.raises(NotCalibrated, match=r"front, wrist is not. Calibrate"):
        agent.act(first_seen(job.data, "one"))


def test_a_base_of_another_make_looks_through_its_own_cameras_and_moves_the_position_alone() -> (
    None
):
    config = PolicyConfig(
        image_size=32, patch_size=8, width=16, vision_layers=1, text_layers=1, attention_heads=2,
        head_width=32, chunk=4,
        cameras={"top": "base"}, queries=("target",), action_space="position",
    )  # fmt: skip
    policy = GroundedPolicy(config).eval()
    assert base_layout(config).inputs == ("top",)
    _, now = seen_by(1, queries=1)
    sentence = policy.words(["a", "b"]).sentence
    features = policy.features(torch.zeros(2, 1, 3, 32, 32), sentence, now.origin, now.direction)
    offsets, gripper = policy.offsets(policy.act(features, policy.words(["a", "b"]), now))
    assert offsets.shape == (2, 4, 6)
    assert offsets[..., :3].abs().max() > 0
    assert not offsets[..., 3:].any()
    assert gripper is not None
    assert gripper.shape == (2, 4)


def test_a_configuration_with_an_unknown_mount_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text('{"cameras": {"front": "ceiling"}}')
    with pytest.raises(Exception, match=r"cameras.front"):
        PolicyConfig.load(path)
