"""Bundle the scripts of the pages when a wheel is built, so that the installed wheel needs no Node.js."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _build() -> Any:
    spec = importlib.util.spec_from_file_location("web_build", Path(__file__).parent / "web" / "build.py")
    if spec is None or spec.loader is None:
        raise RuntimeError("web/build.py is missing: without it the scripts of the pages cannot be bundled")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Scripts(BuildHookInterface[Any]):
    """Runs ``web/build.py`` for wheels; an editable install is of a checkout, where ``make`` does it."""

    def dependencies(self) -> list[str]:
        """Node.js from the Python package index where the machine has none."""
        module = _build()
        return [] if module.node_here() else [module.NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle before the files are gathered."""
        if self.target_name == "wheel" and version == "standard":
            _build().build()
