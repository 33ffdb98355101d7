"""Adapters: their cards, and folders of weights that claim to be one."""

import json
import pickle
import shutil
from pathlib import Path

import torch
from peft import PeftModel

from teachloop.app.web.routes.adapters import AdaptersAndBases, summary_of
from teachloop.runtime.errors import TeachloopError
from teachloop.training.adapters.card import (
    CARD,
    AdapterCard,
    Comparison,
    TakeReference,
    write_card,
)
from teachloop.training.adapters.registry import (
    delete_adapter,
    get_adapter,
    list_adapters,
    record_evaluation,
    rename_adapter,
    restore_adapter,
)
from teachloop.training.grounded.base import digest, load_base, save_base
from teachloop.training.grounded.config import PolicyConfig
from teachloop.training.grounded.layout import base_layout
from teachloop.training.grounded.lora import add_lora, load_policy, save_lora
from teachloop.training.grounded.policy import GroundedPolicy

from ..mutators import Mutator
from ..samples import TAKE_ID, Pickled
from ..tensors import changed_file

TINY = PolicyConfig(
    image_size=32, patch_size=8, width=16, vision_layers=1, text_layers=1, attention_heads=2,
    head_width=32, head_blocks=1, chunk=4,
)  # fmt: skip
ADAPTER_ID = "20270303-000000-abcd"


def write_base(folder: Path) -> Path:
    """A tiny base with random weights."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    save_base(GroundedPolicy(TINY).eval(), folder)
    return folder


def _lora(base: Path, folder: Path) -> None:
    adapted: PeftModel = add_lora(load_base(str(base)), rank=2)
    save_lora(adapted, folder)


class Adapters:
    """One adapter on a tiny base, written anew for each input."""

    def __init__(self, folder: Path) -> None:
        self._base = str(write_base(folder / "base"))
        self._data = folder / "data"
        self._good = folder / "good"
        _lora(Path(self._base), self._good)
        write_card(self._good, self._card())
        self._pickle = pickle.dumps(Pickled(folder / "canary"))
        self._path = self._data / "adapters" / ADAPTER_ID

    def _card(self) -> AdapterCard:
        layout = base_layout(TINY).model_dump(mode="json")
        return AdapterCard(
            name="mine",
            base=self._base,
            base_sha256=digest(self._base),
            takes=(TakeReference(id=TAKE_ID, sha256="0" * 64, labels_revision=3),),
            statistics={"action": {"q01": [0.0] * 7, "q99": [1.0] * 7, "mask": [True] * 7}},
            config={"preset": "tiny", "family": "grounded", "layout": layout},
            evaluation=Comparison(success_before=0.1, success_after=0.8, rollouts=20),
        )

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._data, ignore_errors=True)
        shutil.copytree(self._good, self._path)
        self._change(m)
        try:
            return self._list(m) or self._load()
        except TeachloopError as error:
            return str(error)

    def _change(self, m: Mutator) -> None:
        how = m.below(10)
        if how < 5:
            card = self._path / CARD
            text = card.read_bytes()
            card.write_bytes(m.json(json.loads(text)) if m.chance(0.8) else m.changed(text))
        elif how < 7:
            path = self._path / "lora" / "adapter_config.json"
            path.write_bytes(m.json(json.loads(path.read_bytes())))
        elif how < 9:
            changed_file(m, self._path / "lora" / "adapter_model.safetensors")
        else:
            self._odd_file(m)

    def _odd_file(self, m: Mutator) -> None:
        """A pickle where weights are expected, a folder where a file is, or nothing."""
        lora = self._path / "lora"
        name = m.draw.choice(("adapter_model.safetensors", "adapter_config.json"))
        (lora / name).unlink()
        if m.chance(0.3):
            (lora / name).mkdir()
        for each in ("adapter_model.bin", "adapter_model.safetensors", "pytorch_model.bin"):
            if not (lora / each).exists():
                (lora / each).write_bytes(self._pickle)

    def _list(self, m: Mutator) -> str:
        """Why it is not in the list; nothing where it is, and can be renamed, binned, restored."""
        found = [summary_of(each) for each in list_adapters(self._data)]
        AdaptersAndBases(adapters=found, damaged=[], bases=[]).model_dump_json()
        get_adapter(self._data, ADAPTER_ID)
        rename_adapter(self._data, ADAPTER_ID, str(m.hostile()))
        good = Comparison(success_before=None, success_after=0.5, rollouts=1)
        record_evaluation(self._data, ADAPTER_ID, good)
        delete_adapter(self._data, ADAPTER_ID)
        restore_adapter(self._data, ADAPTER_ID)
        return ""

    def _load(self) -> str:
        policy = load_policy(self._base, self._path)
        if not all(bool(value.isfinite().all()) for value in policy.state_dict().values()):
            raise ValueError("weights that are no numbers were accepted")
        return ""


SURFACE = Adapters
