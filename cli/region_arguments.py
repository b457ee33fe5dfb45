"""The commands on regions: profile, compare, network, exchange."""

import argparse
from collections.abc import Callable, Sequence
from typing import Final

Add = Callable[[str, str, str], argparse.ArgumentParser]
"""Adds a command: name, what it does, an example."""

MODULES: Final = {
    "profile": "cli.regions",
    "compare": "cli.regions",
    "network": "cli.network",
    "exchange": "cli.exchange",
}
"""The module of each command."""

_PROFILE_EXAMPLES: Final = """\
infrashare profile LV008 --lang lv
  infrashare profile BE2 --format html > flanders.html      # one file, to mail or to print
  infrashare profile BE2 --format csv > flanders.csv        # every figure with its query
  infrashare profile BE2 --since 30                         # with the figures that changed since

Every figure is the answer of a catalogued query, which can be run by itself:
  infrashare query indicators-services --param region=BE2"""

_COMPARE_EXAMPLES: Final = """\
infrashare compare BE2 NL41
  infrashare compare CZ064 DED4 LV008 --format html --lang cs > srovnani.html"""


_NETWORK_EXAMPLES: Final = """\
infrashare network                                          # the regions that partners describe
  infrashare network BE2 NL41 DED4 --lang de                  # these regions, of any level of NUTS
  infrashare network --min-similarity 0.2                     # only stronger links of likeness
  infrashare network --format graphml > regions.graphml       # then open it in Gephi
  infrashare network --format cytoscape > regions.cyjs        # then import it in Cytoscape
  infrashare network --json | jq '.links[] | select(.kind == "complementarity")'

Two regions are alike as far as the same shares of their facilities can do the same, rare capabilities
counting more (0 to 1). One complements another as far as it has what the other's priorities need and
nobody described there has. What is not known stays empty; it is not 0. docs/networks.md has the formulas."""

_FIGURES: Final = ("text", "json", "html", "turtle", "csv")
_FIGURES_HELP: Final = (
    "form of the answer: tables, JSON, one HTML file with pictures, a data cube, or the figures as CSV "
    "(default: text)"
)


def add_region_commands(
    add: Add, data_dir: Callable[[argparse.ArgumentParser], None], languages: tuple[str, ...]
) -> None:
    """Add the commands to the command line."""

    def common(parser: argparse.ArgumentParser, forms: Sequence[str], help_: str) -> None:
        parser.add_argument("--format", choices=forms, default="text", help=help_)
        parser.add_argument(
            "--json", action="store_const", const="json", dest="format", help="the same as --format json"
        )
        parser.add_argument(
            "--lang", choices=languages, default="en", help="language of the answer (default: en)"
        )
        parser.add_argument(
            "--revision",
            type=int,
            metavar="N",
            help="the dataset as it was at this revision (default: now)",
        )
        data_dir(parser)

    profile = add(
        "profile",
        "print the context profile of a region: what is described there, strengths, gaps, what is not known",
        _PROFILE_EXAMPLES,
    )
    profile.add_argument("nuts", metavar="NUTS", help="the NUTS code of a region or country, such as BE2")
    profile.add_argument(
        "--since", type=int, metavar="N", help="tell also which figures differ from this earlier revision"
    )
    common(profile, _FIGURES, _FIGURES_HELP)

    compare = add(
        "compare",
        "compare two to eight regions: what they have in common, what is specific, figures side by side",
        _COMPARE_EXAMPLES,
    )
    compare.add_argument(
        "nuts", metavar="NUTS", nargs="+", help="the NUTS codes of the regions, such as BE2 NL41"
    )
    common(compare, _FIGURES, _FIGURES_HELP)

    network = add(
        "network",
        "say which regions are alike, which have what others lack, and who links them",
        _NETWORK_EXAMPLES,
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
    forms = ("text", "json", "graphml", "cytoscape")
    common(network, forms, "form of the answer (default: text, tables)")

    exchange = add(
        "exchange",
        "what a region can learn from others: practices, regions to visit, paths to policy instruments",
        "infrashare exchange LV008 --theme voucher --lang lv",
    )
    exchange.add_argument("region", metavar="NUTS", help="a NUTS code of any level, such as LV008")
    exchange.add_argument(
        "--theme",
        action="append",
        default=[],
        metavar="CODE",
        help="only practices on this theme, such as voucher; repeated for several",
    )
    exchange.add_argument(
        "--limit", type=int, default=10, metavar="N", help="most entries of each list (default: 10)"
    )
    evidence = "form of the answer (default: text); json and html have the evidence"
    common(exchange, ("text", "json", "html"), evidence)
