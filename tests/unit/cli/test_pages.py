"""HTML pages in a headless Chromium, on a desktop and a phone, light and dark: nothing overflows, nothing is cut."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.cli import main
from cdk_inference.cli.pages.comparison_page import comparison_page
from cdk_inference.cli.pages.engine import Names, link
from cdk_inference.proof.report import report
from scripts import browser
from scripts.docs import pages as pictures
from tests.each import each
from tests.support import ROOT

pytestmark = pytest.mark.xdist_group("chromium")

TODAY = datetime.date(2026, 11, 30)
# 59 characters, as long as names of endpoints are that get a hash.
NAME = "team-recommendations-production-eu-central-llm-endpoint-{:03}"
REGION = ("--region", "us-east-1")
WIDTHS = (1280, 390)
BORDERS = ("border-bottom", "border-top", "border-left")


def fleet(count: int, instances: int, instance_type: str) -> dict[str, Any]:
    """Endpoints that are autoscaled, of names that differ at their end."""
    resources: dict[str, Any] = {}
    for number in range(count):
        name = NAME.format(number)
        variant = {"VariantName": "AllTraffic", "InstanceType": instance_type, "InitialInstanceCount": instances}
        resources[f"Config{number}"] = {
            "Type": "AWS::SageMaker::EndpointConfig",
            "Properties": {"ProductionVariants": [variant]},
        }
        resources[f"Endpoint{number}"] = {
            "Type": "AWS::SageMaker::Endpoint",
            "Metadata": {
                "aws:cdk:path": f"fleet/TeamRecommendationsProductionEuCentralLanguageModels{number}/Resource"
            },
            "Properties": {
                "EndpointName": name,
                "EndpointConfigName": {"Fn::GetAtt": [f"Config{number}", "EndpointConfigName"]},
            },
        }
        resources[f"Target{number}"] = {
            "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
            "Properties": {
                "ResourceId": f"endpoint/{name}/variant/AllTraffic",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "ServiceNamespace": "sagemaker",
                "MinCapacity": instances,
                "MaxCapacity": 3 * instances + number,
            },
        }
    return {"Resources": resources}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The reports of an ordinary case and of 45 endpoints."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "base.json").write_text(json.dumps(fleet(45, 2, "ml.g6.2xlarge")))
    (folder / "head.json").write_text(json.dumps(fleet(45, 3, "ml.g6.12xlarge")))
    data = ROOT / "tests/data"
    commands = {
        "estimate": ["estimate", f"{data}/by_hand.yaml", "--usage", f"{data}/usage.toml", "--budget", "3000"],
        "estimate-many": ["estimate", f"{folder}/head.json"],
        "review": [
            "review",
            "--base",
            f"{ROOT}/examples/review/deployed.yaml",
            "--head",
            f"{ROOT}/examples/review/changed.yaml",
        ],
        "review-many": [
            "review",
            "--base",
            f"{folder}/base.json",
            "--head",
            f"{folder}/head.json",
            "--commit",
            "c0ffee",
        ],
        "review-less": ["review", "--base", f"{folder}/head.json", "--head", f"{folder}/base.json"],
    }
    made = {name: folder / f"{name}.html" for name in (*commands, "comparison")}
    for name, command in commands.items():
        main([*command, *REGION, "--format", "html", "--output", str(made[name])], TODAY)
    made["comparison"].write_text(comparison_page(report(pictures.simulated())), encoding="utf-8")
    return made


PAGES = ("estimate", "estimate-many", "review", "review-many", "review-less", "comparison")


@pytest.fixture(scope="module")
def chromium() -> Iterator[browser.Browser]:
    if browser.found() is None:
        pytest.skip("no Chromium is installed, which measures pages")
    with browser.Browser() as opened:
        yield opened


# Of each kind, what is wrong: an element beyond the page, a text that its box cuts, and labels of a drawing that
# leave it or lie on each other. Tables scroll in a box of their own.
FAULTS = """(() => {
  const root = document.documentElement, found = [];
  const name = one => one.tagName + '.' + one.getAttribute('class') + ': ' + one.textContent.trim().slice(0, 60);
  if (root.scrollWidth > root.clientWidth) found.push('the page is ' + root.scrollWidth + ' wide');
  for (const one of document.body.querySelectorAll('*')) {
    if (one.closest('.scroll') && !one.matches('.scroll')) continue;
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (box.width && (box.right > root.clientWidth + 1 || box.left < -1)) found.push('beyond the page: ' + name(one));
    if (!one.matches('.scroll, svg, svg *') && style.overflowX !== 'visible' && one.scrollWidth > one.clientWidth)
      found.push('cut: ' + name(one));
    if (style.textOverflow === 'ellipsis') found.push('cut with an ellipsis: ' + name(one));
  }
  for (const drawing of document.querySelectorAll('svg')) {
    const frame = drawing.getBoundingClientRect();
    if (!drawing.getAttribute('viewBox')) found.push('does not scale: ' + name(drawing));
    const texts = [...drawing.querySelectorAll('text')].map(one => [one, one.getBoundingClientRect()]);
    for (const [one, box] of texts) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        found.push('leaves its drawing: ' + name(one));
      for (const [other, its] of texts)
        if (one !== other && box.left < its.right && its.left < box.right && box.top < its.bottom && its.top < box.bottom)
          found.push('lies on ' + other.textContent + ': ' + name(one));
      if (box.height < 7) found.push('too small to read: ' + name(one));
    }
  }
  return found;
})()"""


@each("width", WIDTHS)
@each("name", PAGES)
def test_nothing_overflows_and_nothing_is_cut(
    name: str, width: int, pages: Mapping[str, Path], chromium: browser.Browser
) -> None:
    """In light: the dark scheme differs in colours only, as the next test shows."""
    chromium.show(pages[name], width)
    assert chromium.value("document.documentElement.clientWidth") == width
    assert chromium.value(FAULTS) == []
    chromium.value("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert chromium.value(FAULTS) == []
    if width == 1280:
        wide = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth).length"
        assert chromium.value(wide) == 0, "a table scrolls on a desktop"


@each("name", PAGES)
def test_dark_changes_nothing_but_colours(name: str, pages: Mapping[str, Path]) -> None:
    text = pages[name].read_text()
    assert text.count("prefers-color-scheme") == 1
    dark = re.search(r"@media\(prefers-color-scheme:dark\)\{:root\{((?:--[a-z0-9-]+:#[0-9a-f]{3,6};?\s*)+)\}\}", text)
    assert dark is not None
    names = re.findall(r"(--[a-z0-9-]+):", dark[1])
    assert set(names) == set(re.findall(r"(--[a-z0-9-]+):", text)), "a colour of one scheme only"
    uses = re.findall(r"([a-z-]+):([^;{}]*var\((?:--[a-z0-9-]+)\)[^;}]*)", text)
    assert {kind for kind, _ in uses} <= {"color", "background", "fill", "stroke", "border-color", *BORDERS}
    # Of a border only its colour is one of them.
    assert all(re.fullmatch(r"[\d.]+px solid var\([a-z0-9-]+\)", value) for kind, value in uses if kind in BORDERS)


CONTRAST = """(() => {
  const light = colour => {
    const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map(one => one / 255)
      .map(one => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = one => {
    const colour = getComputedStyle(one).backgroundColor;
    return /, 0\\)$/.test(colour) && one.parentElement ? behind(one.parentElement) : colour;
  };
  let least = 99;
  for (const one of document.querySelectorAll('h1,h2,h3,p,a,b,code,td,th,li,small,summary,.name,.amount,footer')) {
    const pair = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => b - a);
    least = Math.min(least, (pair[0] + .05) / (pair[1] + .05));
  }
  return least;
})()"""


@each("dark", [False, True])
@each("name", ["estimate", "review", "comparison"])
def test_texts_stand_out(name: str, dark: bool, pages: Mapping[str, Path], chromium: browser.Browser) -> None:
    """4.5 to 1: https://www.w3.org/TR/WCAG22/#contrast-minimum (read 2026-11-30)"""
    chromium.show(pages[name], 1280, dark=dark)
    background = chromium.value("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(20, 25, 31)" if dark else "rgb(255, 255, 255)")
    assert chromium.value(CONTRAST) >= 4.5


