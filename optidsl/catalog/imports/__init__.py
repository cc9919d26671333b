"""Device files of other projects to `switch_model` blocks: NetBox device types and SONiC platforms."""

from optidsl.catalog.imports.model import Finding, Imported, ImportedSwitch
from optidsl.catalog.imports.read import FORMATS, import_switch
from optidsl.catalog.imports.render import render

__all__ = ["FORMATS", "Finding", "Imported", "ImportedSwitch", "import_switch", "render"]
