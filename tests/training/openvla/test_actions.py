"""Actions, statistics, prompts and labels, without any model."""

import numpy as np
import pytest
import torch

from teachloop.training.openvla.actions import ActionTokenizer
from teachloop.training.openvla.examples import IGNORED, collate, example
from teachloop.training.openvla.images import ImageProcessor
from teachloop.training.openvla.prompt import prompt
from teachloop.training.openvla.statistics import (
    NoSuchStatistics,
    Statistics,
    WrongStatistics,
    action_statistics,
    find_statistics,
)

LLAMA = ActionTokenizer(32000)
GRIPPER_LAST = [True] * 6 + [False]
MEANS, STDS = ((0.5, 0.4, 0.3), (0.5, 0.5, 0.5)), ((0.2, 0.3, 0.4), (0.5, 0.5, 0.5))


def test_action_tokens_are_the_last_256_of_llama_s_vocabulary() -> None:
    actions = np.linspace(-1.5, 1.5, 5001)
    tokens = LLAMA.encode(actions)
    assert (tokens.min(), tokens.max()) == (31744, 31999)
    assert (np.diff(tokens) <= 0).all()  # the greater the action, the lower the id


def test_a_decoded_action_is_within_half_a_bin() -> None:
    actions = np.random.default_rng(0).uniform(-1, 1, (200, 7))
    assert np.abs(LLAMA.decode(LLAMA.encode(actions)) - actions).max() <= 1 / 255 + 1e-12


def test_any_other_token_decodes_to_the_nearest_end() -> None:
    assert LLAMA.decode([0, 31743]).tolist() == [254 / 255, 254 / 255]
    assert LLAMA.decode([32000, 32063]).tolist() == [-254 / 255, -254 / 255]


def statistics(low: float = -0.5, high: float = 1.5) -> Statistics:
    return Statistics(np.full(7, low), np.full(7, high), np.array(GRIPPER_LAST))


def test_percentiles_become_minus_one_and_one_and_the_gripper_stays() -> None:
    scaled = statistics().normalise([[-0.5] * 6 + [0.3], [0.5] * 6 + [5.0], [9.0] * 6 + [1.0]])
    np.testing.assert_allclose(scaled[:, :6], [[-1.0] * 6, [0.0] * 6, [1.0] * 6])
    assert scaled[:, 6].tolist() == [0.3, 5.0, 1.0]


def test_restoring_undoes_normalising_inside_the_percentiles() -> None:
    actions = np.random.default_rng(0).uniform(-0.5, 1.5, (50, 7))
    back = statistics().restore(statistics().normalise(actions))
    np.testing.assert_allclose(back, actions, atol=1e-12)


def test_a_number_that_never_changes_does_not_explode() -> None:
    constant = statistics(0.25, 0.25)
    assert constant.normalise(np.full(7, 0.2500001))[:6].tolist() == [0.0] * 6
    np.testing.assert_allclose(constant.restore(np.zeros(7))[:6], 0.25)


def test_measured_statistics_are_percentiles_of_the_actions() -> None:
    actions = np.tile(np.arange(101.0)[:, None], (1, 7))
    measured = Statistics.measure(actions, GRIPPER_LAST)
    assert measured.q01.tolist() == [1.0] * 7
    assert measured.q99.tolist() == [99.0] * 7
    assert Statistics.read(measured.as_json()).as_json() == measured.as_json()


def test_statistics_that_cannot_be_used_are_refused() -> None:
    with pytest.raises(WrongStatistics, match="q99"):
        Statistics.read({"q01": [0.0]})
    with pytest.raises(WrongStatistics, match=r"q01 is \[1\.0\]"):
        Statistics.read({"q01": [1.0], "q99": [0.0]})
    with pytest.raises(WrongStatistics, match="lengths"):
        Statistics.read({"q01": [0.0, 0.0], "q99": [1.0]})
    with pytest.raises(NoSuchStatistics, match="Known: bridge"):
        find_statistics({"bridge": {}}, "ours")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"q01": None}, "q01 must be a list"),
        ({"q01": ["a"] * 7}, r"q01\[0\] must be a number"),
        ({"q01": [None] * 7}, r"q01\[0\] must be a number"),
        ({"q99": [float("inf")] * 7}, r"q99\[0\] must be a finite number"),
        ({"q01": 0.0, "q99": 1.0, "mask": True}, "must be a list"),
        ({"q01": [[-1.0] * 7], "q99": [[1.0] * 7]}, r"q01\[0\] must be a number"),
        ({"mask": ["True"] * 7}, r"mask\[0\] must be true or false"),
        ({"mask": [True] * 6}, "lengths"),
        ({"q01": [1.0] * 7, "q99": [-1.0] * 7}, "q01 is"),
    ],
)
def test_statistics_of_another_form_are_refused_in_words(
    changed: dict[str, object], said: str
) -> None:
    usual = {"q01": [-1.0] * 7, "q99": [1.0] * 7, "mask": GRIPPER_LAST}
    assert action_statistics(usual).as_json() == usual
    with pytest.raises(WrongStatistics, match=said):
        action_statistics({**usual, **changed})


