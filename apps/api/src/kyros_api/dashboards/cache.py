"""Answers that were worked out once and are good until the data or its settings change."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from typing import TYPE_CHECKING, NamedTuple

import anyio
from cachetools import LRUCache

from kyros_api.metrics import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_log = logging.getLogger(__name__)
SIZE = 64 << 20  # bytes of answers; the least recently asked for go first
_LARGEST_SHARE = 8  # one answer takes at most this part of it
_OVERHEAD = 1000  # bytes that an answer takes besides its own
_AT_ONCE = 4  # queries; DuckDB spreads each over the processors by itself


class Subject(NamedTuple):
    """What an answer is made of: whose data, of which dashboard, in which version and setting."""

    tenant_id: str
    dashboard: str
    data_version: str | None
    config: str


class Answer(NamedTuple):
    """The bytes of an answer, whose data is in them, and the tag that stands for them."""

    tenant_id: str
    body: bytes
    etag: str


class ResultCache:
    """Keeps answers by what they are made of and what was asked.

    The tenant is part of every key, every answer carries its tenant, and it is looked at again on
    the way out. Whoever asks for what is just being worked out waits for it.
    """

    def __init__(self, size: int = SIZE) -> None:
        self._answers: LRUCache[tuple[Subject, Hashable], Answer] = LRUCache(
            size, getsizeof=lambda answer: len(answer.body) + _OVERHEAD
        )
        self._largest = size // _LARGEST_SHARE
        self._current: dict[tuple[str, str], Subject] = {}
        self._running: dict[tuple[Subject, Hashable], asyncio.Task[Answer]] = {}
        self._limiter = anyio.CapacityLimiter(_AT_ONCE)

    async def answer(
        self, subject: Subject, question: Hashable, work_out: Callable[[], bytes]
    ) -> Answer:
        """Return the answer that is kept, or work it out in a thread and keep it.

        Args:
            subject: what the answer is made of; the tenant is that of the verified token.
            question: everything else that the answer depends on.
            work_out: gives the body; may raise, and then nothing is kept.
        """
        key = (subject, question)
        found = self._answers.get(key)
        if found is not None:
            ANSWERS.hit()
        else:
            (ANSWERS.shared if key in self._running else ANSWERS.miss)()
            found = await self._work_out(key, work_out)
        if found.tenant_id != subject.tenant_id:
            _log.critical("a cached answer of another tenant was withheld")
            self._answers.pop(key, None)
            found = await self._work_out(key, work_out)
        return found

    async def _work_out(
        self, key: tuple[Subject, Hashable], work_out: Callable[[], bytes]
    ) -> Answer:
        running = self._running.get(key)
        if running is None:
            running = asyncio.create_task(self._make(key, work_out))
            self._running[key] = running
            running.add_done_callback(lambda _task: self._running.pop(key, None))
        # Whoever asked first may go away; the others still want the answer.
        return await asyncio.shield(running)

    async def _make(self, key: tuple[Subject, Hashable], work_out: Callable[[], bytes]) -> Answer:
        subject = key[0]
        body = await anyio.to_thread.run_sync(work_out, limiter=self._limiter)
        tag = hashlib.sha256(subject.tenant_id.encode() + body).hexdigest()[:32]
        answer = Answer(subject.tenant_id, body, f'"{tag}"')
        self._drop_outdated(subject)
        if len(body) <= self._largest:
            self._answers[key] = answer
        return answer

    def _drop_outdated(self, subject: Subject) -> None:
        """Drop what was made of other data or settings of the same dashboard of the tenant."""
        dashboard = (subject.tenant_id, subject.dashboard)
        if self._current.get(dashboard, subject) != subject:
            for key in [key for key in self._answers if key[0][:2] == dashboard]:
                del self._answers[key]
        self._current[dashboard] = subject


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Say whether the caller has the answer of this tag already (RFC 9110, section 13.1.2)."""
    if if_none_match is None:
        return False
    given = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in given or "*" in given
