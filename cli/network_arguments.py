"""The command of networks of regions: network."""

import argparse
from collections.abc import Callable
from typing import Final

Add = Callable[[str, str, str], argparse.ArgumentParser]
"""Adds a command: name, what it does, an example."""

MODULES: Final = {"network": "cli.network"}
"""The module of each command."""

_EXAMPLES: Final = """\
infrashare network                                          # the regions that partners describe
  infrashare network BE2 NL41 DED4 --lang de                  # these regions, of any level of NUTS
  infrashare network --min-similarity 0.2                     # only stronger links of likeness
  infrashare network --format graphml > regions.graphml       # then open it in Gephi
  infrashare network --format cytoscape > regions.cyjs        # then import it in Cytoscape
  infrashare network --json | jq '.links[] | select(.kind == "complementarity")'

Two regions are alike as far as the same shares of their facilities can do the same, rare capabilities
counting more (0 to 1). One complements another as far as it has what the other's priorities need and
nobody described there has. What is not known stays empty; it is not 0. docs/networks.md has the formulas."""


def add_network_command(
    add: Add, data_dir: Callable[[argparse.ArgumentParser], None], languages: tuple[str, ...]
) -> None:
    """Add the command to the command line."""
    network = add(
        "network", "say which regions are alike, which have what others lack, and who links them", _EXAMPLES
    )
    network.add_argument(
        "region", nargs="*", metavar="NUTS", help="codes (default: the regions that partners describe)"
    )
    network.add_argument(
        "--min-similarity", metavar="S", help="links of likeness from here on, 0 to 1 (default: 0.15)"
    )
    network.add_argument(
        "--min-complementarity",
        metavar="S",
        help="links of supply from here on, 0 to 1 (default: all above 0)",
    )
    network.add_argument(
        "--limit",
        type=int,
        default=10,
        metavar="N",
        help="most organisations, projects and facilities to show, 1 to 200 (default: 10)",
    )
    network.add_argument(
        "--lang", choices=languages, default="en", help="language of names and texts (default: en)"
    )
    network.add_argument(
        "--revision", type=int, metavar="N", help="the dataset as it was at this revision (default: now)"
    )
    network.add_argument(
        "--format",
        choices=("text", "json", "graphml", "cytoscape"),
        default="text",
        help="form of the answer (default: text, tables)",
    )
    network.add_argument(
        "--json", action="store_const", const="json", dest="format", help="the same as --format json"
    )
    data_dir(network)
