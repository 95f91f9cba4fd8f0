import math

import numpy as np
import pytest

from emotts.evaluation.page import render
from emotts.evaluation.report_figures import Series, line_chart, matrix_table, number

pytest.importorskip("matplotlib")


def chart(*series, **options):
    return line_chart("Heard", "asked", "heard", series, **options)


def test_numbers_are_readable_and_missing_ones_a_dash():
    assert [number(v) for v in (None, math.nan, math.inf)] == ["–", "–", "–"]
    assert [number(v) for v in (0.051234, 3, True, "x", 0.0)] == ["0.05123", "3", "yes", "x", "0"]
    assert number({"happy": 0.25, "sad": None}) == "happy 0.25, sad –"
    assert number([1, 2.5]) == "1, 2.5"


def test_points_lie_where_the_ticks_say():
    c = chart(Series.of("happy", [0, 0.5, 1.25], [0.1, 0.4, 0.95]))
    for axis, at in (("x", "x_ticks"), ("y", "y_ticks")):
        first, last = c[at][0], c[at][-1]
        scale = (float(last["label"]) - float(first["label"])) / (last["at"] - first["at"])
        read = [
            float(first["label"]) + (d[axis] - first["at"]) * scale for d in c["lines"][0]["dots"]
        ]
        expected = [0, 0.5, 1.25] if axis == "x" else [0.1, 0.4, 0.95]
        assert read == pytest.approx(expected, abs=0.003)  # a tenth of the drawing's unit


def test_octaves_are_equally_far_apart_in_hertz():
    c = chart(Series.of("f0", [0, 1, 2], [100, 200, 400]), hertz=True)
    y = {tick["label"]: tick["at"] for tick in c["y_ticks"]}
    assert y["100"] - y["200"] == pytest.approx(y["200"] - y["400"], abs=0.2)


def test_a_missing_value_breaks_the_line_and_the_band():
    c = chart(Series.of("a", [0, 1, 2, 3], [1, None, 2, 3], [0, 0, 1, 2], [2, 2, 3, None]))
    (line,) = c["lines"]
    assert len(line["paths"]) == 2 and len(line["dots"]) == 3
    assert len(line["bands"]) == 1 and len(line["bands"][0].split()) == 6  # 0, 1 and 2, both edges


def test_the_table_beside_the_chart_holds_every_number():
    c = chart(
        Series.of("a", [0, 1], [0.25, 0.5], [0.2, 0.4], [0.3, 0.6]), Series.of("b", [1, 2], [3, 4])
    )
    assert c["table"]["head"] == ["asked", "a", "b"]
    assert c["table"]["rows"] == [
        ["0", "0.25 [0.2, 0.3]", "–"], ["1", "0.5 [0.4, 0.6]", "3"], ["2", "–", "4"],
    ]  # fmt: skip
    assert "a runs from 0.25 [0.2, 0.3] at 0 to 0.5 [0.4, 0.6] at 1" in c["summary"]


def test_nothing_finite_is_no_chart_and_one_value_is():
    assert chart() is None
    assert chart(Series.of("a", [0, 1], [None, math.nan])) is None
    c = chart(Series.of("a", [1], [5]))
    assert all(math.isfinite(tick["at"]) for tick in c["x_ticks"] + c["y_ticks"])


def test_more_lines_than_colours_differ_by_dashes():
    c = chart(*(Series.of(str(i), [0, 1], [i, i + 1]) for i in range(10)))
    looks = {(line["colour"], line["dashed"]) for line in c["lines"]}
    assert len(looks) == 10


def test_matrix_shares_are_of_the_row():
    m = matrix_table("t", ["sad", "happy"], [[3, 1], [0, 0]])
    assert [cell["share"] for cell in m["rows"][0]["cells"]] == [75, 25]
    assert [cell["share"] for cell in m["rows"][1]["cells"]] == [None, None]
    assert m["rows"][0]["total"] == "4"


def test_drawn_charts_escape_their_texts():
    c = line_chart(
        "<i>", "<x>", "<y>", [Series("<script>", np.array([0.0, 1]), np.array([0.0, 1]))]
    )
    drawn = render_chart(c)
    assert "<script>" not in drawn and "&lt;script&gt;" in drawn and "<x>" not in drawn


def render_chart(c):
    from emotts.evaluation.page import HOME, templates

    return str(templates(HOME, "eval").get_template("figures.html").module.chart(c, "id"))


def test_a_template_that_lacks_a_value_says_so():
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        render("report.html")
