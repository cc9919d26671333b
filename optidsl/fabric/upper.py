"""Size the tiers above the leaves: spines that carry and divide evenly, pods, core groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from optidsl._record import record
from optidsl.fabric.box import Box
from optidsl.fabric.breakout import seat_notes
from optidsl.fabric.demand import Ask, LeafSizes, Sizes
from optidsl.fabric.keys import kept_keys
from optidsl.fabric.leaf import up_choices
from optidsl.fabric.refusal import Refusal, allows, count_of, nearest, wish, words
from optidsl.fabric.tapering import decided_ratio
from optidsl.sema.design import Tier


def divisors(number: int) -> list[int]:
    """Return the divisors of a positive number, ascending."""
    return [each for each in range(1, number + 1) if number % each == 0]


def one_tier(ask: Ask, leaf: LeafSizes) -> Sizes | Refusal:
    """Return a fabric of leaves alone: one switch, or one per rail."""
    most = ask.demand.rails or 1
    if leaf.count > most:
        return _too_many_leaves(ask, leaf.count, most)
    return Sizes(ask, leaf, (leaf.count,), (leaf.down,), (0,), ())


def two_tiers(ask: Ask, leaf: LeafSizes) -> Sizes | Refusal:
    """Return the fewest spines that carry every uplink and divide the uplinks of a leaf evenly."""
    most = top_ports(ask.boxes[1], ask.tiers[1])
    if isinstance(most, Refusal):
        return most
    if leaf.count > most:
        return _too_many_leaves(ask, leaf.count, most)
    for up in up_choices(ask, leaf):
        for spines in _above(ask, 1, leaf.count, up, most):
            if _accepts(ask, 1, spines) and _allows_links(ask, 1, up, spines):
                sized = LeafSizes(leaf.count, leaf.down, up, leaf.units, leaf.nodes_per_unit)
                down = -(-leaf.count * up // spines)
                return Sizes(ask, sized, (leaf.count, spines), (leaf.down, down), (up, 0), (parallel_of(up, spines),))
    return _spines_refused(ask, leaf, most)


@record(frozen=True, slots=True)
class _Pods:
    """One way to build pods and cores: `groups` runs of leaves over `pods` pods."""

    up: int
    pods: int
    pod_leaves: int
    spines: int  # per pod
    spine_down: int
    spine_up: int
    cores_per_position: int
    homes: tuple[int, ...] = ()  # pod of each run of leaves, where some are in service

    @property
    def cores(self) -> int:
        return self.spines * self.cores_per_position


def three_tiers(ask: Ask, leaf: LeafSizes) -> Sizes | Refusal:
    """Return pods of leaves and spines, and cores that join spine position j of every pod.

    A pod takes as many leaves (whole scalable units) as a spine has ports down; pods are as even as they can be.
    Spines of a pod, and cores of a position, are the fewest that carry and divide evenly.
    """
    spine_most = _middle_down(ask.boxes[1], ask.tiers[1])
    if spine_most is None:
        return Refusal(
            "radix-exceeded",
            f"no split of a `{ask.boxes[1].model.name}` gives tier `{ask.tiers[1].name}` of `{ask.fabric.name}` the "
            f"ports down and up asked for",
            ask.tiers[1].origin.span,
            notes=seat_notes(ask.boxes[1]),
            helps=("loosen `down` and `up` of the tier",),
        )
    core_most = top_ports(ask.boxes[2], ask.tiers[2])
    if isinstance(core_most, Refusal):
        return core_most
    step = _pod_step(ask, spine_most)
    built: list[_Pods] = []
    for pods in _pod_choices(ask, leaf, spine_most, core_most):
        if _meets(ask, pods):
            return _three(ask, leaf, pods, step)
        built.append(pods)
    if built:
        return _counts_refused(ask, built)
    per_pod = spine_most // step * step
    return _too_many_leaves(ask, leaf.count, per_pod * core_most)


def _three(ask: Ask, leaf: LeafSizes, found: _Pods, step: int) -> Sizes:
    sized = LeafSizes(leaf.count, leaf.down, found.up, leaf.units, leaf.nodes_per_unit)
    core_down = -(-found.pods * found.spine_up // found.cores_per_position)
    groups = leaf.count // step
    return Sizes(
        ask,
        sized,
        (leaf.count, found.pods * found.spines, found.cores),
        (leaf.down, found.spine_down, core_down),
        (found.up, found.spine_up, 0),
        (parallel_of(found.up, found.spines), parallel_of(found.spine_up, found.cores_per_position)),
        found.pods,
        found.pod_leaves,
        step,
        groups % found.pods or found.pods,
        _leaf_pods(found, groups, step),
    )


def _leaf_pods(found: _Pods, groups: int, step: int) -> tuple[int, ...]:
    """Return the pod of every leaf; none where pods are the runs that they would be anyhow."""
    few, more = divmod(groups, found.pods)
    runs = tuple(pod for pod in range(found.pods) for _ in range(few + (pod < more)))
    return tuple(pod for pod in found.homes for _ in range(step)) if found.homes not in ((), runs) else ()


def top_ports(box: Box, tier: Tier) -> int | Refusal:
    """Return the ports that a top tier's switch gives to the tier below."""
    asked = tier.down.value if tier.down.value is not None else tier.down.upper
    if tier.down.value is not None and not box.fits(tier.down.value, 0):
        return Refusal(
            "radix-exceeded",
            f"tier `{tier.name}` needs {tier.down.value} ports down, and a `{box.model.name}` has {box.capacity}",
            tier.down.span or tier.origin.span,
            notes=seat_notes(box),
            helps=(f"set `down = {box.capacity}` or less, or leave it out",),
        )
    return box.capacity if asked is None else min(asked, box.capacity)


