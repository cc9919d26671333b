"""Artefacts from a plan: cabling, configurations, simulator inputs, a report. Emitters read the plan and nothing else.

`registry.emit_all` runs the emitters; `protocol.Emitter` is what one is, built in or from a distribution that
declares the entry point group `optidsl.emitters`. Templates print; what is decided is decided in Python.
"""

from optidsl.emit.protocol import Emitter
from optidsl.emit.registry import Artefact, artefacts, emit_all, emitter_names

__all__ = ["Artefact", "Emitter", "artefacts", "emit_all", "emitter_names"]
