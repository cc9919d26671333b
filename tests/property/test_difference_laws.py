"""Laws of differences: what is there before, plus what comes, minus what goes, is what is there after."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from optidsl.difference import Difference, markdown_of, text_of
from optidsl.difference.markdown import LIMIT
from optidsl.plan.model import Plan
from tests.support.differences import End, Net, changed, clos, compare, plan_of, texts_of

SEEDS = range(30)


def _pair(seed: int) -> tuple[Net, Net, Difference]:
    rng = random.Random(seed)
    before = changed(clos(rng.randint(1, 5), rng.randint(1, 4), 2, rng.randint(1, 3)), rng)
    after = changed(before, rng)
    return before, after, compare(before, after)


def _cables(plan: Plan) -> Counter[tuple[str, int]]:
    """Every cable by its both ends and its length, told in words."""
    devices, links = plan.devices, plan.links
    who = [f"{plan.groups[g].name}[{key}]" for g, key in zip(devices.group.tolist(), devices.key, strict=True)]
    found: Counter[tuple[str, int]] = Counter()
    for row in range(len(links.segment)):
        a = f"{who[links.a_device[row]]} et{links.a_port[row] + 1}"
        z = f"{who[links.z_device[row]]} et{links.z_port[row] + 1}"
        found[f"{a} -- {z}", int(links.ordered_mm[row])] += 1
    return found


def _ends(pair: object) -> str:
    assert isinstance(pair, tuple)
    return " -- ".join(f"{end.device} {end.port}" for end in pair)


@pytest.mark.parametrize("seed", SEEDS)
def test_cables_are_conserved(seed: int) -> None:
    before, after, found = _pair(seed)
    cables = _cables(plan_of(before))
    for each in found.cables:
        if each.was is not None:
            cables[_ends(each.was), each.was_length_mm] -= 1
        if each.ends is not None:
            cables[_ends(each.ends), each.length_mm] += 1
    assert +cables == _cables(plan_of(after))
    assert min(cables.values(), default=0) >= 0
    work = found.work.cables
    assert len(before.links) + work.pull - work.remove == len(after.links)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_moved_cable_is_of_the_same_part_and_length_and_keeps_what_it_is_said_to_keep(seed: int) -> None:
    for each in _pair(seed)[2].cables:
        if each.kind != "move":
            assert each.ends_moved == 0
            continue
        assert (each.part, each.length_mm) == (each.was_part, each.was_length_mm)
        assert each.was is not None
        assert each.ends is not None
        kept = sum(one == other for one, other in zip(each.was, each.ends, strict=True))
        assert kept == 2 - each.ends_moved
        assert any(one.device == other.device for one, other in zip(each.was, each.ends, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bill_of_material_differs_by_its_delta(seed: int) -> None:
    before, after, found = _pair(seed)
    bills = []
    for net in (before, after):
        bill: Counter[tuple[str, int]] = Counter()
        for line in plan_of(net).bom:
            bill[line.part, line.length_mm] += line.quantity
        bills.append(bill)
    delta = {(each.part, each.length_mm): each.delta for each in found.bom}
    assert delta == {key: n for key in bills[0] | bills[1] if (n := bills[1][key] - bills[0][key])}
    cables = found.work.cables
    of_cables = sum(n for (part, _), n in delta.items() if part == "jumper")
    assert of_cables == cables.pull - cables.remove
    for work in found.work.modules:
        assert work.buy - work.free == delta.get((work.part, 0), 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_devices_that_change_are_those_whose_text_differs(seed: int) -> None:
    before, after, found = _pair(seed)
    old, new = texts_of(plan_of(before)).devices, texts_of(plan_of(after)).devices
    assert set(found.work.configs) == {name for name in old.keys() & new.keys() if old[name] != new[name]}


@pytest.mark.parametrize("seed", SEEDS)
def test_all_work_has_a_cause_and_all_of_it_is_explained(seed: int) -> None:
    found = _pair(seed)[2]
    works = [cause.work for cause in found.causes]
    for name in ("pull", "remove", "move_one_end", "move_both_ends", "relength", "exchange", "pull_mm", "remove_mm"):
        assert sum(getattr(work.cables, name) for work in works) == getattr(found.work.cables, name)
    for name in ("rack", "unrack", "reseat", "replace", "configs"):
        assert Counter(each for work in works for each in getattr(work, name)) == Counter(getattr(found.work, name))
    for name in ("resets", "opened", "closed"):
        assert sum(getattr(work, name) for work in works) == getattr(found.work, name)


@pytest.mark.parametrize("seed", SEEDS)
def test_sessions_are_conserved(seed: int) -> None:
    before, after, found = _pair(seed)
    counts = [sum(ends[0][0] == "leaf" for ends in net.links) for net in (before, after)]
    assert counts[0] + found.work.opened - found.work.closed == counts[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_way_back_is_the_mirror(seed: int) -> None:
    before, after, there = _pair(seed)
    back = compare(after, before)
    one, other = there.work.cables, back.work.cables
    assert (one.pull, one.remove, one.relength) == (other.remove, other.pull, other.relength)
    assert one.move == other.move
    assert there.work.rack == back.work.unrack


@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_rows_is_no_difference(seed: int) -> None:
    rng = random.Random(seed)
    net = changed(clos(3, 3), rng)
    links = list(net.links.items())
    rng.shuffle(links)
    other = Net(*(rng.sample(keys, len(keys)) for keys in (net.servers, net.leaves, net.spines)), links=dict(links))
    found = compare(net, other)
    assert found.is_empty
    assert text_of(found) == markdown_of(found) == ""


@pytest.mark.parametrize("seed", SEEDS)
def test_disturbed_cables_are_at_least_the_bound(seed: int) -> None:
    before, after, found = _pair(seed)
    pairs = [Counter((ends[0][:2], ends[1][:2], mm) for ends, mm in net.links.items()) for net in (before, after)]
    bound = sum(max(0, count - pairs[1][key]) for key, count in pairs[0].items())
    assert found.rollout.bound == bound
    assert found.rollout.disturbed >= bound
    stays = sum(after.links.get(ends) == mm for ends, mm in before.links.items())
    assert found.rollout.disturbed == len(before.links) - stays


@pytest.mark.parametrize("seed", SEEDS)
def test_waves_keep_what_they_claim(seed: int) -> None:
    """Replay the waves cable by cable, without the columns they were computed from."""
    before, after, found = _pair(seed)
    replay = _Replay(before, after, found)
    done: set[str] = set()
    for wave in found.rollout.waves:
        drained = set(wave.drain)
        if wave.fabric:
            shares = replay.shares(next(iter(drained)).rstrip("0123456789"), done, drained)
            assert min([1, *shares]) == pytest.approx(wave.share[0] / wave.share[1])
        done |= drained
    went = {name for cable in replay.old.values() for name in [cable] if name}
    assert went <= done


class _Replay:
    """Cables by their ends as `group key port`; those that do not stay with the device that is drained for them."""

    def __init__(self, before: Net, after: Net, found: Difference) -> None:
        self.before, self.after = before, after
        there = {(path, key) for path, _, keys in after.groups() for key in keys}
        self.gone = {
            f"{path}{int(key):03}" for path, _, keys in before.groups() for key in keys if (path, key) not in there
        }
        self.old: dict[object, str] = {}
        for a, z in before.links:
            stays = after.links.get((a, z)) == before.links[a, z]
            self.old[a, z] = "" if stays else _name(a) if _name(a) in self.gone else _name(z)
        self.from_: dict[object, object] = {}
        for each in found.cables:
            if each.was is not None and each.ends is not None:
                self.from_[_plain(each.ends)] = _plain(each.was)

    def shares(self, path: str, done: set[str], drained: set[str]) -> list[float]:
        """Return what each device that stays keeps of its cables to a tier."""
        total = Counter(_name(a) for a, z in self.before.links if z[0] == path)
        kept = Counter[str]()
        for a, z in self._up(done, drained):
            kept[_name(a)] += z[0] == path and _name(z) not in drained
        return [kept[low] / n for low, n in total.items() if low not in self.gone and low not in drained]

    def _up(self, done: set[str], drained: set[str]) -> Iterator[tuple[End, End]]:
        """Yield the cables that are in: old ones until they are worked on, new ones once their ports are free."""
        busy = set()
        for (a, z), device in self.old.items():  # type: ignore[misc]
            if device not in done:
                busy.update((a, z))
                if device not in drained:
                    yield a, z
        for a, z in self.after.links:
            if self.old.get((a, z)) == "":
                continue
            was = self.from_.get((a, z))
            is_moved = was is None or self.old[was] in done
            if is_moved and a not in busy and z not in busy:
                yield a, z


def _name(end: End) -> str:
    return f"{end[0]}{int(end[1]):03}"


def _plain(ends: object) -> object:
    assert isinstance(ends, tuple)
    found = []
    for end in ends:
        group, _, key = end.device.partition("[")
        found.append((group.rpartition(".")[2], key.removesuffix("]"), int(end.port.removeprefix("et")) - 1))
    return tuple(found)


def test_a_comment_is_within_the_limit_for_every_seed() -> None:
    assert all(len(markdown_of(_pair(seed)[2])) < LIMIT for seed in SEEDS)
