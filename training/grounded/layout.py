"""What of a station a policy has: which cameras fill which inputs of its head, and whether there is
a gripper."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, model_validator
from typing_extensions import Self

from ...geometry.camera import Camera
from .config import PolicyConfig


class PolicyLayout(BaseModel):
    """The base's inputs come first, in the order of its cameras; those that follow are an
    adapter's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: tuple[str | None, ...]
    """The camera that fills each input; None: that of a camera which sees nothing."""
    lifted: bool = True
    """Whether key points are lifted onto the table by the cameras' calibration. Otherwise they
    stay in the image."""
    gripper: bool = True
    """Whether states and actions have a gripper."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if not self.cameras or len(set(self.cameras)) < len(self.cameras):
            raise ValueError(f"cameras are {self.cameras}: name at least one, and each once")
        return self

    @property
    def cameras(self) -> tuple[str, ...]:
        """The cameras that are looked through, in the order of their inputs."""
        return tuple(name for name in self.inputs if name is not None)

    @property
    def filled(self) -> tuple[int, ...]:
        """The input of each of ``cameras``."""
        return tuple(place for place, name in enumerate(self.inputs) if name is not None)


def base_layout(config: PolicyConfig) -> PolicyLayout:
    """That of a base on its own."""
    return PolicyLayout(inputs=tuple(config.cameras))


def fit_layout(
    config: PolicyConfig, cameras: Mapping[str, Camera], gripper: bool = True
) -> PolicyLayout:
    """A layout for other cameras than the base's: an input goes to the camera of its name, else
    to the first that is left and is mounted as the base's was. What is then left gets inputs of
    its own. Where one is not calibrated, all key points stay in the image. ``gripper``: whether
    there is one."""
    left = [name for name in cameras if name not in config.cameras]
    inputs: list[str | None] = []
    for name, mount in config.cameras.items():
        fitting = [each for each in left if cameras[each].mount == mount]
        found = name if name in cameras else next(iter(fitting), None)
        inputs.append(found)
        left = [each for each in left if each != found]
    calibrated = all(camera.calibrated for camera in cameras.values())
    return PolicyLayout(inputs=(*inputs, *left), lifted=calibrated, gripper=gripper)
