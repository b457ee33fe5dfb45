"""The commands on regions: profile, compare."""

import argparse
from collections.abc import Callable
from typing import Final

Add = Callable[[str, str, str], argparse.ArgumentParser]
"""Adds a command: name, what it does, an example."""

MODULES: Final = {"profile": "cli.regions", "compare": "cli.regions"}
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


def add_region_commands(
    add: Add, data_dir: Callable[[argparse.ArgumentParser], None], languages: tuple[str, ...]
) -> None:
    """Add the commands to the command line."""

    def common(parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--format",
            choices=("text", "json", "html", "turtle", "csv"),
            default="text",
            help="form of the answer: tables, JSON, one HTML file with pictures, a data cube, or the figures as CSV "
            "(default: text)",
        )
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
    common(profile)

    compare = add(
        "compare",
        "compare two to eight regions: what they have in common, what is specific, figures side by side",
        _COMPARE_EXAMPLES,
    )
    compare.add_argument(
        "nuts", metavar="NUTS", nargs="+", help="the NUTS codes of the regions, such as BE2 NL41"
    )
    common(compare)