@pytest.mark.parametrize("entry", [None, [1, 2], {}, {"action": [1, 2, 3]}, {"action": None}])
def test_a_data_set_without_statistics_is_refused(entry: object) -> None:
    with pytest.raises(WrongStatistics):
        find_statistics({"bridge": entry}, "bridge")


def test_without_a_mask_every_number_is_scaled() -> None:
    assert Statistics.read({"q01": [0.0], "q99": [2.0]}).normalise([2.0]).tolist() == [1.0]


def test_the_prompt_is_that_of_training() -> None:
    asked = "In: What action should the robot take to push the red cube?\nOut:"
    assert prompt("Push the RED cube") == asked


def test_only_the_action_and_the_end_are_learned() -> None:
    asked, action = [1, 40, 41, 42], [31800 + n for n in range(7)]
    made = example(asked, action, end_id=2)
    assert made.input_ids.tolist() == [*asked, *action, 2]
    assert made.labels.tolist() == [IGNORED] * 4 + [*action, 2]


def test_padding_is_neither_read_nor_learned() -> None:
    batch = collate([example([1, 40, 41], [50], 2), example([1], [51], 2)], pad_id=9)
    assert batch.input_ids.tolist() == [[1, 40, 41, 50, 2], [1, 51, 2, 9, 9]]
    assert batch.attention_mask.tolist() == [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]
    assert batch.labels.tolist() == [[-100, -100, -100, 50, 2], [-100, 51, 2, -100, -100]]


def test_each_tower_gets_the_image_in_its_own_scale() -> None:
    image = np.full((48, 64, 3), [255, 0, 51], np.uint8)
    pixels = ImageProcessor(MEANS, STDS)([image, image])
    assert pixels.shape == (2, 6, 224, 224)
    wanted = [(1 - 0.5) / 0.2, (0 - 0.4) / 0.3, (0.2 - 0.3) / 0.4, 1.0, -1.0, -0.6]
    expected = torch.tensor(wanted).reshape(1, 6, 1, 1).expand(2, 6, 224, 224)
    torch.testing.assert_close(pixels, expected)


def test_the_whole_image_is_kept_whatever_its_aspect() -> None:
    image = np.zeros((100, 400, 3), np.uint8)
    image[:, 200:] = 255
    red = ImageProcessor(MEANS, STDS)([image])[0, 3]  # SigLIP's: -1 … 1
    assert (red[:, :100] == -1).all()
    assert (red[:, 124:] == 1).all()


def test_enlarging_is_bicubic_and_shrinking_averages() -> None:
    small = np.full((28, 28, 3), 64, np.uint8)
    small[:, 14:] = 192
    fine = np.indices((896, 896)).sum(0)[..., None].repeat(3, 2) % 2 * 200
    enlarged, shrunk = ImageProcessor(MEANS, STDS)([small, fine.astype(np.uint8)])[:, 3]
    assert (enlarged * 127.5 + 127.5).max() > 196  # a cubic overshoots an edge, a line does not
    assert (shrunk * 127.5 + 127.5 - 100).abs().max() < 2  # each pixel is of many, not of one


def test_the_centre_crop_keeps_nine_tenths_of_the_area() -> None:
    ramp = np.tile(np.arange(224, dtype=np.uint8)[None, :, None], (224, 1, 3))
    red = ImageProcessor(MEANS, STDS)([ramp], centre_crop=True)[0, 3]
    shown = (red + 1) / 2 * 255
    margin = (1 - 0.9**0.5) / 2 * 223  # pixels left out on either side
    wanted = torch.linspace(margin, 223 - margin, 224).expand(224, 224)
    assert (shown - wanted).abs().max() <= 1.0


def test_the_centre_crop_of_a_plain_image_is_the_same_image() -> None:
    plain = np.full((224, 224, 3), 131, np.uint8)
    processor = ImageProcessor(MEANS, STDS)
    torch.testing.assert_close(processor([plain], centre_crop=True), processor([plain]))
