"""The station's settings in a real browser: drivers, names, trials, saving, starting again."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from teachloop.geometry.camera import Camera

TITLE = "document.querySelector('.tl-setup .device .title').textContent === given"
SAVED = "document.querySelector('.tl-setup .saved').textContent === given"
NOTE = "document.querySelector('.tl-setup .box-seen .note').textContent.includes(given)"
RESULT = "document.querySelector('.tl-setup .result').textContent.includes(given)"
FIELD = ".tl-setup [data-field='{}'] :is(input, select)"
PROBLEM = ".tl-setup [data-field='{}'] .problem:not(:empty)"


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A server of its own: what is saved here is of no other test."""
    server = new_server(tmp_path_factory.mktemp("setup"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def setup(window: Any) -> Any:
    """A window that shows the settings as they are saved, the robot chosen."""
    window.page.keyboard.press("6")
    window.wait(TITLE, "Robot")
    return window


def saved(server: Any) -> dict[str, Any]:
    return yaml.safe_load((Path(server.data) / "station.yaml").read_text("utf-8"))


def set_field(window: Any, path: str, value: str) -> None:
    selector = FIELD.format(path)
    window.page.fill(selector, value)
    window.page.press(selector, "Tab")
    window.blur()


def test_it_shows_what_is_connected(setup: Any) -> None:
    lights = "document.querySelectorAll('.tl-setup .lists .light.green').length === given"
    setup.wait(lights, 6)  # robot, gripper, two cameras, two inputs
    names = setup.page.locator(".tl-setup .lists li b").all_inner_texts()
    assert names == ["robot", "gripper", "front", "wrist", "keyboard", "expert"]


def test_a_name_that_cannot_be_is_refused_beside_its_field(setup: Any) -> None:
    setup.page.click(".tl-setup .of-cameras button >> nth=0")
    setup.wait(TITLE, "Camera front")
    for wrong, why in (("wrist", "already"), ("a name", "letters")):
        set_field(setup, "cameras.front.name", wrong)
        problem = setup.page.wait_for_selector(PROBLEM.format("cameras.front.name"))
        assert why in problem.inner_text()


def test_a_mistake_is_said_beside_its_field(setup: Any) -> None:
    setup.page.click(".tl-setup .of-cameras button >> nth=1")
    set_field(setup, "cameras.wrist.width", "5")
    setup.page.click(".tl-setup .robot button")
    setup.enabled(".tl-setup .save")
    setup.page.keyboard.press("s")
    problem = setup.page.wait_for_selector(PROBLEM.format("cameras.wrist.width"))
    assert "16" in problem.inner_text()
    assert setup.page.locator(FIELD.format("cameras.wrist.width")).is_visible()
    setup.blur()
    setup.page.keyboard.press("z")
    setup.wait("document.querySelector('.tl-setup .save').disabled")


def test_what_a_driver_can_be_told_is_shown_and_saved(setup: Any, server: Any) -> None:
    page = setup.page
    page.select_option(FIELD.format("robot.driver"), "panda")
    address = FIELD.format("robot.settings.address")
    page.wait_for_selector(address)
    assert page.input_value(address) == "172.16.0.2"
    told = page.inner_text(".tl-setup [data-field='robot.settings.stiffness']")
    assert "soft gives way when touched" in told
    set_field(setup, "robot.settings.address", "10.0.0.7")
    page.select_option(FIELD.format("robot.settings.stiffness"), label="soft")
    setup.blur()
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")
    assert saved(server)["robot"]["settings"] == {"address": "10.0.0.7", "stiffness": "soft"}
    page.select_option(FIELD.format("robot.driver"), "simulated")
    setup.blur()
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")
    assert saved(server)["robot"]["driver"] == "simulated"


def test_what_is_mounted_at_the_flange_is_set_and_a_rotation_that_is_none_is_refused(
    setup: Any, server: Any
) -> None:
    page = setup.page
    page.check(FIELD.format("robot.tool"))
    cell = FIELD.format("robot.tool.position_m[2]")
    page.wait_for_selector(cell)
    assert page.input_value(cell) == "0.1034", "where it is without being set"
    set_field(setup, "robot.tool.position_m[2]", "0.125")
    set_field(setup, "robot.tool.rotation[2][2]", "-1")
    setup.enabled(".tl-setup .save")
    page.keyboard.press("s")
    problem = page.wait_for_selector(PROBLEM.format("robot.tool.rotation"))
    assert "this one mirrors" in problem.inner_text()
    setup.blur()
    set_field(setup, "robot.tool.rotation[2][2]", "1")
    page.check(FIELD.format("robot.payload"))
    set_field(setup, "robot.payload.mass_kg", "0.4")
    set_field(setup, "robot.payload.centre_m[2]", "0.15")
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")
    robot = saved(server)["robot"]
    assert robot["tool"]["position_m"] == [0.0, 0.0, 0.125]
    assert (robot["payload"]["mass_kg"], robot["payload"]["centre_m"]) == (0.4, [0.0, 0.0, 0.15])
    page.uncheck(FIELD.format("robot.tool"))
    page.uncheck(FIELD.format("robot.payload"))
    setup.blur()
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")
    assert "tool" not in saved(server)["robot"]


def test_the_gripper_is_chosen_and_tried(setup: Any, server: Any) -> None:
    page = setup.page
    page.click(".tl-setup .gripper button")
    setup.wait(TITLE, "Gripper")
    assert page.input_value(FIELD.format("gripper.settings.force_n")) == "40"
    page.select_option(FIELD.format("gripper.driver"), "none")
    page.wait_for_selector(FIELD.format("gripper.settings.force_n"), state="detached")
    setup.blur()
    page.keyboard.press("t")
    setup.wait(RESULT, "the robot's readings")
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")
    assert saved(server)["gripper"]["driver"] == "none"
    page.select_option(FIELD.format("gripper.driver"), "hand")
    setup.blur()
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")


def test_buttons_at_the_hand_are_keys_that_a_page_knows(setup: Any, server: Any) -> None:
    page = setup.page
    check = FIELD.format("buttons.check")
    assert page.locator(check).count() == 0, "a simulated robot has no Desk"
    page.select_option(FIELD.format("robot.driver"), "panda")
    page.wait_for_selector(check)
    texts = page.locator(f"{check} option").all_inner_texts()
    assert "R · Record or stop" in texts
    assert "Space · Stop" in texts
    page.select_option(check, "r")
    page.select_option(FIELD.format("buttons.cross"), "Backspace")
    page.select_option(FIELD.format("buttons.circle"), "g")
    setup.blur()
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")
    assert saved(server)["buttons"] == {"check": "r", "cross": "Backspace", "circle": "g"}
    page.select_option(FIELD.format("buttons.circle"), "")
    setup.blur()
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")
    assert saved(server)["buttons"] == {"check": "r", "cross": "Backspace"}


def test_a_button_whose_key_no_page_knows_is_said_beside_it(setup: Any, server: Any) -> None:
    page, file = setup.page, Path(server.data) / "station.yaml"
    before = page.evaluate("fetch('/api/station').then((answer) => answer.json())")["settings"]
    content = {**before, "robot": {"driver": "panda"}, "buttons": {"up": "Q"}}
    file.write_text(yaml.safe_dump(content))
    setup.wait("document.querySelector(given)?.value === 'Q'", FIELD.format("buttons.up"))
    set_field(setup, "push_nm", "5")
    page.keyboard.press("s")
    problem = page.wait_for_selector(PROBLEM.format("buttons.up"))
    assert "Neither Record nor Roll out has a key Q" in problem.inner_text()
    page.select_option(FIELD.format("buttons.up"), "t")
    page.select_option(FIELD.format("robot.driver"), "simulated")
    setup.blur()
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")
    assert saved(server)["buttons"] == {"up": "t"}


def test_a_change_here_leaves_a_change_there_as_it_is(setup: Any, server: Any) -> None:
    page = setup.page
    page.select_option(FIELD.format("robot.driver"), "panda")
    page.wait_for_selector(FIELD.format("robot.settings.address"))
    set_field(setup, "push_nm", "7")
    assert page.input_value(FIELD.format("robot.driver")) == "panda"
    set_field(setup, "robot.settings.address", "10.0.0.8")
    assert page.input_value(FIELD.format("push_nm")) == "7"
    page.keyboard.press("z")
    setup.wait("document.querySelector('.tl-setup .save').disabled")


def test_limits_are_set_and_a_box_that_is_none_is_refused(setup: Any, server: Any) -> None:
    set_field(setup, "limits.speed_m_s", "0.25")
    set_field(setup, "limits.workspace_low_m[2]", "0.9")
    setup.enabled(".tl-setup .save")
    setup.page.keyboard.press("s")
    problem = setup.page.wait_for_selector(PROBLEM.format("limits"))
    assert "its z goes from 0.9 to 0.7 m" in problem.inner_text()
    setup.blur()
    set_field(setup, "limits.workspace_low_m[2]", "0.02")
    setup.page.keyboard.press("s")
    setup.wait(SAVED, "Saved")
    limits = saved(server)["limits"]
    assert (limits["speed_m_s"], limits["workspace_low_m"]) == (0.25, [0.2, -0.5, 0.02])


def drawn_at(window: Any, point: Sequence[float]) -> int:
    """How much is drawn, of 255, within two pixels of where the front camera sees a point."""
    cameras = window.ask("/api/station/calibrations")["cameras"]
    (pixel, depth) = Camera.from_dict(cameras["front"]).project(point, np.eye(4))
    assert depth > 0
    return window.page.evaluate(
        """([x, y, width]) => {
          const sheet = document.querySelector('.tl-setup .views canvas.over');
          const scale = sheet.width / width;
          const near = sheet.getContext('2d')
            .getImageData(Math.round(scale * x) - 2, Math.round(scale * y) - 2, 5, 5).data;
          return Math.max(...near.filter((_, index) => index % 4 === 3));
        }""",
        [*pixel.tolist(), cameras["front"]["width"]],
    )


def test_the_workspace_is_drawn_into_the_picture_as_it_is_edited(setup: Any) -> None:
    page = setup.page
    page.keyboard.press("b")
    setup.wait("document.querySelectorAll('.tl-setup .views .camera').length === 1")
    setup.wait("document.querySelector('.tl-setup .views .camera').dataset.frames > 2")
    set_field(setup, "limits.workspace_low_m[2]", "0")
    set_field(setup, "limits.workspace_low_m[1]", "-0.2")
    assert drawn_at(setup, [0.45, -0.2, 0.0]) > 200
    assert drawn_at(setup, [0.45, -0.1, 0.0]) < 100, "the floor is a tint"
    set_field(setup, "limits.workspace_low_m[1]", "-0.1")
    assert drawn_at(setup, [0.45, -0.2, 0.0]) == 0
    assert drawn_at(setup, [0.45, -0.1, 0.0]) > 200
    set_field(setup, "limits.workspace_low_m[2]", "-0.05")
    setup.wait(NOTE, "5.0 cm below the base")
    setup.page.keyboard.press("z")
    setup.wait(NOTE, "")
    page.keyboard.press("b")
    setup.wait("document.querySelectorAll('.tl-setup .views .camera').length === 0")


def test_a_spacemouse_is_set_and_a_test_says_that_there_is_none(setup: Any, server: Any) -> None:
    page = setup.page
    page.click(".tl-setup .lists li button:has(b:text-is('expert'))")
    setup.wait(TITLE, "Input expert")
    page.select_option(FIELD.format("inputs.expert.driver"), "spacemouse")
    locked = ".tl-setup [data-field='inputs.expert.settings.locked'] label:has-text('{}')"
    page.click(locked.format("pitch"))
    page.click(locked.format("roll"))
    page.click(locked.format("up"))
    page.click(locked.format("up"))
    page.select_option(FIELD.format("inputs.expert.settings.side"), label="back")
    setup.blur()
    page.keyboard.press("t")
    setup.wait(RESULT, "No SpaceMouse")
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")
    told = {"side": "back", "locked": ["roll", "pitch"]}
    expert = saved(server)["inputs"]["expert"]
    assert (expert["driver"], expert["settings"]) == ("spacemouse", told)
    page.select_option(FIELD.format("inputs.expert.driver"), "script")
    setup.blur()
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")


def test_a_camera_is_added_tried_saved_and_seen(setup: Any, server: Any) -> None:
    page = setup.page
    page.keyboard.press("a")
    setup.wait(TITLE, "Camera camera")
    setup.wait(SAVED, "Not saved")
    set_field(setup, "cameras.camera.name", "side")
    setup.wait(TITLE, "Camera side")
    page.select_option(FIELD.format("cameras.side.driver"), "synthetic")
    set_field(setup, "cameras.side.width", "320")
    set_field(setup, "cameras.side.height", "240")
    page.keyboard.press("t")
    setup.wait(RESULT, "frames of side")
    page.wait_for_selector(".tl-setup .result .light.green")
    page.keyboard.press("s")
    setup.wait(SAVED, "Saved")
    assert list(saved(server)["cameras"]) == ["front", "wrist", "side"]
    page.wait_for_selector(".tl-setup .restart:not([hidden])")
    setup.enabled(".tl-setup .again")
    page.keyboard.press("r")
    setup.tab("record")
    setup.wait("document.querySelectorAll('.tl-record .camera').length === 3")
    setup.more_frames(3, "record", "side")
