"""What operators are given: every figure that a dashboard or a rule asks for is one we tell."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from remote_court.server import traffic
from remote_court.telemetry import REGISTRY
from remote_court.video import meters, taping
from remote_court.video.drops import Drops
from tests.promtool import promtool

DEPLOY = Path(__file__).parents[1] / "deploy"
BOARD = json.loads((DEPLOY / "grafana" / "calls.json").read_text())
RULES = yaml.safe_load((DEPLOY / "prometheus" / "remote-court.rules.yml").read_text())
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
NAME = re.compile(r"\b(?:remote_court|process)_\w+")
ALWAYS = {"up"}


def told() -> set[str]:
    """Every name that a sample of ours may have."""
    assert {traffic, meters, taping}  # they register what they count
    return {
        family.name + suffix
        for family in REGISTRY.collect()
        for suffix in SUFFIXES.get(family.type, ("",))
    }


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_every_panel_shows_something_that_is_counted(panel):
    for target in panel["targets"]:
        names = set(NAME.findall(target["expr"]))
        assert names, target["expr"]
        assert names <= told()


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_every_rule_asks_for_something_that_is_counted_and_says_what_it_means(rule):
    names = set(NAME.findall(rule["expr"])) or (ALWAYS & {rule["expr"].partition("{")[0]})
    assert names
    assert names <= told() | ALWAYS
    assert rule["annotations"]["summary"]
    assert rule["labels"]["severity"] in {"page", "ticket"}


def test_a_metric_that_is_not_there_is_found():
    assert not {"remote_court_media_wishes_total"} <= told()


def test_reasons_in_rules_are_reasons():
    asked = re.findall(r'reason=~"([^"]+)"', "".join(rule["expr"] for rule in ALERTS))
    named = {reason for each in asked for reason in each.split("|")}
    assert named
    assert named <= {reason for reason, _ in Drops()}


def test_every_figure_of_the_media_is_explained_and_on_the_board():
    manual = (DEPLOY / "README.md").read_text()
    shown = "".join(target["expr"] for panel in PANELS for target in panel["targets"])
    for family in meters.METERS.collect():
        short = family.name.removeprefix(meters.PREFIX)
        assert re.search(rf"`{short}(_total)?(\{{\w+\}})?`", manual), short
        assert family.name in shown or family.name in str(RULES), family.name


def test_panels_have_places_of_their_own():
    places = [tuple(sorted(panel["gridPos"].items())) for panel in BOARD["panels"]]
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


@pytest.mark.parametrize("spoilt", ["", "sum("])
def test_prometheus_itself_takes_the_configuration_and_every_rule(tmp_path, spoilt):
    program = promtool(tmp_path)
    shutil.copytree(DEPLOY / "prometheus", given := tmp_path / "given")
    token = tmp_path / "token"
    token.touch()
    config = given / "prometheus.yml"
    config.write_text(config.read_text().replace("/etc/prometheus/remote-court-token", str(token)))
    rules = given / "remote-court.rules.yml"
    rules.write_text(rules.read_text().replace("expr: ", f"expr: {spoilt}", 1))
    done = subprocess.run(
        [program, "check", "config", str(config)], capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) is not bool(spoilt), done.stderr
    if not spoilt:
        assert f"{len(ALERTS)} rules found" in done.stdout
