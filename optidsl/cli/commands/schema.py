"""`optidsl schema`."""

from __future__ import annotations

import argparse
import json
import sys

from optidsl.cli.exits import EXIT_OK


def run(options: argparse.Namespace) -> int:
    """Print the kinds of block, as Markdown or as JSON Schema, or the JSON Schema of the plan."""
    sys.stdout.write(_TEXTS[options.what]())
    return EXIT_OK


def _reference() -> str:
    from optidsl.schema.docs import reference

    return reference()


def _language() -> str:
    from optidsl.schema.json_schema import json_schema

    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _plan() -> str:
    from optidsl.plan.schema import json_schema

    return json_schema()


_TEXTS = {"reference": _reference, "language": _language, "plan": _plan}
