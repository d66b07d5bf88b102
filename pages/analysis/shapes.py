"""A bureau's own map: areas of a GeoJSON file, matched with units by code or name. No network, no tiles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

Point = tuple[float, float]
_FINENESS = 1500  # points nearer to each other than this part of the map are one


class NotAMap(ValueError):
    """The file is no GeoJSON with areas; `reason` names the kind of fault (a key of the words), `where` its place."""

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(f"{reason} {where}".strip())
        self.reason, self.where = reason, where


@dataclass(frozen=True, slots=True)
class Shape:
    """One area: the texts by which it may be known (codes, names) and its rings, outer rings counter-clockwise and
    holes clockwise."""

    texts: tuple[str, ...]
    rings: tuple[tuple[Point, ...], ...]


def read(content: bytes) -> tuple[list[Shape], int]:
    """The areas of a GeoJSON file, and how many of its features are none (points, lines, empty). Raises NotAMap."""
    try:
        held = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotAMap("encoding", str(error.start + 1)) from error
    except json.JSONDecodeError as error:
        raise NotAMap("json", f"{error.lineno}:{error.colno}") from error
    features = held.get("features") if isinstance(held, dict) else None
    if not isinstance(features, list):
        raise NotAMap("features")
    found = [_shape(each, number) for number, each in enumerate(features, start=1)]
    shapes = [each for each in found if each is not None]
    if not shapes:
        raise NotAMap("empty")
    return shapes, len(found) - len(shapes)


def _shape(feature: object, number: int) -> Shape | None:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        return None
    geometry = feature["geometry"]
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return None
    try:
        held = geometry["coordinates"]
        polygons = [held] if geometry["type"] == "Polygon" else held
        rings = [_ring(ring, n > 0) for polygon in polygons for n, ring in enumerate(polygon)]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise NotAMap("coordinates", str(number)) from error
    return Shape(tuple(_texts(feature)), tuple(each for each in rings if len(each) > 3)) if rings else None


def _ring(points: Sequence[Sequence[float]], hole: bool) -> tuple[Point, ...]:
    """A closed ring turned the way its kind asks for, so that holes stay open whatever the fill rule makes of them."""
    ring = [(float(each[0]), float(each[1])) for each in points]
    return tuple(ring if (signed_area(ring) > 0) is not hole else ring[::-1])


def signed_area(ring: Sequence[Point]) -> float:
    """The area within a ring, above 0 where it runs counter-clockwise."""
    turned = zip(ring, (*ring[1:], ring[0]), strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in turned) / 2


def centre(shape: Shape) -> Point:
    """The centroid of the largest ring: where the label of an area stands."""
    ring = max(shape.rings, key=lambda each: abs(signed_area(each)))
    x0, y0 = ring[0]  # near the ring, so that nothing is lost to rounding
    near = [(x - x0, y - y0) for x, y in ring]
    area = signed_area(near)
    if not area:
        return x0, y0
    pairs = list(zip(near, (*near[1:], near[0]), strict=True))
    cross = [(a[0] * b[1] - b[0] * a[1], a, b) for a, b in pairs]
    return (
        x0 + sum(c * (a[0] + b[0]) for c, a, b in cross) / (6 * area),
        y0 + sum(c * (a[1] + b[1]) for c, a, b in cross) / (6 * area),
    )


def thinned(shapes: Iterable[Shape]) -> list[Shape]:
    """The same areas without points too near to the one before to be seen."""
    held = list(shapes)
    xs = [x for each in held for ring in each.rings for x, _ in ring]
    ys = [y for each in held for ring in each.rings for _, y in ring]
    least = max(max(xs) - min(xs), max(ys) - min(ys)) / _FINENESS
    return [Shape(each.texts, tuple(_thin(ring, least) for ring in each.rings)) for each in held]


def _thin(ring: Sequence[Point], least: float) -> tuple[Point, ...]:
    kept = [ring[0]]
    for x, y in ring[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= least:
            kept.append((x, y))
    return (*kept, ring[-1]) if len(kept) > 2 else tuple(ring)


def matched(shapes: Sequence[Shape], units: Mapping[int, Iterable[str]]) -> dict[int, Shape]:
    """The shape of each unit that exactly one unit and shape agree on. `units` maps ids to codes and names; a code of
    a division may carry trailing noughts. Several features of one unit are one shape; a text that two units bear
    matches neither."""
    known: dict[str, set[int]] = {}
    for unit_id, texts in units.items():
        for text in texts:
            known.setdefault(tidy(text), set()).add(unit_id)
    found: dict[int, list[Shape]] = {}
    for shape in shapes:
        owners = [known[text] for text in map(tidy, shape.texts) if text in known]
        sure = [each for each in owners if len(each) == 1]
        if sure and len(set.union(*sure)) == 1:
            found.setdefault(next(iter(sure[0])), []).append(shape)
    return {
        unit_id: Shape(parts[0].texts, tuple(ring for each in parts for ring in each.rings))
        for unit_id, parts in found.items()
    }


def tidy(text: str) -> str:
    """A code or name in the one spelling that is compared: half width, without spaces, a division code without the
    noughts of the levels below it."""
    plain = normalize("NFKC", text).replace(" ", "").removesuffix(".0")
    if plain.isdecimal() and len(plain) in (6, 9, 12):
        return plain[:6] + plain[6:].rstrip("0") if plain[6:].strip("0") else plain[:6]
    return plain


def _texts(feature: Mapping[str, object]) -> list[str]:
    properties = feature.get("properties")
    held = [feature.get("id"), *(properties.values() if isinstance(properties, dict) else [])]
    return [
        str(each) for each in held if isinstance(each, (str, int, float)) and not isinstance(each, bool) and each != ""
    ]
