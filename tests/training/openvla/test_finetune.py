"""Fine-tuning an OpenVLA as the button does it: from recorded takes to an adapter that acts."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from drawn_takes import TICK_NS, draw_take
from safetensors.torch import load_file, save_file
from tiny_openvla import write_checkpoint

from teachloop.datasets.errors import TakeRefused
from teachloop.datasets.steps import Decider, Observation
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.poses import apply_delta
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobFolder, submit
from teachloop.jobs.kinds import JobKinds
from teachloop.jobs.progress import Progress
from teachloop.jobs.worker import run
from teachloop.recorder.agents.agents import PolicyMailbox
from teachloop.training.adapters.registry import get_adapter, list_adapters
from teachloop.training.data.preprocessing import GripperMismatch, MissingCamera
from teachloop.training.data.takes import NothingToLearn, OtherCameras
from teachloop.training.finetune_result import FinetuneResult
from teachloop.training.job_kinds import FINETUNE
from teachloop.training.openvla import finetune as tuning
from teachloop.training.openvla.adapters import AnotherBase, OpenVLAPolicy, load_openvla_policy
from teachloop.training.openvla.agent import RESERVE_TICKS, OpenVLAAgent, spread
from teachloop.training.openvla.cameras import NoCommonCamera, chosen_cameras
from teachloop.training.openvla.checkpoint import load_openvla
from teachloop.training.openvla.decoding import greedy
from teachloop.training.openvla.demonstrations import TICKS, Demonstrations, demonstrations
from teachloop.training.openvla.finetune import finetune
from teachloop.training.openvla.grounding import patch_shares
from teachloop.training.openvla.lora import add_lora
from teachloop.training.openvla.recipe import Recipe
from teachloop.training.policies.interface import StoppedLearning


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return write_checkpoint(tmp_path_factory.mktemp("openvla") / "base", tokenizer=True)


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path / "data", "finetune", JobConfig())


def recipe(base: Path, *takes: str, **settings: Any) -> Recipe:
    given: dict[str, Any] = {"steps": 3, "batch": 4, "lora_rank": 4, "augment": False}
    return Recipe(takes=takes, base=str(base), **{**given, **settings})


def looks_of(data: Path, takes: tuple[str, ...], chunk: int = 1) -> Demonstrations:
    progress = Progress(submit(data, "finetune", JobConfig()), ["tune"])
    return demonstrations(data, takes, ("front",), chunk, progress.reading)


def observation(data: Path, take: str, tick: int) -> Observation:
    with Take.open(data / "takes" / take) as opened:
        return Observation(
            time_ns=(tick + 1) * TICK_NS,
            joint_positions_rad=np.zeros(7),
            joint_velocities_rad_s=np.zeros(7),
            ee_pose=opened.robot.ee_pose[tick],
            gripper_width_m=0.04,
            images={name: opened.image(name, tick) for name in opened.frames},
            cameras=opened.info.cameras,
        )


def test_two_takes_are_learned_by_heart_through_the_buttons_own_job(
    tmp_path: Path, base: Path
) -> None:
    data = tmp_path / "data"
    takes = tuple(draw_take(data, name, wandering=seed) for seed, name in enumerate(("a", "b")))
    settings = recipe(
        base, *takes, steps=130, batch=10, rate=2e-3, lora_rank=32, augment=False, grounding=0.3
    )
    job = submit(data, "finetune", settings)
    assert run(job, JobKinds(FINETUNE)), job.status.message
    folder = FinetuneResult.read(job.status.result).folder
    policy = load_openvla_policy(str(base), Path(folder))
    looks = looks_of(data, takes)
    wanted = policy.model.action_tokenizer.encode(policy.statistics.normalise(looks.actions[:, 0]))
    assert len(np.unique(wanted[:, 0])) > 5, "the looks differ in what to do"
    np.testing.assert_array_equal(_tokens(policy, looks), wanted)
    agent = OpenVLAAgent(policy, "push the red square to the right")
    start = observation(data, "a", 0)
    reached = agent.chunk(start)[-1].ee_pose
    restored = policy.statistics.restore(policy.model.action_tokenizer.decode(wanted[0]))
    np.testing.assert_allclose(reached, apply_delta(start.ee_pose, restored[:6]), atol=1e-9)
    target = patch_shares(torch.from_numpy(looks.masks[:1]))[0].numpy() > 0
    assert agent.attention["front"].ravel() @ target > 3 * target.mean(), "taught where to look"


def _tokens(policy: OpenVLAPolicy, looks: Demonstrations) -> np.ndarray:
    ids = [policy.model.prompt_ids(looks.instructions[i][0]) for i in looks.instruction]
    pixels = policy.model.image_processor(list(looks.images[:, 0]))
    return np.stack(
        [
            greedy(policy.model, image[None], torch.tensor([prompt])).tokens[0].numpy()
            for image, prompt in zip(pixels, ids, strict=True)
        ]
    )


def test_an_action_leads_from_the_measured_pose_to_the_target_at_its_end(tmp_path: Path) -> None:
    take = draw_take(tmp_path, "one", wandering=3)
    looks = looks_of(tmp_path, (take,), chunk=2)
    with Take.open(tmp_path / "takes" / take) as opened:
        measured, targets = opened.robot.ee_pose, opened.actions.applied_pose
        for step in range(2):
            reached = apply_delta(measured[TICKS], looks.actions[1, step, :6])
            np.testing.assert_allclose(reached, targets[TICKS * (2 + step) - 1], atol=1e-9)


def test_targets_between_two_looks_lie_on_straight_lines() -> None:
    pose = np.eye(4)
    actions = np.zeros((2, 7))
    actions[:, 0] = [0.04, 0.06]
    actions[1, 6] = 1.0
    planned = spread(pose, actions)
    expected = [0.01, 0.02, 0.03, 0.04, 0.045, 0.05, 0.055, 0.06]
    way = [each.ee_pose[0, 3] for each in planned[: 2 * TICKS]]
    np.testing.assert_allclose(way, expected, atol=1e-12)
    assert [each.gripper for each in planned[: 2 * TICKS]] == [0.0] * TICKS + [1.0] * TICKS


def test_an_action_whose_answer_comes_late_is_still_carried_out() -> None:
    mailbox = PolicyMailbox(lambda: None, TICK_NS / 1e9)
    actions = np.array([[0.04, 0, 0, 0, 0, 0, 1.0]])
    planned = spread(np.eye(4), actions)
    late_ns = 400_000_000  # twice the time that one action takes
    grippers = [each.gripper for each in planned if each.gripper is not None]
    mailbox.put(1, [each.ee_pose for each in planned], grippers)
    seen = Observation(
        time_ns=1 + late_ns,
        joint_positions_rad=np.zeros(7),
        joint_velocities_rad_s=np.zeros(7),
        ee_pose=np.eye(4),
        gripper_width_m=0.04,
        images={},
    )
    action = mailbox.act(seen)
    assert action.decided_by == Decider.POLICY
    np.testing.assert_allclose(action.ee_pose[0, 3], 0.04, atol=1e-12)


def test_a_run_that_was_stopped_ends_as_if_it_had_not_been(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "CHECKPOINT_STEPS", 2)
    whole = _trained(tmp_path / "whole", base)
    data = tmp_path / "stopped"
    take, job = draw_take(data, "one", wandering=1), submit(data, "finetune", JobConfig())
    monkeypatch.setattr(job, "append_metrics", _cancelling_once(job, step=2))
    monkeypatch.setattr(type(job), "alive", property(lambda self: True))
    settings = recipe(base, take, grounding=0.2, steps=5, augment=True)
    with pytest.raises(StoppedLearning) as stopped:
        finetune(settings, job)
    left = get_adapter(data, stopped.value.folder.name)
    assert left.card.name.endswith(" (stopped)")
    assert left.card.stopped == "at step 2 of 5"
    assert load_openvla_policy(str(base), left.path).model is not None
    (job.path / "cancel").unlink()
    resumed = load_openvla_policy(str(base), finetune(settings, job)).model.state_dict()
    for name, tensor in whole.items():
        torch.testing.assert_close(resumed[name], tensor, rtol=0, atol=1e-6)


def _cancelling_once(job: JobFolder, step: int) -> Callable[..., None]:
    """Writes metrics; the first time at ``step``, somebody asks the job to stop."""
    told, done = job.append_metrics, []

    def append_metrics(**values: Any) -> None:
        told(**values)
        if values["step"] == step and not done:
            done.append(step)
            job.cancel()

    return append_metrics


def _trained(data: Path, base: Path) -> dict[str, torch.Tensor]:
    take, job = draw_take(data, "one", wandering=1), submit(data, "finetune", JobConfig())
    folder = finetune(recipe(base, take, grounding=0.2, steps=5, augment=True), job)
    return load_openvla_policy(str(base), folder).model.state_dict()


def test_the_cameras_are_those_of_the_takes(tmp_path: Path) -> None:
    draw_take(tmp_path, "a", cameras=("above", "side", "wrist"))
    draw_take(tmp_path, "b", cameras=("wrist", "side"))
    draw_take(tmp_path, "c", cameras=("front",))
    assert chosen_cameras(tmp_path, ["a"]) == ("above",)
    assert chosen_cameras(tmp_path, ["a", "b"]) == ("side",)
    assert chosen_cameras(tmp_path, ["a", "b"], ["wrist", "side"]) == ("wrist", "side")
    with pytest.raises(OtherCameras, match="Take b has no camera above"):
        chosen_cameras(tmp_path, ["a", "b"], ["above"])
    words = r"no camera in common \(b: wrist, side; c: front\)\. Choose takes"
    with pytest.raises(NoCommonCamera, match=words):
        chosen_cameras(tmp_path, ["b", "c"])


def test_the_adapter_remembers_the_camera_that_the_takes_gave(base: Path, job: JobFolder) -> None:
    take = draw_take(job.data, "one", cameras=("above",), wandering=1)
    folder = finetune(recipe(base, take, steps=1), job)
    assert load_openvla_policy(str(base), folder).cameras == ("above",)


def test_chunks_of_two_cameras_and_the_robots_own_state(
    tmp_path: Path, base: Path, job: JobFolder
) -> None:
    take = draw_take(job.data, "one", wandering=1)
    settings = recipe(base, take, chunk=3, cameras=("front", "wrist"), grounding=0.1, steps=12)
    folder = finetune(settings, job)
    losses = [float(row["action"] or 0) for row in job.metrics()]
    assert np.mean(losses[-3:]) < np.mean(losses[:3])
    agent = OpenVLAAgent(load_openvla_policy(str(base), folder), "push it")
    seen = observation(job.data, take, 0)
    assert len(agent.chunk(seen)) == 3 * TICKS + RESERVE_TICKS
    assert agent.execute == TICKS, "half a chunk, then another look"
    with pytest.raises(MissingCamera, match="wrist"):
        agent.chunk(Observation(**{**_fields(seen), "images": {"front": seen.images["front"]}}))


def _fields(seen: Observation) -> dict[str, Any]:
    return {name: getattr(seen, name) for name in Observation.__dataclass_fields__}


def test_the_card_says_what_the_adapter_needs(tmp_path: Path, base: Path, job: JobFolder) -> None:
    take = draw_take(job.data, "one", wandering=1)
    settings = recipe(base, take, name="wander")
    finetune(settings, job)
    card = list_adapters(job.data)[0].card
    assert (card.name, card.base, card.config["family"]) == ("wander", str(base), "openvla")
    assert card.config["batch"] == settings.batch
    assert [len(card.statistics["action"][name]) for name in ("q01", "q99", "mask")] == [7] * 3


def test_an_adapter_is_refused_on_another_base(tmp_path: Path, base: Path, job: JobFolder) -> None:
    take = draw_take(job.data, "one")
    folder = finetune(recipe(base, take, steps=1), job)
    other = write_checkpoint(tmp_path / "other", tokenizer=True)
    weights = other / "model.safetensors"
    tensors = load_file(weights)
    tensors["language_model.model.layers.1.mlp.up_proj.weight"][0, 7] += 1e-3  # in the middle
    save_file(tensors, weights, metadata={"format": "pt"})
    with pytest.raises(AnotherBase, match="other weights"):
        load_openvla_policy(str(other), folder)


def test_a_take_with_a_flipped_byte_is_refused_by_name(base: Path, job: JobFolder) -> None:
    take = draw_take(job.data, "flipped")
    path = job.data / "takes" / take / "take.h5"
    content = bytearray(path.read_bytes())
    content[content.index(b"\xff\xd8\xff") + 400] ^= 8  # in a picture, which still opens
    path.write_bytes(content)
    with pytest.raises(TakeRefused, match="Take flipped"):
        finetune(recipe(base, take, steps=1), job)


@pytest.mark.parametrize("chunk", [1, 4])
def test_without_a_gripper_actions_have_six_numbers(base: Path, job: JobFolder, chunk: int) -> None:
    take = draw_take(job.data, "without", gripper=None)
    folder = finetune(recipe(base, take, chunk=chunk), job)
    policy = load_openvla_policy(str(base), folder)
    assert policy.statistics.q01.shape == (6,)
    agent = OpenVLAAgent(policy, "push the red square to the right")
    seen = first_look(job.data, take)
    planned = agent.chunk(seen)
    assert {action.gripper for action in planned} == {None}
    assert all(np.isfinite(action.ee_pose).all() for action in planned)
    with pytest.raises(GripperMismatch):
        agent.chunk(replace(seen, gripper_width_m=0.04))


def first_look(data: Path, take_id: str) -> Observation:
    with Take.open(data / "takes" / take_id) as take:
        return Observation(
            time_ns=1,
            joint_positions_rad=np.zeros(7),
            joint_velocities_rad_s=np.zeros(7),
            ee_pose=take.robot.ee_pose[0],
            gripper_width_m=None,
            images={name: take.image(name, 0) for name in take.frames},
        )


def test_grounding_needs_masks_and_plain_cloning_does_not(base: Path, job: JobFolder) -> None:
    take = draw_take(job.data, "one", labeled=False)
    with pytest.raises(NothingToLearn, match="mask"):
        finetune(recipe(base, take, grounding=0.1), job)
    assert finetune(recipe(base, take, steps=1), job).is_dir()


def test_small_pieces_of_a_batch_add_up_to_it(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.optim, "AdamW", torch.optim.SGD)  # a step as long as its gradient
    weights = []
    for pieces in (4, 2):
        data = tmp_path / str(pieces)
        take, job = draw_take(data, "one", wandering=1), submit(data, "finetune", JobConfig())
        folder = finetune(recipe(base, take, steps=1, rate=1.0, micro_batch=pieces), job)
        weights.append(load_openvla_policy(str(base), folder).model.state_dict())
    changed = [name for name in weights[0] if "lora_B" in name]
    for name in changed:
        torch.testing.assert_close(weights[0][name], weights[1][name], rtol=1e-3, atol=1e-6)
    assert max(weights[0][name].abs().max() for name in changed) > 1e-3


def test_a_half_precision_base_that_keeps_no_activations_is_trained_everywhere(base: Path) -> None:
    model = load_openvla(base, dtype=torch.bfloat16)
    model.gradient_checkpointing(True)
    adapted = add_lora(model, rank=4, alpha=4).train()
    ids = torch.randint(3, 200, (2, 12))
    labels = torch.where(torch.arange(12) < 5, -100, ids)
    with torch.autocast("cpu", torch.bfloat16):
        pixels = torch.randn(2, 6, 224, 224, dtype=torch.bfloat16)
        said = model.answers(pixels, ids, torch.ones_like(ids), labels, hidden=True)
        torch.nn.functional.cross_entropy(said.logits.float(), said.labels).backward()
    named = [(name, p.grad) for name, p in adapted.named_parameters() if ".lora_B" in name]
    trained = {name: gradient for name, gradient in named if gradient is not None}
    for part in ("featurizer", "fused_featurizer", "projector", "layers.0", "layers.1", "lm_head"):
        assert any(part in name and grad.abs().max() > 0 for name, grad in trained.items()), part
    assert all(g.dtype == torch.float32 and g.isfinite().all() for g in trained.values())
