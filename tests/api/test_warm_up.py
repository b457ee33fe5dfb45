"""What a server loads behind its first requests."""

import gc
import time
from collections.abc import Callable
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from graph.settings import Settings

_PATIENCE = 120.0


def test_what_was_loaded_is_left_alone_by_the_collector(
    shipped: Path, copy_of: Callable[[Path], Path]
) -> None:
    settings = Settings(data_dir=copy_of(shipped), check_workers=1, query_workers=1, warm_up=True)
    try:
        with TestClient(create_app(settings)):
            deadline = time.monotonic() + _PATIENCE
            while not gc.get_freeze_count() and time.monotonic() < deadline:
                time.sleep(0.1)
            assert gc.get_freeze_count() > len(gc.get_objects())
    finally:
        gc.unfreeze()