def _above(ask: Ask, level: int, switches: int, up: int, most: int) -> list[int]:
    """Return how many switches of tier `level` take the uplinks of those below, ascending; each has `most` ports.

    They divide the uplinks of a switch evenly. Where the author lets pairs differ by a link, they need not.
    """
    if ask.connect(level).uneven:
        return [above for above in range(1, up + 1) if -(-switches * up // above) <= most]
    return [above for above in divisors(up) if switches * (up // above) <= most]


def parallel_of(up: int, above: int) -> int:
    """Return the links between a switch with `up` uplinks and one above it; 0 where they are dealt in turn."""
    return 0 if up % above else up // above


def _allows_links(ask: Ask, level: int, up: int, above: int) -> bool:
    """Tell whether the author's words on parallel links leave these possible."""
    slot = ask.connect(level).parallel
    return all(allows(slot, links) for links in {up // above, -(-up // above)})


def _accepts(ask: Ask, level: int, per_plane: int) -> bool:
    return allows(ask.tiers[level].count, per_plane * ask.planes)


def _middle_down(box: Box, tier: Tier) -> int | None:
    """Return the most ports down of a switch that also has ports up."""
    ratio = decided_ratio(tier, box)
    for down in range(box.capacity, 0, -1):
        if allows(tier.down, down):
            up = tier.up.value if tier.up.value is not None else box.least_up(down, ratio)
            is_met = down * box.down_mbps * ratio.denominator <= up * box.up_mbps * ratio.numerator
            if is_met and box.fits(down, up):
                return down
    return None


def _middle_up(ask: Ask, down: int) -> int | None:
    tier, box = ask.tiers[1], ask.boxes[1]
    if tier.up.value is not None:
        return tier.up.value
    least = box.least_up(down, decided_ratio(tier, box))
    most = box.cages * box.per_up
    return next((up for up in range(least, most + 1) if allows(tier.up, up) and box.fits(down, up)), None)


def _pod_step(ask: Ask, spine_most: int) -> int:
    """Return the leaves that stay in one pod: those of a scalable unit, where a spine can take them."""
    rails = ask.demand.rails
    return rails if rails and rails <= spine_most else 1


def _pod_choices(ask: Ask, leaf: LeafSizes, spine_most: int, core_most: int) -> Iterator[_Pods]:
    """Yield every way to build pods: fewest pods, then fewest spines, then fewest cores first."""
    step = _pod_step(ask, spine_most)
    groups = leaf.count // step
    fewest = -(-groups // (spine_most // step))
    for up in up_choices(ask, leaf):
        for pods, homes in _homes(ask, leaf, step, fewest, min(groups, core_most), spine_most // step):
            pod_leaves = (max(Counter(homes).values()) if homes else -(-groups // pods)) * step
            for spines in _above(ask, 1, pod_leaves, up, spine_most):
                down = -(-pod_leaves * up // spines)
                spine_up = _middle_up(ask, down)
                for cores in _above(ask, 2, pods, spine_up, core_most) if spine_up else ():
                    yield _Pods(up, pods, pod_leaves, spines, down, spine_up or 0, cores, homes)


def _homes(
    ask: Ask, leaf: LeafSizes, step: int, fewest: int, most: int, room: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield numbers of pods and the pod of every run of leaves, none where they are as even as can be.

    Runs in service stay, and new ones go to the pod with the fewest, whatever pods there are besides.

    Args:
        ask: the fabric, with the pods in service.
        leaf: its leaves.
        step: leaves of a run.
        fewest: pods that there are at least.
        most: pods that there are at most.
        room: runs of leaves that a pod takes.
    """
    if ask.fabric.kept_pods:
        keys = kept_keys(ask.tiers[0], leaf.count)[::step]
        held = [ask.fabric.kept_pods.get(key, -1) for key in keys]
        numbers = {pod: at for at, pod in enumerate(sorted({*held} - {-1}))}
        last = min(most, len(numbers) + held.count(-1))
        for pods in range(max(fewest, len(numbers)), last + 1):
            homes = _filled([numbers.get(pod, -1) for pod in held], pods)
            counts = Counter(homes)
            if len(counts) == pods and max(counts.values()) <= room:
                yield pods, homes
    for pods in range(fewest, most + 1):
        yield pods, ()


def _filled(held: Sequence[int], pods: int) -> tuple[int, ...]:
    """Return the pod of everything: the one it has, else the first of those with the fewest."""
    counts = [held.count(pod) for pod in range(pods)]
    found: list[int] = []
    for pod in held:
        if pod < 0:
            pod = counts.index(min(counts))
            counts[pod] += 1
        found.append(pod)
    return tuple(found)


def _meets(ask: Ask, pods: _Pods) -> bool:
    return (
        _accepts(ask, 1, pods.pods * pods.spines)
        and _accepts(ask, 2, pods.cores)
        and _allows_links(ask, 1, pods.up, pods.spines)
        and _allows_links(ask, 2, pods.spine_up, pods.cores_per_position)
    )


def _too_many_leaves(ask: Ask, leaves: int, most: int) -> Refusal:
    count = len(ask.tiers)
    down, fabric = ask.tiers[0], ask.fabric
    top = ask.boxes[-1].model.name
    number = ("one tier", "two tiers", "three tiers")[count - 1]
    over = leaves - most
    helps = [f"at most {count_of(_most_ports(ask, leaves, most), 'endpoint port')} fit in {number} of these models"]
    if count < 3 and len(fabric.tiers) > count:
        helps.insert(0, f"let `tiers` of `{fabric.name}` reach {count + 1}")
    elif count < 3:
        helps.insert(0, f"declare a tier above `{ask.tiers[-1].name}`, or take a model with more ports for it")
    return Refusal(
        "too-few-tiers",
        f"`{fabric.name}` needs {count_of(leaves, 'leaf', 'leaves')}{' a plane' if ask.planes > 1 else ''}, and "
        f"{number} with `{top}` {'as' if count == 1 else 'at'} the top take {most}: {over} too many",
        fabric.tier_count.span or down.origin.span,
        notes=tuple(dict.fromkeys(note for box in ask.boxes for note in seat_notes(box))),
        helps=tuple(helps),
    )


def _most_ports(ask: Ask, leaves: int, most: int) -> int:
    """Return the endpoint ports that fit when only `most` leaves do."""
    per_leaf = ask.boxes[0].capacity if len(ask.tiers) == 1 else -(-ask.demand.ports // leaves)
    if len(ask.tiers) > 1:
        per_leaf = max(per_leaf, _leaf_down(ask))
    return most * per_leaf * ask.planes


def _leaf_down(ask: Ask) -> int:
    box, limit = ask.boxes[0], ask.ratio.limit
    return next((d for d in range(box.capacity, 0, -1) if box.fits(d, box.least_up(d, limit))), 0)


def _spines_refused(ask: Ask, leaf: LeafSizes, most: int) -> Refusal:
    tier, slot = ask.tiers[1], ask.tiers[1].count
    works = [spines * ask.planes for up in up_choices(ask, leaf) for spines in _above(ask, 1, leaf.count, up, most)]
    if any(allows(slot, spines) for spines in works):
        links = sorted({leaf.up * ask.planes // spines for spines in works if allows(slot, spines)})
        return _parallel_refused(ask, 1, leaf.up, links)
    sizes = nearest(slot, works)
    asked = slot.value
    if asked is None or asked % ask.planes:
        cause = f"tier `{tier.name}` asks for {wish(slot)}"
    elif leaf.up % (asked // ask.planes):
        cause = f"the {leaf.up} uplinks of a leaf do not divide evenly over {asked // ask.planes}"
    else:
        needed, offered = leaf.count * leaf.up * ask.planes, asked * most
        cause = f"they have {offered} ports for {needed} uplinks: {needed - offered} too few"
    return Refusal(
        "count-not-possible",
        f"`{ask.fabric.name}` cannot have {wish(slot)} {tier.name} switches: {cause}; {words(sizes)} would work",
        slot.span or tier.origin.span,
        helps=(f"set `count = {sizes[-1]}`, or leave it out: the compiler then chooses",),
    )


def _counts_refused(ask: Ask, built: list[_Pods]) -> Refusal:
    """Name the first tier whose count no way of building pods meets; else the parallel links."""
    totals = {1: [b.pods * b.spines * ask.planes for b in built], 2: [b.cores * ask.planes for b in built]}
    left = list(range(len(built)))
    for level in (1, 2):
        slot, tier = ask.tiers[level].count, ask.tiers[level]
        fitting = [i for i in left if allows(slot, totals[level][i])]
        if not fitting:
            sizes = nearest(slot, (totals[level][i] for i in left))
            return Refusal(
                "count-not-possible",
                f"`{ask.fabric.name}` cannot have {wish(slot)} {tier.name} switches in even pods; "
                f"{words(sizes)} would work",
                slot.span or tier.origin.span,
                helps=(f"set `count = {sizes[-1]}`, or leave it out: the compiler then chooses",),
            )
        left = fitting
    for level in (1, 2):
        links = sorted({_parallel(built[i], level) for i in left})
        if not any(allows(ask.connect(level).parallel, each) for each in links):
            return _parallel_refused(ask, level, built[left[0]].up if level == 1 else built[left[0]].spine_up, links)
    return _parallel_refused(ask, 1, built[left[0]].up, sorted({_parallel(built[i], 1) for i in left}))


def _parallel(pods: _Pods, level: int) -> int:
    return pods.up // pods.spines if level == 1 else pods.spine_up // pods.cores_per_position


def _parallel_refused(ask: Ask, level: int, up: int, works: list[int]) -> Refusal:
    connect = ask.connect(level)
    sizes = nearest(connect.parallel, works)
    return Refusal(
        "parallel-not-possible",
        f"`{connect.a} -- {connect.z}` of `{ask.fabric.name}` cannot have {wish(connect.parallel)} parallel links: "
        f"with {up} uplinks a switch, {words(works)} would work",
        connect.parallel.span or connect.origin.span,
        helps=(f"set `parallel = {sizes[0]}`, or leave it out",) if sizes else (),
    )
