"""What drivers there are and what each can be told: looked up in a process of its own.

Run as ``python -m teachloop.recorder.drivers.catalog``, for one driver with its kind and name:
vendor libraries load there, and not in whoever asks.
"""

import inspect
import sys
from collections.abc import Sequence
from typing import cast

from pydantic import JsonValue

from ...runtime.validation import StrictModel
from .own_process import ask_module
from .registry import Kind, UnknownDriver, known_drivers, load_driver


class DriverCard(StrictModel):
    """A driver as people choose it."""

    name: str
    text: str
    settings_schema: dict[str, JsonValue]  # JSON schema
    error: str = ""  # why it cannot be loaded here; empty where it can


class DriverCatalog(StrictModel):
    """The drivers that come with the product, and those of installed packages."""

    robots: list[DriverCard]
    grippers: list[DriverCard]
    cameras: list[DriverCard]
    inputs: list[DriverCard]


def list_drivers() -> DriverCatalog:
    """Asks a process of its own. Raises NoAnswer."""
    return DriverCatalog.model_validate_json(ask_module(__name__))


def describe_driver(kind: Kind, name: str) -> DriverCard:
    """The same of one driver, which may be a class as ``package.module:Class``."""
    return DriverCard.model_validate_json(ask_module(__name__, kind, name))


def _cards(kind: Kind) -> Sequence[DriverCard]:
    return [_card(kind, name) for name in known_drivers(kind)]


def _card(kind: Kind, name: str) -> DriverCard:
    try:
        driver = load_driver(kind, name)
    except UnknownDriver as error:
        return DriverCard(name=name, text="", settings_schema={}, error=str(error))
    schema = driver.Settings.model_json_schema()
    return DriverCard(name=name, text=inspect.getdoc(driver) or name, settings_schema=schema)


def main() -> None:
    if sys.argv[1:]:
        kind, name = sys.argv[1:]
        sys.stdout.write(_card(cast(Kind, kind), name).model_dump_json())
        return
    found = DriverCatalog(
        robots=list(_cards("robots")),
        grippers=list(_cards("grippers")),
        cameras=list(_cards("cameras")),
        inputs=list(_cards("inputs")),
    )
    sys.stdout.write(found.model_dump_json())


if __name__ == "__main__":
    main()
