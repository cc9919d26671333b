"""Renderers: each form shows the same diagnostic, exactly."""

import json

from optidsl.diag import Diagnostic, Edit, Fix, Label, Sink, Span
from optidsl.diag.render import renderer
from optidsl.diag.render.text import render_text
from optidsl.source import SourceMap

TEXT = "fabric f {\n  length <= 480m\n\toptic.power <= 9W\n}\n"


def _sample() -> tuple[SourceMap, Diagnostic]:
    sources = SourceMap()
    file = sources.add("fabric.optd", TEXT)
    length, power = TEXT.index("length"), TEXT.index("optic")
    diagnostic = Diagnostic(
        "no-optic-fits",
        "error",
        "no optic fits `leaf -> spine`",
        Label(Span(file, length, length + 14), "reach must cover 480 m"),
        (Label(Span(file, power, power + 17), "at most 9 W"),),
        ("each alone can hold",),
        ("shorten the tier",),
        (Fix("raise the limit to 12 W", (Edit(Span(file, power + 15, power + 17), "12W"),), "unsafe"),),
    )
    return sources, diagnostic


def test_text_shows_the_code_as_written_with_both_labels() -> None:
    sources, diagnostic = _sample()
    assert render_text([diagnostic], sources) == (
        "error[no-optic-fits]: no optic fits `leaf -> spine`\n"
        " --> fabric.optd:2:3\n"
        "  |\n"
        "2 |   length <= 480m\n"
        "  |   ^^^^^^^^^^^^^^ reach must cover 480 m\n"
        "3 |     optic.power <= 9W\n"
        "  |     ----------------- at most 9 W\n"
        "  |\n"
        "  = note: each alone can hold\n"
        "  = help: shorten the tier\n"
        "  = help: 1. raise the limit to 12 W; `optidsl fix --apply 1`\n"
    )


def test_text_colours_only_when_asked() -> None:
    sources, diagnostic = _sample()
    assert "\x1b[" not in render_text([diagnostic], sources)
    assert "\x1b[1;31merror[no-optic-fits]" in render_text([diagnostic], sources, colour=True)


def test_a_label_over_several_lines_is_marked_on_its_first() -> None:
    sources = SourceMap()
    file = sources.add("a.optd", TEXT)
    text = render_text([Diagnostic("x", "warning", "m", Label(Span(file, 0, len(TEXT) - 1)))], sources)
    assert "1 | fabric f {\n  | ^^^^^^^^^^\n" in text


def test_labels_in_two_files_show_both() -> None:
    sources = SourceMap()
    one, two = sources.add("a.optd", "x = 1\n"), sources.add("b.optd", "y = 2\n")
    diagnostic = Diagnostic("x", "error", "m", Label(Span(one, 0, 1)), (Label(Span(two, 0, 1), "here"),))
    text = render_text([diagnostic], sources)
    assert " --> a.optd:1:1" in text
    assert " ::: b.optd:1:1" in text


def test_concise_is_one_line() -> None:
    sources, diagnostic = _sample()
    line = renderer("concise")([diagnostic], sources)
    assert line == "fabric.optd:2:3: error[no-optic-fits] no optic fits `leaf -> spine`\n"


def test_github_escapes_and_ends_exclusively() -> None:
    sources, diagnostic = _sample()
    line = renderer("github")([diagnostic], sources)
    assert line.startswith("::error file=fabric.optd,line=2,endLine=2,col=3,endColumn=17,title=no-optic-fits::")
    assert line.endswith("%0Aeach alone can hold%0Ahelp: shorten the tier\n")


def test_json_holds_places_and_edits() -> None:
    sources, diagnostic = _sample()
    document = json.loads(renderer("json")([diagnostic], sources))
    assert document["schema"] == "optidsl.diagnostics/1"
    (found,) = document["diagnostics"]
    assert found["primary"]["line"] == 2
    assert found["primary"]["end_column"] == 17
    assert found["fixes"][0]["edits"][0]["replacement"] == "12W"


def test_sarif_has_rule_region_and_fix() -> None:
    sources, diagnostic = _sample()
    log = json.loads(renderer("sarif")([diagnostic], sources))
    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 2,
        "startColumn": 3,
        "endLine": 2,
        "endColumn": 17,
    }
    assert run["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "12W"
    assert run["tool"]["driver"]["rules"][0]["id"] == "no-optic-fits"


def test_sink_keeps_one_of_two_equal_diagnostics_and_sorts_by_place() -> None:
    sink = Sink()
    sink.error("b", "second", Span(0, 9, 10))
    sink.error("a", "first", Span(0, 1, 2))
    sink.error("a", "first", Span(0, 1, 2))
    sink.warning("c", "placeless")
    assert [d.message for d in sink.sorted()] == ["first", "second", "placeless"]
    assert sink.has_errors
