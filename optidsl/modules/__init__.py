"""Modules: load the root file and what it uses, bind every `use`, and put them in dependency order."""

from optidsl.modules.load import add_standard_sources, load_standard, standard_digest
from optidsl.modules.program import BoundUse, LoadedModule, Program
from optidsl.modules.resolve import IMPLICIT_MODULES, SOURCES_MODULE, load_implicit, resolve

__all__ = [
    "IMPLICIT_MODULES",
    "SOURCES_MODULE",
    "BoundUse",
    "LoadedModule",
    "Program",
    "add_standard_sources",
    "load_implicit",
    "load_standard",
    "resolve",
    "standard_digest",
]
