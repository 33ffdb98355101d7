"""A model on Hugging Face's hub: its files, and how one knows that they came whole.

`snapshot_download` would keep nothing of what came before it was cut off, and compares sizes alone
where files come by plain HTTP.
"""

from fnmatch import fnmatch

from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.hf_api import RepoSibling
from huggingface_hub.utils import build_hf_headers

from .errors import Gated, NotFetched, Unreachable, refusal
from .http_file import SILENT_S, Digest, RemoteFile

TOKENIZER = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "chat_template.jinja",
)
WANTED = (
    "*.safetensors",
    "*.safetensors.index.json",
    "config.json",
    "*processor_config.json",
    *TOKENIZER,
)
WEIGHTS = "*.safetensors"


class NotOnTheHub(NotFetched):
    def __init__(self, hub_id: str) -> None:
        super().__init__(
            f"The hub has no {hub_id}, or shows it to those alone who may see it: log in on this "
            "machine by `hf auth login`."
        )


class NoTensors(NotFetched):
    def __init__(self, hub_id: str) -> None:
        super().__init__(
            f"{hub_id} has no weights as safetensors. Others can hold code, and are not fetched."
        )


def files_of(hub_id: str) -> list[RemoteFile]:
    """What a model consists of, the largest last, without pickles and whatever else lies beside
    it. Raises NotFetched."""
    api = HfApi()
    url = f"{api.endpoint}/{hub_id}"
    try:
        found = api.model_info(hub_id, files_metadata=True, timeout=SILENT_S)
    except GatedRepoError as error:
        raise Gated(url) from error
    except RepositoryNotFoundError as error:
        raise NotOnTheHub(hub_id) from error
    except HfHubHTTPError as error:
        raise refusal(url, error.response.status_code) from error
    except OfflineModeIsEnabled as error:
        raise Unreachable(url, "HF_HUB_OFFLINE says that it is not to be asked") from error
    except Exception as error:  # of the library that asks, which changes with its version
        raise Unreachable(url, "there is no network, or no way to it") from error
    wanted = [each for each in found.siblings or () if _is_wanted(each)]
    if not any(fnmatch(each.rfilename, WEIGHTS) for each in wanted):
        raise NoTensors(hub_id)
    files = [_remote(hub_id, found.sha, each) for each in wanted]
    return sorted(files, key=lambda file: file.size)


def _is_wanted(file: RepoSibling) -> bool:
    """Not where nothing is said that it could be checked by."""
    name = file.rfilename
    known = bool(file.size and (file.lfs or file.blob_id))
    return known and "/" not in name and any(fnmatch(name, pattern) for pattern in WANTED)


def _remote(hub_id: str, revision: str | None, file: RepoSibling) -> RemoteFile:
    """Large files have a SHA-256, others the hash that git knows them by."""
    digest = Digest(kind="git", digits=file.blob_id or "")
    if file.lfs:
        digest = Digest(kind="sha256", digits=file.lfs.sha256)
    return RemoteFile(
        name=file.rfilename,
        url=hf_hub_url(hub_id, file.rfilename, revision=revision),
        size=file.size or 0,
        digest=digest,
        headers=build_hf_headers(),
    )
