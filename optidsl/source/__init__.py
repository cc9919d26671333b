"""Source files, their lines, and where an elaborated thing comes from."""

from optidsl.source.files import SourceFile, SourceMap
from optidsl.source.origin import Origin

__all__ = ["Origin", "SourceFile", "SourceMap"]
