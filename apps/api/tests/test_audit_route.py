"""Reading the audit log: each tenant's admins see their own, and only that."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from api_stage import ACME, BETA, Stage, bearer

pytestmark = pytest.mark.databases


class TestRoute:
    """GET /api/tenant/{tenant_id}/audit."""

    def read(self, stage: Stage, tenant_id: str = ACME, **query: object) -> dict[str, object]:
        """Read a page as the tenant's admin."""
        answer = stage.client.get(
            f"/api/tenant/{tenant_id}/audit",
            params={name: str(value) for name, value in query.items()},
            headers=bearer(stage.tenant_token("admin@acme.com", tenant_id)),
        )
        assert 200 == answer.status_code, answer.text
        body: dict[str, object] = answer.json()
        return body

    def test_anonymous_and_viewer(self, stage: Stage) -> None:
        """Only an admin reads it; a viewer's try stands in it."""
        assert 401 == stage.client.get(f"/api/tenant/{ACME}/audit").status_code
        token = stage.tenant_token("analyst@acme.com", ACME)
        answer = stage.client.get(f"/api/tenant/{ACME}/audit", headers=bearer(token))
        assert (403, "ADMIN_REQUIRED") == (answer.status_code, answer.json()["error"]["code"])
        events = self.read(stage, search="tenant.administer")["events"]
        assert isinstance(events, list)
        assert ("analyst@acme.com", "denied") == (events[0]["actor"], events[0]["outcome"])

    def test_no_longer_admin(self, stage: Stage) -> None:
        """The role in the token does not help when the database has another by now."""
        token = stage.tenant_token("admin@acme.com", ACME)
        stage.database.execute("UPDATE user_tenants SET role = 'viewer'")
        answer = stage.client.get(f"/api/tenant/{ACME}/audit", headers=bearer(token))
        assert (403, "ADMIN_REQUIRED") == (answer.status_code, answer.json()["error"]["code"])

    def test_newest_first_in_pages(self, stage: Stage) -> None:
        """Pages put together are the whole, in order, whatever comes in meanwhile."""
        for _ in range(7):
            stage.tenant_token("analyst@acme.com", ACME)
        ids: list[int] = []
        page = self.read(stage, limit=3)
        while True:
            events = page["events"]
            assert isinstance(events, list)
            ids += [event["id"] for event in events]
            if page["next_before"] is None:
                break
            page = self.read(stage, limit=3, before=page["next_before"])
        assert sorted(ids, reverse=True) == ids
        assert len(set(ids)) == len(ids) >= 14
        assert ids[2:4] == [
            event["id"]
            for event in self.read(stage, limit=2, before=ids[1])["events"]  # type: ignore[attr-defined]
        ]

    def test_signs_in_and_entries_of_members(self, stage: Stage) -> None:
        """Sign-ins concern every tenant that the person belongs to, entries the one entered."""
        stage.tenant_token("viewer@beta.com", BETA)
        stage.tenant_token("analyst@acme.com", ACME)
        for tenant_id, theirs, others in (
            (ACME, "analyst@acme.com", "viewer@beta.com"),
            (BETA, "viewer@beta.com", "analyst@acme.com"),
        ):
            events = self.read(stage, tenant_id)["events"]
            assert isinstance(events, list)
            assert {"auth.sign_in", "token.exchange"} == {
                event["action"] for event in events if event["actor"] == theirs
            }
            assert others not in str(events)

    def test_a_stranger_is_not_named(self, stage: Stage) -> None:
        """That somebody else was turned away concerns the tenant; who it was does not."""
        header = bearer(stage.user_token("viewer@beta.com"))
        stage.client.post("/api/token/exchange", json={"tenant_id": ACME}, headers=header)
        events = self.read(stage, outcome="denied")["events"]
        assert isinstance(events, list)
        assert (None, "token.exchange") == (events[0]["actor"], events[0]["action"])
        assert "beta" not in str(events)

    def test_a_stranger_is_not_found_by_name(self, stage: Stage) -> None:
        """A search finds only what is shown: else one could try names until one fits."""
        header = bearer(stage.user_token("viewer@beta.com"))
        stage.client.post("/api/token/exchange", json={"tenant_id": ACME}, headers=header)
        assert 1 == self.read(stage, outcome="denied")["total"]
        assert 0 == self.read(stage, search="viewer@beta.com")["total"]

    def test_between_two_moments(self, stage: Stage) -> None:
        """From the first moment on, before the second, whatever zone they are written in."""
        stage.tenant_token("analyst@acme.com", ACME)
        lines = self.read(stage)["events"]
        assert isinstance(lines, list)
        newest, oldest = (datetime.fromisoformat(lines[place]["at"]) for place in (0, -1))
        east = timezone(timedelta(hours=9))
        everything = self.read(stage, since=oldest.astimezone(east).isoformat())
        assert len(lines) <= int(str(everything["total"]))
        before = self.read(stage, until=newest.astimezone(east).isoformat())["events"]
        assert isinstance(before, list)
        assert lines[0]["id"] not in [line["id"] for line in before]
        assert lines[-1]["id"] in [line["id"] for line in before]
        later = newest + timedelta(days=1)
        assert lines[0]["id"] not in [
            line["id"]
            for line in self.read(stage, since=later.isoformat())["events"]  # type: ignore[attr-defined]
        ]

    @pytest.mark.parametrize(
        ("since", "until"),
        [
            ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
            ("0001-01-01T00:00:00z", "9999-12-31t23:59:59Z"),
        ],
    )
    def test_first_and_last_moment(self, stage: Stage, since: str, until: str) -> None:
        """All that was ever written lies between them, in whatever zone they are."""
        stage.tenant_token("analyst@acme.com", ACME)
        found = self.read(stage, since=since, until=until)["total"]
        assert isinstance(found, int)
        assert found > 0

    @pytest.mark.parametrize(
        "query",
        [
            *("limit=0", "limit=501", "offset=-1", "outcome=perhaps", "tenant_id=x", "before=a"),
            *("since=yesterday", "until=2026-01-01T00:00:00", "since=0", "until=1767225600"),
        ],
    )
    def test_bad_query(self, stage: Stage, query: str) -> None:
        """What makes no sense is a 400 that names it."""
        token = stage.tenant_token("admin@acme.com", ACME)
        answer = stage.client.get(f"/api/tenant/{ACME}/audit?{query}", headers=bearer(token))
        assert (400, "INVALID_REQUEST") == (answer.status_code, answer.json()["error"]["code"])
        assert query.partition("=")[0] in answer.json()["error"]["details"][0]["where"]

    def test_search_is_text_not_a_pattern(self, stage: Stage) -> None:
        """A search finds its own characters: per cent and underscore are nothing special."""
        stage.tenant_token("analyst@acme.com", ACME)
        assert 0 == self.read(stage, search="%")["total"]
        found = self.read(stage, search="ANALYST@")
        assert isinstance(found["total"], int)
        assert found["total"] > 0
