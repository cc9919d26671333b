"""Classes of modules, adapters, figures; what numbers cannot be; and that a part needs one row and no Python."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from optidsl._context import Context
from optidsl._resources import stdlib_modules
from optidsl.catalog import build_catalog
from optidsl.catalog.lint import lint
from optidsl.catalog.overview import overview
from optidsl.catalog.parts import Catalog
from optidsl.catalog.search import search
from optidsl.catalog.show import describe, describe_json
from optidsl.cli.main import main
from optidsl.diag import Sink
from optidsl.modules import IMPLICIT_MODULES, resolve
from optidsl.schema.entity import Entity
from optidsl.sema import elaborate
from tests.support.entities import attr, entity, module, source, switch
from tests.support.imports import Files
from tests.support.library import standard

ROOT = Path(__file__).resolve().parents[2]


def messages(*entities: Entity) -> list[tuple[str, str]]:
    sink = Sink()
    build_catalog([source("sheet"), *entities], sink)
    return [(one.name, one.message) for one in sink.sorted()]


def catalog_of(*entities: Entity) -> Catalog:
    sink = Sink()
    made = build_catalog([source("sheet"), *entities], sink)
    assert sink.sorted() == []
    return made


def pmd(**changes: object) -> Entity:
    stated: dict[str, object] = {"speaks": "'400g-dr4", "lanes": "4x100Gbps", "modulation": "'pam4"}
    return entity("pmd", "eth-400g-dr4", cite="sheet", **(stated | changes))


def figure(name: str = "laser", kind: str = "reliability", **changes: object) -> Entity:
    kept = {key: item for key, item in ({"subject": "'a laser", "unit": "'FIT"} | changes).items() if item is not None}
    return entity(kind, name, cite="sheet", **kept)


def over(reach: str, loss: str | None = None) -> Entity:
    return entity("over", "os2", cite="sheet", **({"reach": reach} | ({} if loss is None else {"loss": loss})))


# ------------------------------------------------------------------ classes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lanes": "8x50Gbps"}, "dr4: a bore has 4x100Gbps, and 400g-dr4 is 8x50Gbps"),
        ({"modulation": "'nrz"}, "dr4: its modulation is pam4, and that of 400g-dr4 nrz"),
        ({"medium": "'multimode"}, "dr4: its medium is singlemode, and that of 400g-dr4 multimode"),
        ({"baud": "26.5625Gbaud"}, "dr4: its lanes run at 53.125 Gbaud, and those of 400g-dr4 at 26.5625 Gbaud"),
    ],
)
def test_a_module_is_compared_with_its_class(changes: dict[str, object], message: str) -> None:
    twin = module("dr4", bores=attr(2), baud="53.125Gbaud")
    assert messages(twin, pmd(**changes)) == [("part-inconsistent", message)]


def test_a_module_that_agrees_with_its_class() -> None:
    assert messages(module("dr4", bores=attr(2), baud="53.125Gbaud"), pmd(baud="53.125Gbaud")) == []
    assert messages(module("sr8", pmd="'400g-sr8"), pmd(lanes="8x50Gbps")) == []


def test_every_module_of_the_library_agrees_with_its_class() -> None:
    classes = {entry.name for entry in standard().entries.values()}
    assert {"eth-400g-dr4", "eth-800g-dr8", "eth-1600g-dr8", "lpo-800g-dr8"} <= classes


# ------------------------------------------------------------------ adapters

ADAPTER = """optd 1
source sheet {{ title = "Card sheet", confidence = vendor-doc }}
nic_model card {{
  protocols = [ethernet]
  cite sheet {{
    rate    = 200Gbps
    accepts = [qsfp56]
  }}
}}
server_model box {{
  nic compute {{
    protocols = [{protocols}]
    adapter   = card
    cite sheet {{
      rate    = {rate}
      lanes   = 4x100Gbps
      accepts = [{accepts}]
      port p0 {{ cage = "P0" }}
    }}
  }}
}}
design d {{ }}
"""


@pytest.mark.parametrize(
    ("protocols", "rate", "accepts", "message"),
    [
        ("ethernet", "200Gbps", "qsfp56", None),
        ("ethernet", "400Gbps", "qsfp56", "box: nic compute runs its ports at 400 Gbps, and card at most at 200 Gbps"),
        ("ethernet", "200Gbps", "osfp, qsfp56", "box: nic compute accepts osfp, and card takes qsfp56"),
        ("ethernet, infiniband", "200Gbps", "qsfp56", "box: nic compute carries infiniband, which card does not"),
    ],
)
def test_a_server_agrees_with_its_adapter(protocols: str, rate: str, accepts: str, message: str | None) -> None:
    text = ADAPTER.format(protocols=protocols, rate=rate, accepts=accepts)
    context = Context(Files({"design.optd": text}))
    program = resolve("design.optd", context)
    assert program is not None
    elaborate(program, context)
    assert [one.message for one in context.sink.sorted()] == ([] if message is None else [message])


# ------------------------------------------------------------------ figures


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "laser: a figure needs `value`, `least` or `most`"),
        ({"value": 5, "least": 1}, "laser: `value` stands beside `least` or `most`"),
        ({"least": 200, "most": 50}, "laser: the range ends below where it starts"),
    ],
)
def test_figures_that_say_nothing(changes: dict[str, object], message: str) -> None:
    assert messages(figure(**changes)) == [("part-inconsistent", message)]


def test_a_figure_is_shown_with_its_source() -> None:
    catalog = catalog_of(figure(least=50, most=200, conditions="'70 C"))
    text = describe(catalog, "laser")
    assert text is not None
    assert text.splitlines()[0] == "laser  (reliability)"
    assert "  least       50 FIT   vendor-doc  sheet" in text.splitlines()
    assert text.splitlines()[-1] == "  sheet (vendor-doc): Sheet of sheet"
    document = json.loads(describe_json(catalog, "laser") or "")
    assert document["kind"] == "reliability"
    assert {"name": "most", "value": "200 FIT", "source": "sheet", "confidence": "vendor-doc"} in document["facts"]
    assert [(hit.kind, hit.summary) for hit in search(catalog, "fit")] == [("reliability", "a laser, 50 to 200 FIT")]


def test_bounds_read_as_bounds() -> None:
    catalog = catalog_of(figure("a", least=50), figure("b", most=2), figure("c", "reference", value=83))
    assert [hit.summary for hit in search(catalog, "")] == [
        "a laser, at least 50 FIT",
        "a laser, at most 2 FIT",
        "a laser, 83 FIT",
    ]


# ------------------------------------------------------------------ numbers that cannot be


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (switch(max_ports=-1), "box: max_ports is -1 ports, and must be more than none"),
        (switch(units="0U"), "box: units is 0 U, and must be more than none"),
        (switch(power_typ="900W", power_max="800W"), "box: power_typ is 900 W, and power_max 800 W"),
        (module("m", over("2m"), min_length="2m"), "m: the reach over os2 is 2 m, and min_length asks for 2 m"),
        (module("m", over("9m", "-3dB")), "m: the loss over os2 is -3 dB, and cannot be below none"),
        (module("m", power_typ="0W"), "m: power_typ is 0 W, and must be more than none"),
        (entity("connector", "c", cite="sheet", loss="-0.2dB"), "c: loss is -0.2 dB, and cannot be below none"),
    ],
)
def test_numbers_that_cannot_be(made: Entity, message: str) -> None:
    assert messages(made) == [("part-inconsistent", message)]


def test_a_number_to_order_names_one_part() -> None:
    a, b = (module(name, part_numbers=attr(["'X-1"])) for name in ("a", "b"))
    assert [str(one) for one in lint(catalog_of(a, b))] == ["b: X-1 is also what to order for a [shared-number]"]


# ------------------------------------------------------------------ the page, and a row more

ROW = """optd 1

