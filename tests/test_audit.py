"""What the audit makes of the tools' answers: silence is never an all-clear."""

from __future__ import annotations

import json

import pytest

from scripts.support import attestation, flaws

PACKAGE = {"name": "a", "version": "1"}
FLAW = {"id": "CVE-1", "fix_versions": ["2"]}


@pytest.mark.parametrize(
    ("packages", "state", "found"),
    [
        ([PACKAGE | {"vulns": []}], "clean", "1 asked about"),
        ([PACKAGE | {"vulns": [FLAW]}], "flawed", "a 1: CVE-1"),
        ([PACKAGE | {"skip_reason": "not found"}], "not checked", "cannot be reached for 1 of 1"),
        ([PACKAGE | {"skip_reason": "x"}, PACKAGE | {"vulns": [FLAW]}], "flawed", "CVE-1"),
        (None, "not checked", "cannot be reached"),
    ],
)
def test_python(packages: list[dict[str, object]] | None, state: str, found: str) -> None:
    """pip-audit itself calls it no known flaw when it has found none of the packages."""
    answer = "" if packages is None else json.dumps({"dependencies": packages})
    result = flaws.judge_python("Python packages", answer)
    assert result.state == state
    assert found in result.found


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"vulnerabilities": {}, "metadata": {"dependencies": {"total": 3}}}, "clean"),
        (
            {
                "vulnerabilities": {"b": {"severity": "high"}},
                "metadata": {"dependencies": {"total": 3}},
            },
            "flawed",
        ),
        ({"message": "405 Method Not Allowed", "statusCode": 405}, "not checked"),
    ],
)
def test_node(answer: dict[str, object], state: str) -> None:
    """The answer is JSON also when it says that nothing could be asked."""
    assert flaws.judge_node("Node packages", json.dumps(answer)).state == state


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ('{"matches": []}', "clean"),
        ('{"matches": [{"vulnerability": {"id": "CVE-2"}}]}', "flawed"),
        ('{"Results": [{"Target": "os"}]}', "clean"),
        ('{"Results": [{"Vulnerabilities": [{"VulnerabilityID": "CVE-3"}]}]}', "flawed"),
        ("", "not checked"),
    ],
)
def test_image(answer: str, state: str) -> None:
    """Of either scanner; no answer is none."""
    assert flaws.judge_image("kyros-api", answer).state == state


def test_what_is_attested_has_the_name_that_compose_looks_for() -> None:
    """Bake names images only as it is told, and Compose runs them by project and service."""
    build = {"context": "/c", "dockerfile": "D", "target": "runtime", "args": {"A": "1"}}
    services = {"api": {"build": build}, "edge": {"build": {"context": "/e"}}, "other": {}}
    plan = attestation.bake_plan({"name": "kyros-prod", "services": services}, ["api"])
    assert plan["group"]["default"]["targets"] == ["api"]
    assert plan["target"]["api"] == build | {"tags": ["kyros-prod-api"]}
    both = attestation.bake_plan({"name": "kyros-prod", "services": services}, [])
    assert both["target"]["edge"]["dockerfile"] == "Dockerfile"
