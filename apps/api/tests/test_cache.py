"""Kept answers: worked out once, never another tenant's, and gone when the data changes."""

from __future__ import annotations

import asyncio
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, BETA, Stage, bearer

from kyros_api.dashboards.cache import Answer, ResultCache, Subject, is_known

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MINE = Subject(ACME, "risk-analysis", "v1", "{}")
THEIRS = Subject(BETA, "risk-analysis", "v1", "{}")
RISK = "/api/dashboards/risk-analysis"


class Work:
    """Counts how often it is done, and says for whom."""

    def __init__(self, body: bytes = b"{}") -> None:
        self.body = body
        self.times = 0

    def __call__(self) -> bytes:
        """Do it."""
        self.times += 1
        return self.body


async def test_once() -> None:
    """The same question about the same data is worked out once."""
    results, work = ResultCache(), Work()
    answers = [await results.answer(MINE, "question", work) for _ in range(3)]
    assert 1 == work.times
    assert 1 == len(set(answers))


@pytest.mark.parametrize(
    "other",
    [
        THEIRS,
        MINE._replace(dashboard="x"),
        MINE._replace(data_version="v2"),
        MINE._replace(config='{"a": 1}'),
    ],
)
async def test_another_subject_is_another_answer(other: Subject) -> None:
    """Tenant, dashboard, version and settings each make it another answer, with another tag."""
    results, mine, others = ResultCache(), Work(b"mine"), Work(b"others")
    first = await results.answer(MINE, "question", mine)
    second = await results.answer(other, "question", others)
    assert (b"mine", b"others") == (first.body, second.body)
    assert first.etag != second.etag


async def test_tags_differ_between_tenants_even_for_the_same_bytes() -> None:
    """Whoever has one tenant's tag learns nothing of another's answer."""
    results = ResultCache()
    tags = {(await results.answer(who, "question", Work())).etag for who in (MINE, THEIRS)}
    assert 2 == len(tags)


async def test_an_answer_in_the_wrong_place_is_withheld(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Should a bug ever put another tenant's answer under one's key, it does not go out."""
    results = ResultCache()
    foreign = Answer(BETA, b"theirs", '"tag"')
    results._answers[MINE, "question"] = foreign  # noqa: SLF001 - there is no proper way to do it
    answer = await results.answer(MINE, "question", Work(b"mine"))
    assert (ACME, b"mine") == (answer.tenant_id, answer.body)
    assert "another tenant" in caplog.text


async def test_new_data_drops_the_old() -> None:
    """Answers about a version that is replaced make room; those of others stay."""
    results, theirs = ResultCache(), Work()
    await results.answer(THEIRS, "question", theirs)
    for number in range(5):
        await results.answer(MINE, number, Work())
    await results.answer(MINE._replace(data_version="v2"), "question", Work())
    again = Work()
    for number in range(5):
        await results.answer(MINE, number, again)
    await results.answer(THEIRS, "question", theirs)
    assert (5, 1) == (again.times, theirs.times)


async def test_bounded() -> None:
    """It takes no more than it was given: big answers are not kept, old ones go."""
    results, big = ResultCache(100_000), Work(b"x" * 50_000)
    for _ in range(2):
        await results.answer(MINE, "big", big)
    works = [Work(b"x" * 9_000) for _ in range(20)]
    for number, work in enumerate(works):
        await results.answer(MINE, number, work)
    for number in (0, 19):
        await results.answer(MINE, number, works[number])
    assert (2, 2, 1) == (big.times, works[0].times, works[19].times)


async def test_failures_are_not_kept() -> None:
    """What could not be worked out is tried again, and the error reaches whoever asked."""
    results, calls = ResultCache(), []

    def fail() -> bytes:
        calls.append(1)
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            await results.answer(MINE, "question", fail)
    assert 2 == len(calls)


async def test_asked_together_worked_out_once() -> None:
    """Whoever asks for what is being worked out waits for it; who goes away takes nothing along."""
    results, go, work = ResultCache(), threading.Event(), Work(b"answer")

    def slow() -> bytes:
        go.wait(10)
        return work()

    asking = [asyncio.create_task(results.answer(MINE, "question", slow)) for _ in range(10)]
    await asyncio.sleep(0.05)
    asking[0].cancel()
    go.set()
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert {b"answer"} == {answer.body for answer in answers[1:] if isinstance(answer, Answer)}
    assert 1 == work.times


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, False),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
        ("", False),
    ],
)
def test_tags(given: str | None, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    """A tag that the caller has is known, however the list is written."""
    assert expected == is_known('"a"', given)


class TestRoutes:
    """Tags and kept answers, from outside."""

    @pytest.mark.parametrize("path", [f"{RISK}/data?limit=5", f"{RISK}/views/summary"])
    def test_not_modified(self, stage: Stage, path: str) -> None:
        """Who has the answer gets 304 and nothing else; nobody else's tag does that."""
        header = bearer(stage.tenant_token("admin@acme.com", ACME))
        other = bearer(stage.tenant_token("admin@acme.com", BETA))
        answer = stage.client.get(path, headers=header)
        tag = answer.headers["ETag"]
        again = stage.client.get(path, headers=header | {"If-None-Match": tag})
        assert (304, b"", tag) == (again.status_code, again.content, again.headers["ETag"])
        theirs = stage.client.get(path, headers=other | {"If-None-Match": tag})
        assert (200, BETA) == (theirs.status_code, theirs.json()["tenant_id"])
        assert 401 == stage.client.get(path, headers={"If-None-Match": tag}).status_code

    def test_new_version_new_answer(
        self, make_stage: Callable[..., Stage], seeded: Path, tmp_path: Path
    ) -> None:
        """The moment that the metadata names another version, its answers are given."""
        data = tmp_path / "data"
        shutil.copytree(seeded / "tenants", data / "tenants")
        stage = make_stage(data_dir=data)
        header = bearer(stage.tenant_token("admin@acme.com", ACME))
        before = stage.client.get(f"{RISK}/views/summary", headers=header).json()
        folder = data / "tenants" / ACME / "risk-analysis"
        beta = next((data / "tenants" / BETA / "risk-analysis").glob("*"))
        shutil.copytree(beta, folder / "replaced")
        stage.database.execute(
            f"UPDATE tenant_dashboards SET data_version = 'replaced' WHERE tenant_id = '{ACME}'"
        )
        after = stage.client.get(f"{RISK}/views/summary", headers=header).json()
        assert ([1000], [6000]) == (before["columns"]["accounts"], after["columns"]["accounts"])
        assert "replaced" == after["meta"]["data_version"]

    @pytest.mark.parametrize(
        "revocation",
        [
            f"DELETE FROM user_tenants WHERE tenant_id = '{ACME}'",
            "UPDATE users SET is_active = FALSE",
            f"UPDATE tenants SET is_active = FALSE WHERE id = '{ACME}'",
            f"DELETE FROM tenant_dashboards WHERE tenant_id = '{ACME}'",
            f"DELETE FROM tenants WHERE id = '{ACME}'",
        ],
    )
    def test_revoked_at_the_next_request(self, stage: Stage, revocation: str) -> None:
        """A kept answer does not outlive the right to see it, nor does a token."""
        header = bearer(stage.tenant_token("analyst@acme.com", ACME))
        path = f"{RISK}/views/summary"
        assert 200 == stage.client.get(path, headers=header).status_code
        stage.database.execute(revocation)
        answer = stage.client.get(path, headers=header)
        assert answer.status_code in {403, 404}
        assert "columns" not in answer.text
