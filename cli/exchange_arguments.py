"""The options of ``infrashare exchange``."""

import argparse
from collections.abc import Callable, Sequence
from typing import Final

MODULES: Final = {"exchange": "cli.exchange"}
"""The module of each command."""


def add_exchange_command(
    command: Callable[[str, str, str], argparse.ArgumentParser],
    data_dir: Callable[[argparse.ArgumentParser], None],
    languages: Sequence[str],
) -> None:
    """Add the command."""
    exchange = command(
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
    exchange.add_argument(
        "--revision", type=int, metavar="N", help="the dataset as it was at this revision (default: now)"
    )
    exchange.add_argument(
        "--lang", choices=languages, default="en", help="language of names and reasons (default: en)"
    )
    exchange.add_argument(
        "--format",
        choices=("text", "json", "html"),
        default="text",
        help="form of the answer (default: text); json and html have the evidence",
    )
    exchange.add_argument(
        "--json", action="store_const", const="json", dest="format", help="the same as --format json"
    )
    data_dir(exchange)
