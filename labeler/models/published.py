"""Weights that are published, and what is known of them before they are fetched.

The six digits in the names of SAM's files begin the MD5 of each. What is checked are the SHA-256
below, on which the tables of several projects agree (one is `micro_sam/util.py` of micro-sam).
Sizes of files of the hub are those of their weights; the hub says itself what its files are.

EdgeTAM's are those of its makers (https://github.com/facebookresearch/EdgeTAM, Apache-2.0) in the
layout of transformers, as the author of its classes there publishes them. Their size is that of a
model of that shape, as it is saved.
"""

from pathlib import PurePosixPath
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import Discriminator, Field, Tag

from ...runtime.validation import StrictModel

MB = 1_000_000


class Publication(StrictModel):
    """Weights of one method."""

    method: str
    """Name of the segmenter, propagator or finder that takes them."""
    about: str
    """Which of several they are, such as ViT-B."""
    size: int = Field(gt=0)
    """Bytes."""
    licence: str = ""
    packages: tuple[Annotated[str, Field(pattern=r"^[A-Za-z]\w*$")], ...] = ()
    """What they need that does not come with teachloop."""


class PublishedFile(Publication):
    """A file at an address."""

    url: Annotated[str, Field(pattern=r"^https?://[^/?#]+/([^?#]*/)?[0-9A-Za-z][\w.-]*$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @property
    def name(self) -> str:
        """Of the file."""
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def source(self) -> str:
        """Where it is published."""
        return self.url


class PublishedFolder(Publication):
    """A repository of Hugging Face's hub, in the layout of transformers."""

    hub_id: Annotated[str, Field(pattern=r"^[0-9A-Za-z][\w.-]*/[0-9A-Za-z][\w.-]*$")]

    @property
    def name(self) -> str:
        """Of the folder that it is fetched into."""
        return self.hub_id.replace("/", "--")

    @property
    def source(self) -> str:
        """Where it is published."""
        return f"https://huggingface.co/{self.hub_id}"


def _kind(given: object) -> str:
    if isinstance(given, dict):
        return "folder" if "hub_id" in given else "file"
    return "folder" if isinstance(given, PublishedFolder) else "file"


Published: TypeAlias = Annotated[
    Annotated[PublishedFile, Tag("file")] | Annotated[PublishedFolder, Tag("folder")],
    Discriminator(_kind),
]


def _sam(about: str, name: str, size: int, sha256: str) -> PublishedFile:
    return PublishedFile(
        method="segment-anything",
        about=about,
        size=size,
        licence="Apache-2.0",
        url=f"https://dl.fbaipublicfiles.com/segment_anything/{name}",
        sha256=sha256,
    )


def _sam2(about: str, hub_id: str, size: int, *packages: str) -> PublishedFolder:
    return PublishedFolder(
        method="sam2",
        about=about,
        size=size,
        licence="Apache-2.0",
        packages=packages,
        hub_id=hub_id,
    )


def _language_model(about: str, hub_id: str, size: int) -> PublishedFolder:
    return PublishedFolder(
        method="language-model", about=about, size=size, licence="Apache-2.0", hub_id=hub_id
    )


CATALOGUE: tuple[Published, ...] = (
    _sam(
        "ViT-B",
        "sam_vit_b_01ec64.pth",
        375_042_383,
        "ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912",
    ),
    _sam(
        "ViT-L",
        "sam_vit_l_0b3195.pth",
        1_249_524_607,
        "3adcc4315b642a4d2101128f611684e8734c41232a17c648ed1693702a49a622",
    ),
    _sam(
        "ViT-H",
        "sam_vit_h_4b8939.pth",
        2_564_550_879,
        "a7bf3b02f3ebf1267aba913ff637d9a2d5c33d3173bb679e46d9f338c26f262e",
    ),
    _sam2("2.1 tiny", "facebook/sam2.1-hiera-tiny", 156 * MB),
    _sam2("2.1 small", "facebook/sam2.1-hiera-small", 184 * MB),
    _sam2("2.1 base+", "facebook/sam2.1-hiera-base-plus", 324 * MB),
    _sam2("2.1 large", "facebook/sam2.1-hiera-large", 898 * MB),
    _sam2("EdgeTAM", "yonigozlan/EdgeTAM-hf", 56 * MB, "timm", "torchvision"),
    PublishedFolder(
        method="sam3",
        about="3",
        size=3440 * MB,
        licence="SAM License, gated",
        hub_id="facebook/sam3",
    ),
    _language_model("Qwen2.5 0.5B", "Qwen/Qwen2.5-0.5B-Instruct", 988 * MB),
)