## My modules.

source my-sheet {
  title      = "Acme QDD-400G-DR4 data sheet, revision B, table 2"
  confidence = vendor-doc
}

transceiver acme-qdd-400g-dr4 {
  vendor    = "Acme"
  protocols = [ethernet]
  cite my-sheet {
    form_factor = qsfp-dd
    lanes       = 4x100Gbps
    modulation  = pam4
    pmd         = "400g-dr4"
    medium      = singlemode
    connector   = mpo-12-apc
    power_max   = 11W
    over os2 { reach = 500m, loss = 3.0dB }
  }
}
"""


def test_a_part_needs_one_row_and_no_python(tmp_path: Path) -> None:
    copy = tmp_path / "optidsl"
    for folder in ("optidsl", "stdlib", "grammar"):
        (copy / folder).mkdir(parents=True)
    for file in (*(ROOT / "stdlib").glob("*.optd"), *(ROOT / "grammar").iterdir()):
        (copy / file.parent.name / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (copy / "optidsl").rmdir()
    (copy / "optidsl").symlink_to(ROOT / "optidsl")
    (copy / "stdlib" / "mine.optd").write_text(ROW, encoding="utf-8")
    run = [sys.executable, "-c", "import sys; from optidsl.cli.main import main; sys.exit(main(sys.argv[1:]))"]
    done = {
        verb[0]: subprocess.run(
            [*run, "catalog", *verb],
            cwd=copy,
            env={"PYTHONPATH": str(copy), "OPTIDSL_CACHE": "off", "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        for verb in (["show", "acme-qdd-400g-dr4"], ["check"])
    }
    assert (done["show"].returncode, done["show"].stderr) == (0, "")
    assert re.search(r"power_max +11W +vendor-doc +my-sheet", done["show"].stdout)
    assert (done["check"].returncode, done["check"].stdout.splitlines()[-1]) == (0, "0 findings")


def test_the_page_on_the_library_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """Run `optidsl catalog check --summary > stdlib/README.md` when this fails, and read the difference."""
    page = (ROOT / "stdlib" / "README.md").read_text(encoding="utf-8")
    assert overview(standard(), stdlib_modules(), IMPLICIT_MODULES) == page
    assert main(["catalog", "check", "--summary"]) == 0
    assert capsys.readouterr().out == page


def test_the_page_counts_every_number() -> None:
    page = overview(standard(), stdlib_modules(), IMPLICIT_MODULES)
    assert "unverified |" not in page
    rows = [line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 7]
    assert rows
    assert all(sum(int(cell) for cell in row.split("|")[3:-2]) == int(row.split("|")[-2]) for row in rows)