@each("name", PAGES)
def test_a_page_loads_nothing_and_links_to_rules_only(name: str, pages: Mapping[str, Path]) -> None:
    text = pages[name].read_text()
    links = re.findall(r'<a href="([^"]*)"', text)
    assert bool(links) is name.startswith("review")
    assert all(re.fullmatch(r"https://\S+/docs/review\.md#[a-z-]+", one) for one in links)
    assert not re.search(r"<script|<link|<img|<iframe|url\(|@import|src=|style=", text)
    assert '<meta name="viewport" content="width=device-width,initial-scale=1">' in text
    assert "prefers-color-scheme:dark" in text
    assert "@media print" in text


def test_a_review_names_its_sides_and_when_and_by_what(pages: Mapping[str, Path]) -> None:
    text = pages["review-many"].read_text()
    assert re.search(r"Base: \S+/base\.json · Head: \S+/head\.json · Commit: c0ffee", text)
    assert re.search(r"<footer>Review of 2026-11-30 · cdk-inference \d+\.\d+\.\d+</footer>", text)


def test_costs_come_before_findings_which_are_grouped(pages: Mapping[str, Path]) -> None:
    text = pages["review-many"].read_text()
    assert text.index("Monthly cost of the change") < text.index("Costs before and after") < text.index("<h2>45 errors")
    assert text.count("SageMaker refuses to change the type of a registered variant") == 1
    assert text.count(">endpoint-update-fails</a>") == 1


def test_long_names_are_cut_in_the_middle_and_whole_in_the_title(pages: Mapping[str, Path]) -> None:
    text = pages["estimate-many"].read_text()
    shown = set(re.findall(r'<span title="team-[^"]*">([^<]*)</span>', text))
    assert len(shown) == 45
    assert f'title="{NAME.format(7)}"' in text


def test_texts_of_templates_are_no_markup_anywhere() -> None:
    hostile = '"><script>alert(1)</script>\u202e'
    assert str(Names([hostile])(hostile)) == "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;?"
    long = Names([hostile * 5], 20)(hostile * 5)
    assert re.findall("<[a-z]+", str(long)) == ["<span"]
    assert link("javascript:alert(1)", "a rule") == "a rule"
    assert link('https://x/"onclick="y', "<b>") == '<a href="https://x/&#34;onclick=&#34;y">&lt;b&gt;</a>'


def test_the_pictures_in_docs_are_small() -> None:
    named = {path.name for path in (ROOT / "docs/images").glob("*.png")}
    assert named == set(pictures.PICTURES)
    for name in named:
        assert (ROOT / "docs/images" / name).stat().st_size < 150_000, name
