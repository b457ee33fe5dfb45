"""``python -m bench`` runs all benchmarks; ``python -m bench NAME [arguments]`` runs one."""

import sys
from collections.abc import Sequence
from importlib import import_module

NAMES = (
    "start_up",
    "check_speed",
    "accept_speed",
    "matching_speed",
    "matching_peers",
    "matching_quality",
    "region_speed",
    "page_sizes",
    "sparql",
    "engines",
    "durability",
)


def main(arguments: Sequence[str]) -> int:
    """Run what is named, or all; return the exit code: 2 where no benchmark has that name."""
    if not arguments:
        for name in NAMES:
            import_module(f"bench.{name}").main()
        return 0
    name, *others = arguments
    if name not in NAMES:
        print(f"no benchmark is named {name!r}; use one of {', '.join(NAMES)}", file=sys.stderr)
        return 2
    import_module(f"bench.{name}").main(others)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
