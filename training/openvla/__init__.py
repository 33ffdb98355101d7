"""OpenVLA-7B, native: built of transformers' own classes, from the published checkpoint.

Where to begin:
- `checkpoint.load_openvla` reads a folder or hub id, `saving.save_openvla` writes one.
- `model.OpenVLA` has `forward` (logits, loss, patches) and `gradient_checkpointing`;
  `decoding.greedy` answers a batch, `decoding.predict_action` an image.
- `examples` makes labelled sequences, `statistics` scales actions, `actions` makes them tokens.
- `lora.add_lora` adapts it, `lora.merge` merges with a check, `published_adapter` imports what
  the reference script trained, `parameters` counts entry by entry.
- `parallel` decodes a chunk of actions in one pass (OpenVLA-OFT).
- `self_test` runs at every load.
"""
