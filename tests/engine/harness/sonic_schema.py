"""Learn the shape of SONiC's configuration from its YANG models, as yanglint itself prints them."""

from __future__ import annotations

import functools
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.engine.harness import require_engine, unavailable

_NODE = re.compile(r"^([ |]*)\+--(?:rw|ro|x|n)?\s*([:\w.-]+|\([\w.-]+\)|:\([\w.-]+\))([?*!]?)(?: \[([^\]]*)\])?")
_NAMESPACE = re.compile(r'^\s*namespace\s+"?([^";]+)"?\s*;', re.MULTILINE)


@dataclass
class SchemaNode:
    """One data node of a model.

    Attributes:
        name: of the leaf, list or container.
        is_many: whether it is a list or a leaf-list.
        keys: names of the keys of a list, in order.
        children: the nodes below it, by name.
    """

    name: str
    is_many: bool = False
    keys: tuple[str, ...] = ()
    children: dict[str, SchemaNode] = field(default_factory=dict)

    def lists(self) -> list[SchemaNode]:
        """Give the keyed lists directly below."""
        return [child for child in self.children.values() if child.keys]


@dataclass(frozen=True)
class Table:
    """A table of config_db: where YANG keeps it.

    Attributes:
        module: the YANG module, also the name of its top container.
        namespace: XML namespace of the module.
        node: the container of the table.
    """

    module: str
    namespace: str
    node: SchemaNode


def model_paths(folder: Path) -> list[Path]:
    """List the models that are loaded.

    Args:
        folder: holds ``sonic-*.yang``, its templates rendered.

    Returns:
        Their paths, sorted.
    """
    if any(folder.glob("*.yang.j2")):
        unavailable(f"{folder} holds unrendered templates (*.yang.j2): render them with yang_model_type = 'py'")
    return sorted(folder.glob("sonic-*.yang"))


@functools.lru_cache(maxsize=2)
def tables(folder: Path) -> dict[str, Table]:
    """Learn every table of config_db.

    Args:
        folder: holds the models.

    Returns:
        The tables by name.
    """
    paths = model_paths(folder)
    yanglint = require_engine("yanglint", "libyang2-tools")
    words = [yanglint, "-Q", "-p", str(folder), "-f", "tree", *map(str, paths)]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"yanglint refuses the models in {folder}: {run.stderr[-800:]}")
    namespaces = {path.stem: _namespace(path) for path in paths}
    found: dict[str, Table] = {}
    for block in re.split(r"^module: ", run.stdout, flags=re.MULTILINE)[1:]:
        module = block.split(None, 1)[0]
        top = _tree(block).children.get(module)
        for node in top.children.values() if top else ():
            found[node.name] = Table(module, namespaces[module], node)
    return found


def _namespace(path: Path) -> str:
    match = _NAMESPACE.search(path.read_text(encoding="utf-8"))
    if match is None:
        raise RuntimeError(f"{path.name} has no namespace")
    return match[1]


def _tree(block: str) -> SchemaNode:
    root = SchemaNode("")
    stack: list[tuple[int, SchemaNode]] = [(-1, root)]
    for line in block.splitlines():
        match = _NODE.match(line)
        if match is None:
            # What follows the data tree (augments, RPCs, notifications) holds no table.
            if line.startswith(("  augment", "  rpcs:", "  notifications:")):
                break
            continue
        indent, name, mark, keys = match.groups()
        while stack[-1][0] >= len(indent):
            stack.pop()
        parent = stack[-1][1]
        if "(" in name:
            # Choices and cases are no data nodes: their children belong to the node above.
            stack.append((len(indent), parent))
            continue
        node = SchemaNode(name, mark == "*", tuple((keys or "").split()))
        parent.children[name] = node
        stack.append((len(indent), node))
    return root
