"""What encoders said is kept within bounds, and nobody waits for what is known."""

import threading
from collections.abc import Callable

import numpy as np
import torch

from teachloop.labeler.segmenters.embeddings import Embedding, Embeddings, key_of

HALF_MB = 250_000  # numbers that take that in half precision


def test_embeddings_that_are_kept_are_bounded_by_their_size() -> None:
    embeddings, looked_at = Embeddings(room=1_100_000), []

    def look(image: int) -> Callable[[], Embedding]:
        def embedding() -> Embedding:
            looked_at.append(image)
            return torch.zeros(HALF_MB // 2), torch.zeros(HALF_MB // 2)

        return embedding

    for image in (1, 2, 1, 3, 1, 2):
        embeddings.of(str(image), look(image))
    assert looked_at == [1, 2, 3, 2]


def test_the_newest_is_kept_however_large_it_is() -> None:
    embeddings = Embeddings(room=10)
    kept = embeddings.of("large", lambda: (torch.zeros(HALF_MB),))
    assert embeddings.known("large") is kept


def test_they_are_kept_in_half_precision() -> None:
    (kept,) = Embeddings().of("one", lambda: (torch.full((2,), 1 / 3),))
    assert kept.dtype == torch.float16


def test_what_is_known_waits_for_no_other_image() -> None:
    embeddings, goes_on = Embeddings(), threading.Event()
    embeddings.of("known", lambda: (torch.zeros(1),))

    def look() -> Embedding:
        assert goes_on.wait(30)
        return (torch.ones(1),)

    looking = threading.Thread(target=embeddings.of, args=("other", look))
    looking.start()
    assert float(embeddings.of("known", look)[0]) == 0.0
    goes_on.set()
    looking.join(30)
    assert float(embeddings.of("other", look)[0]) == 1.0


def test_other_weights_and_other_pixels_are_known_by_other_keys() -> None:
    image = np.zeros((4, 6, 3), np.uint8)
    assert key_of("a", image) == key_of("a", image.copy())
    assert key_of("a", image) != key_of("b", image)
    assert key_of("a", image) != key_of("a", image.reshape(6, 4, 3))
    assert key_of("a", image) != key_of("a", image + np.uint8(1))
