"""Words of a policy's lists that no part goes by."""

from __future__ import annotations

import pytest

from tests.support.compiled import compile_files, files_of, said


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("form_factors in [house, hoise]", "no part in use has the form factor `hoise`"),
        ("grades in [glass, om9]", "no part in use has the fibre grade `om9`"),
        ("vendors in [NVIDIA, Nobody]", "no part in use has the vendor `Nobody`"),
    ],
)
def test_a_word_without_parts_is_told(line: str, told: str) -> None:
    _, context = compile_files(files_of(f"  policy {{ {line} }}\n"))
    assert [text for text in said(context) if "word-without-parts" in text] == [f"warning[word-without-parts]: {told}"]


def test_words_that_parts_have_are_not() -> None:
    _, context = compile_files(files_of("  policy { form_factors in [house], grades = glass }\n"))
    assert not [text for text in said(context) if "word-without-parts" in text]
