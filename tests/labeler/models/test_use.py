"""Weights that somebody has are named in the settings, once their method finds them to be some."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from made_up_methods import SIZED, NoSide

from teachloop.labeler.methods import Methods, NoWeightsTaken, UnknownMethod
from teachloop.labeler.models.listing import MethodWeights, list_models
from teachloop.labeler.models.settings_file import SettingsFile, forget_weights, name_weights
from teachloop.labeler.models.use import use_weights
from teachloop.labeler.segmenters.sam.weights import UnusableWeights
from teachloop.labeler.settings import LabelerSettings

KEPT = {
    "segmenters": {"sized": SIZED, "squares": "made_up_methods:Squares"},
    "weights": {"another": "/models/another.pth"},
    "propagators": {"copies": {"factory": "made_up_methods:Copies", "costs": "nothing"}},
    "segmenter": "squares",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "labeler.json").write_text(json.dumps(KEPT))
    (tmp_path / "seven").write_text("7")
    return tmp_path


def use(data: Path, method: str, weights: str) -> None:
    use_weights(data, Methods(LabelerSettings.read(data)), method, weights)


def settings(data: Path) -> dict[str, Any]:
    return json.loads((data / "labeler.json").read_text())


def row(data: Path, name: str) -> MethodWeights:
    return next(each for each in list_models(data).methods if each.name == name)


def test_what_is_named_is_kept_beside_all_else(data: Path) -> None:
    use(data, "sized", str(data / "seven"))
    named = {**KEPT["weights"], "sized": str(data / "seven")}
    assert settings(data) == {**KEPT, "weights": named}
    forget_weights(data, "sized")
    assert settings(data) == KEPT


def test_a_place_below_home_or_here_is_found_from_anywhere(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(data))
    use(data, "sized", "~/seven")
    assert settings(data)["weights"]["sized"] == str(data / "seven")
    monkeypatch.chdir(data)
    use(data, "sized", "seven")
    assert settings(data)["weights"]["sized"] == str(data / "seven")


def test_what_the_method_does_not_take_is_refused_in_its_words(data: Path) -> None:
    (data / "none").write_text("seven")
    for wrong in (str(data / "none"), str(data / "nowhere"), "somebody/model"):
        with pytest.raises(NoSide, match=f"{wrong} is no side of a square"):
            use(data, "sized", wrong)
    assert settings(data) == KEPT


def test_sam_takes_no_other_file(data: Path) -> None:
    (data / "sam_vit_b_01ec64.pth").write_bytes(b"not found")
    with pytest.raises(UnusableWeights, match="no checkpoint of SAM"):
        use(data, "segment-anything", str(data / "sam_vit_b_01ec64.pth"))
    assert settings(data) == KEPT


def test_who_takes_no_weights_or_is_not_there_is_named_none(data: Path) -> None:
    with pytest.raises(NoWeightsTaken, match="classical takes no weights"):
        use(data, "classical", str(data / "seven"))
    with pytest.raises(UnknownMethod, match="Known: classical, segment-anything, sam2, sized"):
        use(data, "sam", str(data / "seven"))


def test_a_segmenter_whose_weights_are_forgotten_is_no_default(data: Path) -> None:
    (data / "labeler.json").write_text(json.dumps({**KEPT, "segmenter": "sized"}))
    use(data, "sized", str(data / "seven"))
    forget_weights(data, "sized")
    assert LabelerSettings.read(data).segmenter == "classical"


def test_without_settings_there_are_some_afterwards(tmp_path: Path) -> None:
    name_weights(tmp_path, "segment-anything", "/models/sam.pth")
    assert settings(tmp_path) == {"weights": {"segment-anything": "/models/sam.pth"}}


def test_nothing_to_forget_is_no_reason_to_write(tmp_path: Path) -> None:
    forget_weights(tmp_path, "segment-anything")
    assert list(tmp_path.iterdir()) == []


def test_on_a_full_disk_the_settings_stay_as_they_were(data: Path, small_disk: Any) -> None:
    content = (data / "labeler.json").read_bytes()
    (small_disk.path / "labeler.json").write_bytes(content)
    small_disk.fill()
    with pytest.raises(OSError, match="No space left"):
        name_weights(small_disk.path, "sized", "/models/nine")
    assert (small_disk.path / "labeler.json").read_bytes() == content


def test_many_name_at_once_and_none_is_lost(data: Path) -> None:
    names = [f"method {number}" for number in range(20)]
    threads = [threading.Thread(target=name_weights, args=(data, name, "w")) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(settings(data)["weights"]) == {"another", *names}


def test_whoever_changes_the_settings_they_are_read_again(data: Path) -> None:
    file = SettingsFile(data)
    file.read()
    assert not file.changed
    (data / "labeler.json").write_text("{}")
    assert file.changed
    assert file.read() == LabelerSettings()
    (data / "labeler.json").unlink()
    assert file.changed


def test_the_list_says_what_is_named_where_and_how_large(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (row(data, "sized").weights, row(data, "sized").named_in) == ("", "")
    monkeypatch.setenv("MADE_UP_SIDE", str(data / "seven"))
    found = row(data, "sized")
    assert (found.weights, found.named_in, found.size) == (
        *(str(data / "seven"), "MADE_UP_SIDE"),
        1,
    )
    (data / "seventy").write_text("70")
    use(data, "sized", str(data / "seventy"))
    found = row(data, "sized")
    assert (found.weights, found.named_in, found.size) == (
        *(str(data / "seventy"), "labeler.json"),
        2,
    )
    (data / "seventy").unlink()
    assert row(data, "sized").size == 0


def test_weights_of_a_methods_own_entry_are_not_a_choice(data: Path) -> None:
    own = {**SIZED, "weights": str(data / "seven")}
    (data / "labeler.json").write_text(json.dumps({"segmenters": {"sized": own}}))
    assert row(data, "sized").named_in == "its entry of labeler.json"


def test_the_list_has_every_method_with_what_is_published_of_it(data: Path) -> None:
    rows = {each.name: each for each in list_models(data).methods}
    assert list(rows) == [
        *("classical", "segment-anything", "sam2", "sized", "squares", "copies", "sam3"),
        *("templates", "language-model"),
    ]
    assert [name for name, each in rows.items() if each.takes_weights] == [
        "segment-anything",
        "sam2",
        "sized",
        "sam3",
        "language-model",
    ]
    classical = rows["classical"]
    assert (classical.segments, classical.propagates, classical.published) == (True, True, [])
    vit_b = rows["segment-anything"].published[0]
    assert (vit_b.name, vit_b.licence, vit_b.whole) == ("sam_vit_b_01ec64.pth", "Apache-2.0", False)


def test_a_folder_is_as_large_as_its_files_and_an_id_that_is_not_here_is_nothing(
    data: Path,
) -> None:
    (data / "folder").mkdir()
    for name in ("config.json", "model.safetensors"):
        (data / "folder" / name).write_bytes(bytes(500))
    (data / "folder" / "whatever lies below").mkdir()
    (data / "folder" / "whatever lies below" / "file").write_bytes(b"more")
    name_weights(data, "sized", str(data / "folder"))
    assert row(data, "sized").size == 1000
    for absent in ("somebody/not-here", "~nobody/x", "three/part/id", "x" * 5000, "a\0b"):
        name_weights(data, "sized", absent)
        assert row(data, "sized").size == 0
