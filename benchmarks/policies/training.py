"""A small transformer that trains on random data, for ever, as urgent as a job; a line a step."""

import sys

import torch
from torch import nn

from teachloop.runtime.processes.priority import set_priority


def train() -> None:
    """Until it is killed."""
    set_priority(10)
    torch.set_num_threads(2)
    layer = nn.TransformerEncoderLayer(192, 4, 768, batch_first=True)
    model = nn.TransformerEncoder(layer, 4)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    while True:
        batch = torch.randn(16, 80, 192)
        loss = (model(batch) - batch).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        sys.stdout.write(f"{loss.item():.4f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    train()
