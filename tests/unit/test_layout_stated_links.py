"""Links of a custom network that state lengths of their own: the plan, planes, explanations and limits."""

from __future__ import annotations

from optidsl import pipeline
from optidsl._context import Context
from optidsl.plan.model import Plan
from optidsl.plan.verify import verify
from tests.support import lines, networks
from tests.support.designs import DictLoader

LINKS = """connect router[1] -- router[2] { length = 12m }
    connect router[3] -- router[2] { length = 25m, parallel = 2 }
    connect router[3] -- router[4]"""


def text_of(links: str = LINKS, body: str = "") -> str:
    return networks.text_of("custom", body, tier=", count = 4").replace(
        "connect router -- router ", f"{links}\n    connect router -- router "
    )


def lengths_of(plan: Plan) -> list[tuple[str, str, int]]:
    """Return the links between switches, the ends without the prefix of their names, and their lengths in metres."""
    inner = [bool(segment.dimension) for segment in plan.segments]
    names = [name.removeprefix("net-") for name in plan.devices.name]
    columns = (plan.links.a_device, plan.links.z_device, plan.links.required_mm, plan.links.segment)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [(names[a], names[z], mm // 1000) for a, z, mm, segment in rows if inner[segment]]


def errors_of(text: str) -> list[tuple[str, str]]:
    context = Context(DictLoader({"design.optd": text}))
    pipeline.plan("design.optd", context)
    return [(each.name, each.message) for each in context.sink.sorted() if each.severity == "error"]


def test_each_link_is_as_long_as_it_says_and_others_as_all() -> None:
    plan = networks.plan_of(text_of())
    assert lengths_of(plan) == [
        ("router001", "router002", 12),
        ("router002", "router003", 25),
        ("router002", "router003", 25),
        ("router003", "router004", 10),
    ]
    assert verify(plan) == []


def test_lengths_are_the_same_in_every_plane() -> None:
    two = text_of(body="planes = 2").replace("count = 4", "count = 8")
    two = two.replace('port p1 { cage = "1" }', 'port p1 { cage = "1" }, port p2 { cage = "2" }')
    plan = networks.plan_of(two)
    assert [mm for _, _, mm in lengths_of(plan)] == [12, 25, 25, 10] * 2


def test_too_long_for_the_earth() -> None:
    (found,) = errors_of(text_of(LINKS.replace("12m", "41000km")))
    assert found == ("out-of-range", "`connect.length` is 41000 km, at most 40000 km makes sense")


def test_what_is_said_of_all_links_stays_on_the_floor() -> None:
    found = errors_of(text_of().replace("length = 10m", "length = 1500km"))
    assert [name for name, _ in found] == ["cable-too-long"]
    assert "needs 1,500 km, and one may be 1,000 km long (1 such links" in found[0][1]


def test_a_link_over_a_line_has_the_length_of_the_route() -> None:
    text = lines.text().replace("kind      = clos", "kind      = custom")
    start, end = text.index("    tier leaf"), text.index("    connect leaf")
    tier = "    tier leaf { model = router, count = 2, place { at = [east.h, west.h], per_rack = 1, spread = row } }\n"
    text = text[:start] + tier + text[end:]
    text = text.replace(
        "connect leaf -- spine", "connect leaf[1] -- leaf[2] { length = 3km }\n    connect leaf -- leaf"
    )
    assert errors_of(text) == [
        (
            "line-unused",
            "`wan: leaf -- leaf` states the length of 1 link over line `north-line`, and that is the length "
            "of its route",
        )
    ]
