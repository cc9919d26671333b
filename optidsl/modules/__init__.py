"""Modules: load the root file and what it uses, bind every `use`, and put them in dependency order."""

from optidsl.modules.program import BoundUse, LoadedModule, Program
from optidsl.modules.resolve import IMPLICIT_MODULES, SOURCES_MODULE, resolve

__all__ = ["IMPLICIT_MODULES", "SOURCES_MODULE", "BoundUse", "LoadedModule", "Program", "resolve"]
