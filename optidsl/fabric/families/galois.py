"""Finite fields of any prime power: their elements as 0 … q - 1, sums and products as tables.

An element of GF(p^m) is a polynomial over GF(p), its coefficients the digits of the number to the base p.

Source: Lidl and Niederreiter, Finite Fields (2nd edition 1997), sections 1.4 and 3.1.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

import numpy as np

from optidsl._record import record
from optidsl.diag import InternalError
from optidsl.fabric.tables import I64


@record(frozen=True, slots=True)
class Field:
    """GF(order): `add[a, b]`, `mul[a, b]`, and the powers 0 … order - 2 of a primitive element."""

    order: int
    add: I64
    mul: I64
    powers: I64


def prime_power(number: int) -> tuple[int, int] | None:
    """Return the prime and the exponent of a prime power, None for other numbers."""
    if number < 2:
        return None
    prime = next((each for each in range(2, int(number**0.5) + 1) if number % each == 0), number)
    exponent = 0
    while number % prime == 0:
        number, exponent = number // prime, exponent + 1
    return (prime, exponent) if number == 1 else None


@lru_cache(maxsize=4)
def galois_field(order: int) -> Field:
    """Return the field of a prime power; the polynomial is the first primitive one in the order of its digits."""
    found = prime_power(order)
    if found is None:
        raise InternalError(f"{order} is no prime power")
    prime, degree = found
    digits = np.arange(order)[:, None] // prime ** np.arange(degree) % prime
    sums = (digits[:, None, :] + digits[None, :, :]) % prime
    add = (sums * prime ** np.arange(degree)).sum(axis=2)
    powers = _powers(prime, degree)
    logs = np.zeros(order, np.int64)
    logs[powers] = np.arange(order - 1)
    mul = powers[(logs[:, None] + logs[None, :]) % (order - 1)]
    mul[0, :] = mul[:, 0] = 0
    return Field(order, add.astype(np.int64), mul, powers)


def _powers(prime: int, degree: int) -> I64:
    """Return the powers of x modulo the first primitive polynomial x^m = c0 + c1 x + …, as numbers."""
    order = prime**degree
    for rule in product(range(prime), repeat=degree):
        if not rule[-1]:
            continue
        low = rule[::-1]
        found, element = [1], _times_x((1, *(0,) * (degree - 1)), low, prime)
        while _number(element, prime) != 1 and len(found) < order:
            found.append(_number(element, prime))
            element = _times_x(element, low, prime)
        if len(found) == order - 1:
            return np.array(found, np.int64)
    raise InternalError(f"no primitive polynomial of degree {degree} over GF({prime})")


def _times_x(element: tuple[int, ...], low: tuple[int, ...], prime: int) -> tuple[int, ...]:
    carry = element[-1]
    shifted = (0, *element[:-1])
    return tuple((digit + carry * rule) % prime for digit, rule in zip(shifted, low, strict=True))


def _number(element: tuple[int, ...], prime: int) -> int:
    return sum(digit * prime**place for place, digit in enumerate(element))
