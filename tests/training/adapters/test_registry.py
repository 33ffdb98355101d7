import json
from pathlib import Path

import pytest

from teachloop.runtime.json_file import BrokenJson
from teachloop.training.adapters.card import AdapterCard, Comparison, TakeReference, write_card
from teachloop.training.adapters.registry import (
    AdapterDamaged,
    DamagedAdapter,
    EmptyName,
    NameTaken,
    NoSuchAdapter,
    delete_adapter,
    finished_path,
    free_name,
    get_adapter,
    list_adapters,
    list_all,
    new_adapter,
    record_evaluation,
    rename_adapter,
    restore_adapter,
    sha256_of,
)

CARD = AdapterCard(
    name="push the red cube",
    base="grounded-small",
    base_sha256="0" * 64,
    takes=(TakeReference(id="20261122-154312-0007", sha256="1" * 64, labels_revision=3),),
    statistics={"action_mean": [0.0, 0.1], "action_scale": [1.0, 2.0]},
)
FIRST = Comparison(success_before=0.1, success_after=0.8, rollouts=50)
SECOND, THIRD = (FIRST.model_copy(update={"success_after": share}) for share in (0.6, 0.7))


def make(data: Path) -> str:
    with new_adapter(data) as folder:
        (folder / "head.safetensors").write_bytes(b"weights")
        write_card(folder, CARD)
    return finished_path(folder).name


def test_a_finished_adapter_reads_back_as_written(tmp_path: Path) -> None:
    adapter = get_adapter(tmp_path, make(tmp_path))
    assert adapter.card == CARD
    assert (adapter.path / "head.safetensors").read_bytes() == b"weights"


def test_the_newest_is_listed_first_also_where_the_clock_was_set_back(tmp_path: Path) -> None:
    adapters = tmp_path / "adapters"
    ahead = (adapters / make(tmp_path)).rename(adapters / "20990101-000000-9c1e").name
    binned = make(tmp_path)
    delete_adapter(tmp_path, binned)
    newest = make(tmp_path)
    restore_adapter(tmp_path, binned)
    assert [each.id for each in list_adapters(tmp_path)] == [newest, binned, ahead]


def test_the_card_names_the_versions_it_was_made_with(tmp_path: Path) -> None:
    assert {"python", "torch", "peft"} <= CARD.versions.keys()


def test_an_adapter_is_invisible_until_it_is_finished(tmp_path: Path) -> None:
    with new_adapter(tmp_path) as folder:
        write_card(folder, CARD)
        assert list_adapters(tmp_path) == []
    assert [adapter.path for adapter in list_adapters(tmp_path)] == [finished_path(folder)]


def test_a_failed_adapter_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk full"), new_adapter(tmp_path):
        raise OSError("disk full")
    assert list((tmp_path / "adapters").iterdir()) == []


def test_an_adapter_without_a_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenJson), new_adapter(tmp_path):
        pass
    assert list((tmp_path / "adapters").iterdir()) == []


def test_a_broken_card_does_not_hide_the_others(tmp_path: Path) -> None:
    good = make(tmp_path)
    broken = tmp_path / "adapters" / "broken"
    broken.mkdir()
    (broken / "adapter.json").write_text('{"name": "half')
    assert [adapter.id for adapter in list_adapters(tmp_path)] == [good]
    (damaged,) = (each for each in list_all(tmp_path) if isinstance(each, DamagedAdapter))
    assert (damaged.id, "adapter.json" in damaged.reason) == ("broken", True)
    with pytest.raises(AdapterDamaged, match="broken"):
        get_adapter(tmp_path, "broken")
    assert delete_adapter(tmp_path, "broken").is_dir()


def test_what_another_version_wrote_on_a_card_hides_nothing_and_is_kept(tmp_path: Path) -> None:
    adapter_id = make(tmp_path)
    path = tmp_path / "adapters" / adapter_id / "adapter.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "mood": {"good": [1, 2]}}))
    assert [adapter.id for adapter in list_adapters(tmp_path)] == [adapter_id]
    rename_adapter(tmp_path, adapter_id, "other")
    record_evaluation(tmp_path, adapter_id, FIRST)
    content = json.loads(path.read_text())
    assert (content["mood"], content["name"]) == ({"good": [1, 2]}, "other")


def test_two_adapters_never_have_one_name(tmp_path: Path) -> None:
    first, second = make(tmp_path), make(tmp_path)
    rename_adapter(tmp_path, first, "mine")
    rename_adapter(tmp_path, first, "mine")
    with pytest.raises(NameTaken, match="mine"):
        rename_adapter(tmp_path, second, " mine ")
    assert free_name(tmp_path, "yours") == "yours"
    assert free_name(tmp_path, "mine") == "mine 2"
    rename_adapter(tmp_path, second, "mine 2")
    assert free_name(tmp_path, "mine") == "mine 3"


def test_renaming_changes_the_name_and_not_the_id(tmp_path: Path) -> None:
    adapter_id = make(tmp_path)
    rename_adapter(tmp_path, adapter_id, "  das Schieben ")
    assert get_adapter(tmp_path, adapter_id).card.name == "das Schieben"


def test_an_empty_name_is_refused(tmp_path: Path) -> None:
    adapter_id = make(tmp_path)
    with pytest.raises(EmptyName):
        rename_adapter(tmp_path, adapter_id, "  ")


def test_an_evaluation_is_kept_on_the_card(tmp_path: Path) -> None:
    adapter_id = make(tmp_path)
    record_evaluation(tmp_path, adapter_id, FIRST)
    assert get_adapter(tmp_path, adapter_id).card.evaluation == FIRST


def test_a_new_evaluation_wipes_no_earlier_one(tmp_path: Path) -> None:
    adapter_id = make(tmp_path)
    for found in (FIRST, SECOND, THIRD):
        record_evaluation(tmp_path, adapter_id, found)
    card = get_adapter(tmp_path, adapter_id).card
    assert (card.evaluation, card.earlier) == (THIRD, (SECOND, FIRST))


def test_a_deleted_adapter_waits_in_the_bin_and_comes_back_whole(tmp_path: Path) -> None:
    adapter_id = make(tmp_path)
    before = sha256_of(tmp_path / "adapters" / adapter_id)
    delete_adapter(tmp_path, adapter_id)
    assert list_adapters(tmp_path) == []
    restore_adapter(tmp_path, adapter_id)
    assert sha256_of(tmp_path / "adapters" / adapter_id) == before


def test_an_unknown_adapter_is_named_with_the_known_ones(tmp_path: Path) -> None:
    known = make(tmp_path)
    with pytest.raises(NoSuchAdapter, match=known):
        get_adapter(tmp_path, "nothing")
