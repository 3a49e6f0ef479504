"""The judge finds what is wrong with a body, one thing at a time."""

from __future__ import annotations

import copy
from typing import Any

from tests.each import each
from tests.judges.dashboard_body import body_of, findings


def sound() -> dict[str, Any]:
    graph = {
        "type": "metric",
        "x": 0,
        "y": 0,
        "width": 12,
        "height": 6,
        "properties": {
            "region": "us-east-1",
            "view": "timeSeries",
            "metrics": [
                ["AWS/SageMaker", "Invocations", "EndpointName", "chat", {"id": "m0", "stat": "Sum", "period": 60}],
                [{"expression": "RUNNING_SUM(m0) / 2", "label": "half"}],
            ],
            "annotations": {"horizontal": [{"value": 1, "label": "limit"}]},
            "yAxis": {"left": {"min": 0, "max": 100}},
            "start": "-P30D",
        },
    }
    alarm = {
        "type": "alarm",
        "x": 12,
        "y": 0,
        "width": 12,
        "height": 6,
        "properties": {"alarms": ["arn:aws:cloudwatch:us-east-1:111122223333:alarm:one"]},
    }
    text = {"type": "text", "x": 0, "y": 6, "width": 24, "height": 1, "properties": {"markdown": "# Fleet"}}
    return {"periodOverride": "inherit", "widgets": [graph, alarm, text]}


def test_a_sound_body() -> None:
    assert findings(sound()) == []


@each(
    ("place", "value", "expected"),
    [
        (("periodOverride",), "never", ["periodOverride"]),
        (("widgets", 0, "type"), "log", ["widget 0: type log"]),
        (("widgets", 0, "properties", "region"), None, ["widget 0: lacks region"]),
        (("widgets", 2, "properties", "title"), "x", ["widget 2: has title"]),
        (("widgets", 0, "x"), 13, ["widget 0: place 13, 0, 12, 6", "widget 1 over widget 0"]),
        (("widgets", 0, "height"), 7, ["widget 2 over widget 0"]),
        (("widgets", 1, "properties", "alarms"), [], ["widget 1: 0 alarms"]),
        (("widgets", 0, "properties", "view"), "line", ["widget 0: view"]),
        (("widgets", 0, "properties", "period"), 90, ["widget 0: period"]),
        (("widgets", 0, "properties", "start"), "30D", ["widget 0: start"]),
        (("widgets", 0, "properties", "start"), "PT3H", ["widget 0: start"]),
        (
            ("widgets", 0, "properties", "annotations", "alarms"),
            ["arn"],
            ["widget 0: an alarm beside other annotations"],
        ),
        (
            ("widgets", 0, "properties", "annotations", "horizontal", 0, "value"),
            None,
            ["widget 0: an annotation without a value"],
        ),
        (("widgets", 0, "properties", "yAxis", "left", "max"), 0, ["widget 0: an axis that ends before it begins"]),
        (("widgets", 0, "properties", "metrics"), [], ["widget 0: 0 metrics"]),
        (("widgets", 0, "properties", "metrics", 1, 0, "id"), "m0", ["widget 0: id m0", "widget 0: id m0"]),
        (("widgets", 0, "properties", "metrics", 1, 0, "visible"), False, []),
        (("widgets", 0, "properties", "metrics", 1, 0, "expression"), "m1 / 2", ["widget 0: no metric m1"]),
        (("widgets", 0, "properties", "metrics", 1, 0, "expression"), "GUESS(m0)", ["widget 0: function GUESS"]),
        (("widgets", 0, "properties", "metrics", 0, 4, "stat"), "median", ["widget 0: stat median"]),
        (("widgets", 0, "properties", "metrics", 0, 4, "period"), 10, ["widget 0: period of m0"]),
        (
            ("widgets", 0, "properties", "metrics", 0, 3),
            {"id": "m0"},
            ["widget 0: names ('AWS/SageMaker', 'Invocations', 'EndpointName')"],
        ),
    ],
)
def test_what_is_wrong_is_found(place: tuple[Any, ...], value: object, expected: list[str]) -> None:
    body = sound()
    inside: Any = body
    for step in place[:-1]:
        inside = inside[step]
    if value is None:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    assert findings(body) == expected


def test_a_graph_of_hidden_lines_alone() -> None:
    body = copy.deepcopy(sound())
    for row in body["widgets"][0]["properties"]["metrics"]:
        row[-1]["visible"] = False
    assert findings(body) == ["widget 0: nothing to see"]


def test_what_only_cloudformation_knows_has_a_word() -> None:
    parts = ['{"widgets":[], "start": "', {"Fn::GetAtt": ["Alarm", "Arn"]}, '"}']
    assert body_of({"DashboardBody": {"Fn::Join": ["", parts]}}, {"Alarm": "one"}) == {"widgets": [], "start": "one"}
    assert body_of({"DashboardBody": '{"widgets": []}'}) == {"widgets": []}
