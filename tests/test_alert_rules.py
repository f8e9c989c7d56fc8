"""Prometheus' files: what promtool says of them, and that they speak of what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.browsing import missing

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "ops" / "prometheus"
RULES = FOLDER / "rules" / "kyros.yml"
TESTS = FOLDER / "tests" / "kyros.yml"
SOURCES = ("apps/*/src/**/*.py", "packages/*/src/**/*.py", "apps/shell-ui/lib/**/*.ts")
SUFFIXES = re.compile(r"_(?:total|bucket|count|sum)$")


def alerts() -> set[str]:
    """Return the names of the alerts."""
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return {rule["alert"] for rule in group["rules"]}


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "--lint-fatal", str(FOLDER / "prometheus.yml")),
        ("check", "rules", "--lint-fatal", str(RULES)),
        ("test", "rules", str(TESTS)),
    ],
    ids=" ".join,
)
def test_promtool(arguments: tuple[str, ...]) -> None:
    """Prometheus takes the files, and each alert fires when it should and not else."""
    if shutil.which("promtool") is None:
        missing("promtool is not installed (Debian: it is in the package prometheus)")
    done = subprocess.run(["promtool", *arguments], check=False, capture_output=True, text=True)
    assert 0 == done.returncode, done.stdout + done.stderr


def test_rules_ask_for_what_is_counted() -> None:
    """A rule about a metric that nobody has would never fire."""
    counted = {
        SUFFIXES.sub("", name)
        for pattern in SOURCES
        for file in ROOT.glob(pattern)
        for name in re.findall(r'"(kyros_[a-z_]+)"', file.read_text(encoding="utf-8"))
    }
    rules = RULES.read_text(encoding="utf-8")
    asked = {SUFFIXES.sub("", name) for name in re.findall(r"\b(kyros_[a-z_]+)\b", rules)}
    assert {"kyros_http_requests", "kyros_audit_backlog_bytes"} <= asked
    assert set() == asked - counted


def test_each_alert_is_tested_and_explained() -> None:
    """Each has a test that sees it fire, and a line that says what to do."""
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    fired = {
        test["alertname"]
        for case in yaml.safe_load(TESTS.read_text(encoding="utf-8"))["tests"]
        for test in case["alert_rule_test"]
        if test.get("exp_alerts")
    }
    assert alerts() == fired
    assert set() == {name for name in alerts() if f"| `{name}` |" not in manual}


def test_production_compose() -> None:
    """A service listens for Prometheus on a network that it shares with those who watch alone."""
    text = (ROOT / "docker-compose.prod.yml").read_text(encoding="utf-8")
    project = yaml.load(text, Loader=_Compose)  # noqa: S506 - a safe loader with Compose's tags
    services = project["services"]
    scraped = {
        name: found
        for name, found in services.items()
        if "METRICS_PORT" in (found.get("environment") or {})
    }
    assert {"api", "dash-app-clv", "dash-app-risk", "shell-ui", "edge"} == set(scraped)
    prometheus = services["prometheus"]
    assert ["metrics"] == prometheus["profiles"]
    assert ["127.0.0.1"] == [port["host_ip"] for port in prometheus["ports"]]
    scraping = (FOLDER / "prometheus.yml").read_text(encoding="utf-8")
    for name, found in scraped.items():
        ((network, options),) = [
            (network, options) for network, options in found["networks"].items() if options
        ]
        assert [found["environment"]["METRICS_HOST"]] == options["aliases"]
        assert f"names: [{options['aliases'][0]}]" in scraping
        assert project["networks"][network] == {"internal": True}
        users = {other for other, one in services.items() if network in (one.get("networks") or ())}
        watching = {"prometheus"} if name == "edge" else {"prometheus", "traces"}
        assert {name} | watching == users
        assert "9100" == found["environment"]["METRICS_PORT"]
        assert {"edge": {8443, 8080}}.get(name, set()) == {
            port["target"] for port in found.get("ports", ())
        }
    caddyfile = (ROOT / "apps" / "edge" / "Caddyfile").read_text(encoding="utf-8")
    assert "9100" not in caddyfile
    assert "http://:{$METRICS_PORT} {\n\tbind {$METRICS_HOST}\n" in caddyfile


class _Compose(yaml.SafeLoader):
    """Reads Compose's own tags, which say how files are joined, as if they were not there."""


def _plain(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return None


_Compose.add_multi_constructor("!", _plain)
