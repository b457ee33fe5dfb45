"""The option that writes the expected answers of the competency questions anew."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-answers",
        action="store_true",
        help="write tests/queries/competency/ from what is answered now",
    )
