"""``infrashare``: the jobs of the knowledge graph from a terminal.

The module of a command is imported when the command runs, so that ``--help`` answers at once.
"""

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence

from cli.arguments import DONE, FAILED, MODULES, USAGE, parser, plain


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    options = parser().parse_args(arguments)
    try:
        code = _run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("interrupted; nothing is left half done", file=sys.stderr)
        return FAILED
    return code


def _run(options: argparse.Namespace) -> int:
    from graph.errors import Conflict, GraphError, InputError, LimitExceeded, NotFound, Refused, Unauthorised

    module = importlib.import_module(MODULES[options.command])
    run: Callable[[argparse.Namespace], int] = getattr(module, options.command)
    try:
        return run(options)
    except (InputError, NotFound, Refused, Unauthorised, Conflict, LimitExceeded) as error:
        print(f"infrashare {options.command}: {plain(error.detail)}", file=sys.stderr)
        for place in error.places[1:]:
            print(f"  line {place.line}, column {place.column}: {plain(place.message)}", file=sys.stderr)
        return USAGE
    except GraphError as error:
        print(f"infrashare {options.command}: {error.detail}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        raise
    except Exception as error:
        traceback.print_exception(error)
        print(f"infrashare {options.command}: an unexpected {type(error).__name__}", file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
