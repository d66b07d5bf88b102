"""A bureau's own map: what is an area, which unit it belongs to, and what is said of a faulty file."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from pages.analysis.shapes import NotAMap, Shape, centre, matched, read, signed_area, thinned, tidy
from pages.charts.districtmap import MapWords, district_map
from tests.pages.conftest import Shelf, shown
from tests.pages.test_districts import Open

SQUARE = [[0, 0], [0, 2], [2, 2], [2, 0], [0, 0]]  # clockwise, as many programs write it
HOLE = [[0.5, 0.5], [1, 0.5], [1, 1], [0.5, 1], [0.5, 0.5]]


def feature(kind: str, coordinates: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False).encode()


def test_rings_are_turned_so_that_holes_stay_open() -> None:
    [shape], others = read(collection(feature("Polygon", [SQUARE, HOLE], name="东渡区", adcode=990101)))
    assert [signed_area(ring) for ring in shape.rings] == [4, -0.25]
    assert (shape.texts, others) == (("东渡区", "990101"), 0)
    assert centre(shape) == pytest.approx((1, 1))


def test_points_are_counted_and_not_drawn() -> None:
    shapes, others = read(collection(feature("MultiPolygon", [[SQUARE]]), feature("Point", [1, 1]), {"geometry": None}))
    assert (len(shapes), others) == (1, 2)


@pytest.mark.parametrize(
    ("content", "reason", "where"),
    [
        ("区划".encode("gbk"), "encoding", "1"),
        (b'{"features": [', "json", "1:15"),
        (b'{"type": "Topology"}', "features", ""),
        (collection(feature("Point", [1, 1])), "empty", ""),
        (collection(feature("Polygon", [SQUARE]), feature("Polygon", [[["x", 1]]])), "coordinates", "2"),
    ],
)
def test_a_faulty_file_is_told_with_its_place(content: bytes, reason: str, where: str) -> None:
    with pytest.raises(NotAMap) as fault:
        read(content)
    assert (fault.value.reason, fault.value.where) == (reason, where)


@pytest.mark.parametrize(
    ("one", "other"),
    [("330102000000", "330102"), ("330102", "330102.0"), ("石岭 镇", "石岭镇"), ("330102001000", "330102001")],
)
def test_a_code_or_name_has_one_spelling(one: str, other: str) -> None:
    assert tidy(one) == tidy(other)


def test_shapes_go_to_the_one_unit_that_bears_their_code_or_name() -> None:
    ring = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0))
    shapes = [
        Shape(("990101", "东渡"), (ring,)),
        Shape(("城关镇",), (ring,)),
        Shape(("西坪县",), (ring,)),
        Shape(("990102",), (ring,)),
    ]
    units = {1: ["990101"], 2: ["城关镇"], 3: ["城关镇"], 4: ["990102", "西坪县"]}
    found = matched(shapes, units)
    assert {unit_id: len(shape.rings) for unit_id, shape in found.items()} == {1: 1, 4: 2}


def test_thinning_keeps_the_form() -> None:
    ring = (*((x / 10_000, 0.0) for x in range(10_001)), (1.0, 1.0), (0.0, 0.0))
    [thin] = thinned([Shape(("a",), (ring,))])
    assert 1000 < len(thin.rings[0]) < 2000
    assert thin.rings[0][0] == thin.rings[0][-1]


def test_areas_carry_value_sign_and_state() -> None:
    [shape], _ = read(collection(feature("Polygon", [SQUARE])))
    frame = pd.DataFrame({"org_unit_id": [1], "text": ["88.0% ✗"], "detail": ["22 / 25"], "state": ["missed"]})
    words = MapWords({1: "<甲>", 2: "乙"}, {"missed": "✗ 未达标", "not_compared": "不作比较", "met": "", "near": ""})
    colours = {"missed": "#f00", "not_compared": "#eee", "met": "#00f", "near": "#888"}
    figure = district_map(frame, {1: shape, 2: shape}, words, colours, "#111")
    area, empty, labels = figure.data
    assert (area.fillcolor, area.name, area.text) == ("#f00", "✗ 未达标", "&lt;甲&gt;<br>22 / 25")
    assert (empty.fillcolor, empty.name) == ("#eee", "不作比较")
    assert list(labels.text) == ["&lt;甲&gt;<br>88.0% ✗", "乙"]
    assert figure.layout.yaxis.scaleanchor == "x"


def test_without_a_map_the_page_says_what_to_do(store: Shelf, open_page: Open) -> None:
    app = open_page("districts", view="map", indicator="vac_cert_check_rate")
    assert not app.exception
    assert "还没有本地的行政区划地图" in shown(app)
    assert str(store.folder / "map.geojson") in shown(app).replace("\\", "")


def test_the_map_is_drawn_and_what_it_lacks_is_named(
    store: Shelf, open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "区划.geojson"
    file.write_bytes(collection(feature("Polygon", [SQUARE], adcode=990102)))
    monkeypatch.setenv("EDU_MAP_FILE", str(file))
    app = open_page("districts", view="map", indicator="vac_cert_check_rate", within=store.ids["city"])
    assert not app.exception
    [chart] = app.get("plotly_chart")
    assert [each["text"] for each in json.loads(chart.proto.spec)["data"]][1] == ["西坪县<br>75.0% ✗"]
    assert chart.proto.alt
    assert "地图上没有的单位（1个）：东渡区" in shown(app)


def test_a_faulty_map_is_a_sentence_and_no_error(
    store: Shelf, open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "map.json"
    file.write_text('{"features": [', encoding="utf-8")
    monkeypatch.setenv("EDU_MAP_FILE", str(file))
    app = open_page("districts", view="map", indicator="vac_cert_check_rate")
    assert not app.exception
    assert "第1:15处（行:列）读不下去" in shown(app)
