"""Imports point one way: api and cli to graph; inside graph to the store; and nowhere in a circle."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from graph.resources import ROOT

PACKAGES = ("graph", "api", "cli")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
ROOMS = ("contribute", "match", "browse", "regions", "publish")
FORBIDDEN = {
    "graph": ("api", "cli", "fastapi", "starlette", "uvicorn"),
    "graph.store": tuple(f"graph.{room}" for room in ROOMS),
    "graph.browse": ("graph.contribute", "graph.match", "graph.regions", "graph.publish"),
    "graph.match": ("graph.contribute", "graph.browse", "graph.regions", "graph.publish"),
    "graph.regions": ("graph.contribute", "graph.publish"),
    "graph.contribute": ("graph.match", "graph.browse", "graph.regions", "graph.publish"),
    "cli": ("fastapi", "starlette"),
}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {_name(path): path for path in FILES}


def _imports(path: Path, *, only_at_load: bool = False) -> set[str]:
    """The modules that a module imports, ours by their full names; a package's members as modules where they are."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in _at_load(tree) if only_at_load else ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: say the whole name of the module"
            module = node.module or ""
            members = {f"{module}.{alias.name}" for alias in node.names} & NAMES.keys()
            found.update(members or {module})
    return found


def _at_load(tree: ast.Module) -> list[ast.AST]:
    """The statements that run when the module is loaded: not those in functions, nor those for type checkers."""
    nodes: list[ast.AST] = []
    queue: list[ast.AST] = [tree]
    while queue:
        node = queue.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            queue.extend(node.orelse)
            continue
        nodes.append(node)
        queue.extend(ast.iter_child_nodes(node))
    return nodes


def _below(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_point_one_way(package: str) -> None:
    wrong = [
        f"{name} imports {imported}"
        for name, path in NAMES.items()
        if _below(name, package)
        for imported in sorted(_imports(path))
        if any(_below(imported, other) for other in FORBIDDEN[package])
    ]
    assert wrong == []


def test_api_and_command_line_do_not_know_each_other() -> None:
    known = {name for name, path in NAMES.items() if any(_below(i, "cli") for i in _imports(path))}
    assert all(_below(name, "cli") for name in known)
    users = {name for name, path in NAMES.items() if any(_below(i, "api") for i in _imports(path))}
    assert {name for name in users if not _below(name, "api")} <= {
        "cli.serve",
        "cli.check",
        "cli.exchange",
        "cli.mcp",
        "cli.regions",
    }


def test_there_are_no_circles() -> None:
    imports = {name: _imports(path, only_at_load=True) & NAMES.keys() for name, path in NAMES.items()}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_every_module_says_what_it_is_and_has_a_noun_for_a_name() -> None:
    for name, path in NAMES.items():
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), name
        assert name.rpartition(".")[2] not in {"utils", "helpers", "common", "manager"}
