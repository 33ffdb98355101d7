"""The command line. Heavy imports wait until a command that needs them runs."""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import tyro

from ...runtime.disk_errors import in_words, is_refused
from ...runtime.errors import TeachloopError
from .command import Command, WrongArgument
from .commands import COMMANDS
from .test import RunTests

DESCRIPTION = "Record, label, fine-tune and roll out on a Franka, in one sitting."
# What may stand first without being a command; any other option is one of `serve`.
TOP_LEVEL = ("-h", "--help", "--version")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; the process's exit code says how it ended."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Exit code of one command: 0, 1 when it failed, 2 for wrong arguments, 130 on Ctrl-C."""
    try:
        command = parse(arguments)
        _bring_up_to_date(getattr(command, "data", None))
        return command.run()
    except WrongArgument as error:
        print(f"teachloop: {error}", file=sys.stderr)
        return 2
    except TeachloopError as error:
        print(f"teachloop: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("teachloop: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has left; closing stdout again would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        print(f"teachloop: {_in_words(error)}", file=sys.stderr)
    return 1


def _bring_up_to_date(data: Path | None) -> None:
    """What an older version laid out. Raises NewerLayout, BrokenJson, OSError."""
    if data is None or not data.is_dir():
        return
    from ...datasets.layout_version import bring_up_to_date

    if backup := bring_up_to_date(data):
        words = f"{data} was brought up to date; what was there lies in {backup}."
        print(f"teachloop: {words}", file=sys.stderr)


def parse(arguments: list[str]) -> Command:
    """The command that the arguments name. Ends the process with 0 for help, 2 for mistakes.
    Raises WrongOption."""
    if arguments[:1] == ["--version"]:
        arguments = ["version"]
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in TOP_LEVEL):
        arguments = ["serve", *arguments]
    # pytest's options are pytest's to understand.
    own = {"-h", "--help", "--interop"}
    if arguments[0] == "test" and not own & set(arguments):
        return RunTests(tuple(arguments[1:]))
    return tyro.extras.subcommand_cli_from_dict(
        COMMANDS, prog="teachloop", description=DESCRIPTION, args=arguments
    )


def _in_words(error: Exception) -> str:
    """One line for a person; what a developer needs goes to a file."""
    if isinstance(error, OSError) and (error.filename is not None or is_refused(error)):
        return in_words(error, "")
    with tempfile.NamedTemporaryFile(
        "w", prefix="teachloop-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
    reason = str(error).strip() or type(error).__name__
    return f"this was not expected: {reason.splitlines()[0]} (details in {Path(file.name)})"


if __name__ == "__main__":
    main()
