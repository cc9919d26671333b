"""The slack of a requirement is printed with its unit."""

from __future__ import annotations

import pytest

from optidsl.emit.report.summary import summary_md
from optidsl.emit.wording import slack_text
from tests.support.compiled import files_of, plan_of


@pytest.mark.parametrize(
    ("slack", "unit", "text"),
    [
        ("1892000", "mW", "1892 W"),
        ("-2309600", "mW", "-2309.6 W"),
        ("717200", "ps", "717.2 ns"),
        ("1400000", "Mbps", "1400 Gbit/s"),
        ("1", "mm", "0.001 m"),
        ("5/3", "mm", "0.001667 m"),
        ("289742", "USD", "289742 USD"),
        ("-1/3", "", "-1/3"),
        ("0", "mW", "0 W"),
        ("-1/9000000000", "mW", "0 W"),
        ("", "mW", ""),
    ],
)
def test_slack_has_the_unit_that_people_write(slack: str, unit: str, text: str) -> None:
    assert slack_text(slack, unit) == text


def test_a_report_says_what_the_slack_is_in() -> None:
    body = "require power.optics <= 1kW\nrequire cables.length <= 100m\nrequire hops(f) <= 3"
    plan = plan_of(files_of(body))
    assert [each.unit for each in plan.requirements] == ["mm", "", "mW"]  # by their text
    told = [line for line in summary_md(plan).splitlines() if line.startswith("| holds")]
    assert [line.split(" | ")[2] for line in told] == ["60 m", "2", "920 W"]
