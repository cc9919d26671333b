"""Tell what a device file is, and read it."""

from __future__ import annotations

import json

from optidsl.catalog.imports.model import Imported, unreadable
from optidsl.catalog.imports.netbox import import_netbox
from optidsl.catalog.imports.sonic import import_sonic
from optidsl.diag import InternalError

FORMATS: tuple[str, ...] = ("auto", "netbox", "sonic")
"""What `import_switch` reads."""


def import_switch(text: str, path: str, form: str = "auto") -> Imported:
    """Read a NetBox device type (YAML) or a SONiC `platform.json`.

    Args:
        text: the file's text.
        path: the file as the user named it; a SONiC platform's name is taken from its folder or file name.
        form: `netbox`, `sonic`, or `auto` to tell by the text.

    Returns:
        The switch, unless a finding is an error, and the findings.
    """
    if form not in FORMATS:
        raise InternalError(f"there is no import format {form}")
    if form == "auto":
        form = "sonic" if text.lstrip().startswith(("{", "[")) else "netbox"
    return _sonic(text, path) if form == "sonic" else _netbox(text)


def _sonic(text: str, path: str) -> Imported:
    repeated: list[str] = []

    def keep(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            repeated.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return found

    try:
        content: object = json.loads(text, object_pairs_hook=keep)
    except (ValueError, RecursionError) as error:
        return unreadable(f"the file is not JSON: {error}")
    return import_sonic(content, path, repeated)


def _netbox(text: str) -> Imported:
    import yaml

    try:
        content: object = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return unreadable(f"the file is not YAML: {' '.join(str(error).split())}")
    return import_netbox(content)
