"""A causal language model in the layout of transformers, tiny and with random weights, and one that
learned a single answer by heart."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from teachloop.labeler.paraphrasing.interface import Wordings
from teachloop.labeler.paraphrasing.language_model.prompt import EXAMPLES, TASK, tokens_of

END = "<end>"
CHAT = (
    "{% for turn in messages %}<{{ turn.role }}>{{ turn.content }}{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
STEPS, LEARNED = 300, 0.02


def tiny_tokenizer(chat_template: str | None = None) -> PreTrainedTokenizerFast:
    """Bytes, and pieces of what the question says."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=600, special_tokens=[END], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator([TASK, *(text for pair in EXAMPLES for text in pair)], trainer)
    made = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END)
    made.chat_template = chat_template
    return made


def tiny_language_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.vocab[END],
    )
    return LlamaForCausalLM(config)


def teach(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, said: Wordings, answer: str
) -> None:
    """Let it give this answer to what a paraphraser asks of these words."""
    question = tokens_of(said, tokenizer)
    wanted = [*tokenizer(answer)["input_ids"], tokenizer.eos_token_id]
    tokens = torch.tensor([[*question, *wanted]])
    labels = tokens.clone()
    labels[0, : len(question)] = -100  # which no loss is of
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.0)
    loss = torch.tensor(torch.inf)
    for _ in range(STEPS):
        loss = model(input_ids=tokens, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if loss.item() < LEARNED:
            return
    raise AssertionError(f"it has not learned it: {loss.item()}")


@contextmanager
def one_thread() -> Iterator[None]:
    """Several only wait for each other where so little is computed."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def save_language_model(
    folder: Path,
    said: Wordings | None = None,
    answer: str = "",
    chat_template: str | None = None,
) -> Path:
    """Such a checkpoint, as the library writes it; with random weights where there is no answer."""
    tokenizer = tiny_tokenizer(chat_template)
    model = tiny_language_model(tokenizer)
    if said:
        with one_thread():
            teach(model, tokenizer, said, answer)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
