"""Who decided a shape that the author leaves open, what its rival comes to, and which statements a refusal rests on."""

from __future__ import annotations

from pathlib import Path

import pytest

from optidsl import pipeline
from optidsl.cli.main import main
from tests.differential.test_explanations import written
from tests.support.programs import context_of
from tests.support.shapes import FLOOR, program

OPEN = """kind in [clos, fat_tree]
    tiers = 2
    oversubscription <= 3:1
    tier leaf {
      model in [large, middle, small]
      place { at = dc.h.servers.net }
    }
    tier spine {
      model in [large, middle, small]
      place { at in [dc.h.near.net, dc.h.far.net] }
    }
    connect leaf -- spine {
      rate in [200Gbps, 400Gbps]
      parallel in [1, 2, 4]
    }"""


def line_of(text: str, words: str) -> int:
    """Return the number of the line that has these words."""
    return next(at for at, line in enumerate(text.splitlines(), start=1) if words in line)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("f.leaf.model", "small, by the compiler: the best of", "model in [large, middle, small]"),
        ("f.kind", "clos, by the compiler: the best of", "kind in [clos, fat_tree]"),
        ("f.spine.place", "dc.h.far.net, by the compiler: the best of", "at in [dc.h.near.net, dc.h.far.net]"),
        ("f.leaf--spine.rate", "400 Gbps, by the compiler: the best of the shapes", "rate in [200Gbps, 400Gbps]"),
        ("f.leaf--spine", "parallel 2 of a pair of devices, by the", "parallel in [1, 2, 4]"),
    ],
)
def test_the_compiler_decides_what_is_left_open(
    path: str, value: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = program(OPEN, "  minimize cost.network", floor=FLOOR)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["explain", path, str(tmp_path / "design.optd")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert value in told
    assert f"{words.split()[0]} in" in told
    assert f"design.optd:{line_of(files['design.optd'], words)})" in told
    assert f"written at design.optd:{line_of(files['design.optd'], words)}" not in told


def test_the_runner_up_with_another_model_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "kind = clos\n    tier leaf { model in [large, middle] }\n    connect endpoints -- leaf { length = 5m }"
    for name, body in program(text, "  minimize cost.network").items():
        (tmp_path / name).write_text(body, encoding="utf-8")
    assert main(["explain", "f.leaf", str(tmp_path / "design.optd")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "model middle; the tier is written at design.optd" in told
    assert (
        "model middle, by the compiler: the best of 2 shapes weighed; cost.network 12,440 USD; next with large: "
        "not weighed in full, cost.network >= 16," in told
    )


def test_one_change_of_the_text_is_one_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "design.optd"
    path.write_text(written({"policy": ["multi_source = 2"]}), encoding="utf-8")
    assert main(["fix", str(path)]) == 1
    assert capsys.readouterr().out.count("ask for 1 instead of 2 vendors") == 1


PLAIN = """kind = clos
    tiers = 2
    tier leaf  { model = middle }
    tier spine { model = small }
    connect endpoints -- leaf { length = 5m }
    connect leaf -- spine { length = 15m }"""


@pytest.mark.parametrize(
    ("text", "name", "labels"),
    [
        (
            PLAIN.replace("length = 15m", "length = 15m, rate = 800Gbps"),
            "rate-not-offered",
            [("tier leaf ", "tier `leaf` is of `middle`")],
        ),
        (
            PLAIN.replace("tiers = 2", "planes = 8"),
            "planes-uneven",
            [("endpoints = n", "a server has 1 port here"), ("planes = 8", "8 planes asked for")],
        ),
        (
            PLAIN.replace("kind = clos", "kind = fat_tree"),
            "fat-tree-uneven",
            [
                ("kind = fat_tree", "a fabric of kind fat_tree"),
                ("tier leaf ", "tier `leaf` is of `middle`"),
                ("tier spine ", "tier `spine` is of `small`"),
            ],
        ),
        (
            PLAIN.replace("kind = clos", "kind = fat_tree\n    oversubscription = 3:1").replace("middle", "small"),
            "fat-tree-uneven",
            [("kind = fat_tree", "a fabric of kind fat_tree")],
        ),
        (
            PLAIN.replace("kind = clos\n    tiers = 2", "kind = full_mesh"),
            "tiers-not-declared",
            [("kind = full_mesh", "of kind full_mesh")],
        ),
        (
            "kind = full_mesh\n    groups = 2\n    tier leaf { model = middle }",
            "attribute-not-of-kind",
            [("kind = full_mesh", "of kind full_mesh")],
        ),
    ],
)
def test_a_refusal_names_every_statement_it_rests_on(text: str, name: str, labels: list[tuple[str, str]]) -> None:
    files = program(text)
    context = context_of(files)
    assert pipeline.check("design.optd", context) is None
    error = next(each for each in context.sink.sorted() if each.name == name)
    told = [(context.sources.where(each.span), each.text) for each in error.secondary]
    assert told == [(f"design.optd:{line_of(files['design.optd'], words)}", label) for words, label in labels]


def test_the_protocol_of_a_fabric_against_a_model() -> None:
    files = program(PLAIN)
    start = files["ours.optd"].index("switch_model middle")
    spoken = files["ours.optd"][start:].replace("protocols = [infiniband, ethernet]", "protocols = [infiniband]", 1)
    context = context_of({**files, "ours.optd": files["ours.optd"][:start] + spoken})
    assert pipeline.check("design.optd", context) is None
    (error,) = (each for each in context.sink.sorted() if each.name == "protocol-not-offered")
    assert [each.text for each in error.secondary] == ["the fabric speaks ethernet"]
