"""Fitting is done beside the service: what it needs is not loaded, and need not be installed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from operator_stage import Operator

FITTING = ("kyros_analytics", "kyros_api.modelling", "numpy", "pandas", "scipy", "sklearn")

# Everything is asked once: each view with what its example gives, rows in each format.
_ANSWER_EVERYTHING = """
import secrets
import sys
from pathlib import Path

from fastapi.testclient import TestClient

from kyros_api.app import create_app
from kyros_api.dashboards.catalogue import CATALOGUE
from kyros_api.settings import ApiSettings

folder = Path(sys.argv[1])
app = create_app(ApiSettings.model_validate({
    "kyros_env": "development", "auth_mode": "demo",
    "database_path": folder / "tenant_metadata.db", "data_dir": folder,
    "jwt_secret_key": secrets.token_hex(32),
}))
asked = 0
with TestClient(app) as client:
    def ask(path, token, **options):
        global asked
        headers = {"Authorization": f"Bearer {token}"} | options.pop("headers", {})
        answer = client.get(path, headers=headers, **options)
        assert answer.status_code == 200, answer.text
        asked += 1
        return answer

    login = client.post("/api/auth/mock-login", json={"email": "admin@acme.com"})
    user = login.json()["access_token"]
    tenant = ask("/api/me", user).json()["tenants"][0]["id"]
    exchange = client.post(
        "/api/token/exchange",
        json={"tenant_id": tenant},
        headers={"Authorization": f"Bearer {user}"},
    )
    token = exchange.json()["access_token"]
    for slug, data in CATALOGUE.items():
        for name, view in data.views.items():
            ask(f"/api/dashboards/{slug}/views/{name}", token, params=view.example.given)
        for media_type in ("application/json", "text/csv", "application/vnd.apache.arrow.stream"):
            ask(f"/api/dashboards/{slug}/data", token, headers={"Accept": media_type})
print(asked, *sorted(name for name in sys.modules if name in sys.argv[2:]))
"""


def test_requests_load_no_library_that_fits(operator: Operator) -> None:
    """A process that has answered every view and every format has loaded none of them."""
    command = [sys.executable, "-c", _ANSWER_EVERYTHING, str(operator.data_dir), *FITTING]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603 - ours
    assert 0 == done.returncode, done.stderr
    asked, *loaded = done.stdout.split()
    assert int(asked) > 10
    assert [] == loaded


def test_without_them_seeding_says_what_to_install() -> None:
    """In the API's own image the command ends with one sentence."""
    hidden = (
        "import sys, importlib.util as util; real = util.find_spec;"
        "util.find_spec = lambda name, *a: None if name == 'kyros_analytics' else real(name, *a);"
        "from kyros_api.cli import main; main(['seed'])"
    )
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", hidden], capture_output=True, check=False, text=True
    )
    assert 1 == done.returncode
    assert "nox -s seed" in done.stderr
    assert "docker compose run --rm jobs" in done.stderr
    assert "Traceback" not in done.stderr
