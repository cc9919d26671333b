"""Distinct values of columns, against NumPy's own."""

import numpy as np
import pytest

from optidsl._columns import distinct, distinct_rows


@pytest.mark.parametrize("size", [0, 1, 2, 7, 1000])
def test_equal_to_numpy(size: int) -> None:
    values = np.random.default_rng(size).integers(-5, 20, size).astype(np.int32)
    expected = np.unique(values, return_index=True, return_inverse=True, return_counts=True)
    for mine, theirs in zip(distinct_rows(values), expected, strict=True):
        assert mine.tolist() == theirs.tolist()
    assert distinct(values).tolist() == expected[0].tolist()
