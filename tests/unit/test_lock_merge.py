"""A lock that two people changed: what a careless merge leaves is told with its line."""

from __future__ import annotations

import pytest

from optidsl._context import Context
from optidsl.lock import read_lock
from tests.support.designs import DictLoader

HEAD = "# optidsl.lock v1 — written by the compiler, reviewed by people\n"


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ("name  c.leaf[1] a\nname  c.leaf[2] a\n", "c.leaf[2] and c.leaf[1] hold the same name"),
        ("addr  a lo0 10.0.0.1/32\naddr  b lo0 10.0.0.1/32\n", "b and a hold the same address"),
        ("name  c.leaf[1] ../../x\n", "`../../x` cannot name a host"),
        ("name  c.leaf[1] a;b\n", "`a;b` cannot name a host"),
    ],
)
def test_a_value_held_twice_or_impossible_is_refused(records: str, words: str) -> None:
    context = Context(DictLoader({}))
    assert read_lock(HEAD + records, context) is None
    assert any(words in f"{d.message} {' '.join(d.notes)} {d.primary}" for d in context.sink.sorted())


def test_spines_share_an_as_number() -> None:
    context = Context(DictLoader({}))
    assert read_lock(HEAD + "asn   a 65000\nasn   b 65000\n", context) is not None
