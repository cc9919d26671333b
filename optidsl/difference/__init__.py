"""What lies between two plans, in units of work."""

from optidsl.difference.compare import difference
from optidsl.difference.json_text import json_of
from optidsl.difference.markdown import markdown_of
from optidsl.difference.model import Difference, Texts
from optidsl.difference.text import text_of

__all__ = ["Difference", "Texts", "difference", "json_of", "markdown_of", "text_of"]
