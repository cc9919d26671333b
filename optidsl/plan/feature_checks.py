"""What the protocols of the fabrics, or their author, need of the boxes, as checks of the plan."""

from __future__ import annotations

from collections.abc import Iterator

from optidsl.fabric.needs import feature_answers
from optidsl.fabric.refusal import words
from optidsl.fabric.tables import FabricTables
from optidsl.plan.model import PlanCheck
from optidsl.sema.design import Design


def feature_checks(design: Design, tables: FabricTables) -> Iterator[PlanCheck]:
    """Yield one check for what a box is known to offer to a fabric, and one for what nobody states of it."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for fabric, box, feature, (holds, fact) in feature_answers(design, tables):
        source, confidence = ("", "") if fact is None or not holds else (fact.source, str(fact.confidence))
        found.setdefault((fabric.name, box, source, confidence), []).append(feature)
    for (fabric_name, box, source, confidence), features in found.items():
        listed = words(features, "and")
        is_known = confidence != ""
        detail = f"{box} offers {listed}, which {fabric_name} needs"
        yield PlanCheck(
            name="features",
            link_class=-1,
            verdict="holds" if is_known else "unknown",
            detail=detail if is_known else f"cannot conclude whether {detail}",
            margin=None,
            unit="",
            missing="" if is_known else f"{box}.features",
            source=source,
            confidence=confidence,
        )
