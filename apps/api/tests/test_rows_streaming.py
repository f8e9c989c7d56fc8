"""Answers that are made while they are sent: when they fail, and when the client goes."""

from __future__ import annotations

import asyncio
import threading
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from api_stage import ACME, bearer

from kyros_api.dashboards.formats import streaming
from kyros_api.dashboards.formats.downloads import Downloads
from kyros_api.dashboards.formats.negotiation import Format
from kyros_api.dashboards.formats.spool import Spool
from kyros_api.dashboards.formats.streaming import stream_rows
from kyros_api.dashboards.rows import RowPlan
from kyros_api.errors import UnavailableError
from kyros_api.storage.tenant_data import DataMissingError, Reader, TenantData, TenantFolder

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator, MutableMapping
    from pathlib import Path

    from api_stage import Stage

    Message = MutableMapping[str, Any]

URL = "/api/dashboards/customer-lifetime-value/data"
SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}, "headers": []}


class EndlessPlan(RowPlan):
    """A page in no order, so that its first rows are there at once."""

    @property
    def page(self) -> str:
        """The SQL of the page."""
        return "SELECT n FROM range(1000000000000) numbers(n) LIMIT $limit"


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[RowPlan]:
    """Return the plan of a page that has no end."""
    (tmp_path / "tenants/t/d/v").mkdir(parents=True)
    data = TenantData(tmp_path)
    yield EndlessPlan(
        tenant_id="t",
        dashboard_slug="d",
        folder=data.folder("t", "d", "v"),
        columns={"n": "BIGINT"},
        matching="",
        order="",
        values={"limit": 10**12},
        limit=10**12,
        offset=0,
        known_total=10**12,
    )
    data.close()


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> list[Reader]:
    """Return a list that gets every reader that is opened."""
    opened: list[Reader] = []
    original = TenantFolder.reader

    def reader(folder: TenantFolder) -> Reader:
        opened.append(original(folder))
        return opened[-1]

    monkeypatch.setattr(TenantFolder, "reader", reader)
    return opened


def is_closed(reader: Reader) -> bool:
    """Say whether a reader has given its connection back."""
    try:
        list(reader.batches("SELECT 1", {}, 1))
    except duckdb.ConnectionException:
        return True
    return False


class TestClient:
    """What happens when a client behaves badly."""

    @pytest.mark.parametrize("form", [Format.CSV, Format.ARROW])
    async def test_goes(self, endless: RowPlan, readers: list[Reader], form: Format) -> None:
        """A client that goes away ends the query and frees what it holds."""
        sent: list[Message] = []
        enough = asyncio.Event()

        async def receive() -> Message:
            await enough.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)
            if len(sent) > 3:
                enough.set()

        async with asyncio.timeout(30):
            response = await stream_rows(endless, form, Downloads())
            await response(dict(SCOPE), receive, send)
        assert 4 <= len(sent)
        assert [True] == [is_closed(reader) for reader in readers]

    async def test_takes_nothing(
        self, endless: RowPlan, readers: list[Reader], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A client that takes nothing for long is left."""
        monkeypatch.setattr(streaming, "PATIENCE", 0.05)

        async def wait_for_ever(_message: Message | None = None) -> Message:
            await asyncio.Event().wait()
            raise AssertionError

        response = await stream_rows(endless, Format.CSV, Downloads())
        send: Callable[[Message], Awaitable[Any]] = wait_for_ever
        with pytest.raises(TimeoutError):
            await response(dict(SCOPE), wait_for_ever, send)
        assert [True] == [is_closed(reader) for reader in readers]


class TestFailure:
    """What a client sees of a query that fails."""

    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            (duckdb.OutOfMemoryException("no more"), (503, "BUSY")),
            (duckdb.IOException("no such file"), (500, "INTERNAL_ERROR")),
        ],
    )
    def test_before_the_first_row(
        self,
        stage: Stage,
        readers: list[Reader],
        monkeypatch: pytest.MonkeyPatch,
        error: Exception,
        expected: tuple[int, str],
    ) -> None:
        """Before anything was sent, a failure is an error in the one form."""

        def fail(*_given: object) -> Any:  # noqa: ANN401 - stands for two methods
            raise error

        token = stage.tenant_token("analyst@acme.com", ACME)
        for form, method in ((Format.CSV, "batches"), (Format.ARROW, "arrow")):
            with monkeypatch.context() as patch:
                patch.setattr(Reader, method, fail)
                headers = {**bearer(token), "Accept": form.media_type}
                answer = stage.client.get(URL, headers=headers)
            assert expected == (answer.status_code, answer.json()["error"]["code"])
        assert [True, True] == [is_closed(reader) for reader in readers]

    def test_missing_table(self, tmp_path: Path) -> None:
        """A table that is not there is no data; one that cannot be read is a fault."""
        folder = tmp_path / "tenants/t/d/v"
        folder.mkdir(parents=True)
        data = TenantData(tmp_path)
        opened = data.folder("t", "d", "v")
        with pytest.raises(DataMissingError):
            opened.describe("rows")
        (folder / "rows.parquet").write_bytes(b"PAR1")
        with pytest.raises(duckdb.Error):
            opened.describe("rows")
        data.close()

    async def test_later(self) -> None:
        """Later, what was made is sent and then the connection breaks: nothing is left out."""

        def chunks() -> Generator[bytes]:
            yield b"one"
            yield b"two"
            raise duckdb.OutOfMemoryException("no more")

        spool = Spool(chunks(), lambda: None, nullcontext())
        pieces = spool.pieces()
        got = b""
        while got != b"onetwo":
            got += await anext(pieces)
        with pytest.raises(duckdb.OutOfMemoryException):
            await anext(pieces)
        await spool.close()


class TestSpool:
    """A file that is read while it grows."""

    async def test_big(self) -> None:
        """What goes in comes out, in pieces of a size that a slow line takes in time."""
        chunks = [bytes([index]) * 300_000 for index in range(20)]
        spool = Spool((chunk for chunk in chunks), lambda: None, nullcontext())
        pieces = [piece async for piece in spool.pieces()]
        await spool.close()
        assert b"".join(chunks) == b"".join(pieces)
        assert 1 << 18 == max(map(len, pieces))

    async def test_does_not_wait_for_the_reader(self) -> None:
        """All is made while nobody reads, so that the query holds nothing for longer."""
        finished = threading.Event()

        def chunks() -> Generator[bytes]:
            yield from [b"x" * 1_000_000] * 5
            finished.set()

        spool = Spool(chunks(), lambda: None, nullcontext())
        assert await asyncio.to_thread(finished.wait, 10)
        assert 5_000_000 == sum([len(piece) async for piece in spool.pieces()])
        await spool.close()


class TestDownloads:
    """Whose turn it is."""

    async def test_tenants_by_turns(self) -> None:
        """One that asks for much waits behind one that asks for little."""
        downloads = Downloads()
        order: list[str] = []
        running = 0

        async def download(tenant: str) -> None:
            nonlocal running
            async with downloads.turn(tenant):
                running += 1
                order.append(f"{tenant}{running}")
                await asyncio.sleep(0.01)
                running -= 1

        await asyncio.gather(*(download(tenant) for tenant in ["a", "a", "a", "b"]))
        assert ["a1", "b1", "a1", "a1"] == order

    async def test_patience(self) -> None:
        """Whoever waits too long is told so, and the one after is not held up by it."""
        downloads = Downloads(patience=0.05)
        async with downloads.turn("a"):
            with pytest.raises(UnavailableError) as caught:
                async with downloads.turn("b"):
                    pass
        assert ("TOO_MANY_DOWNLOADS", {"Retry-After": "5"}) == (
            caught.value.code,
            caught.value.headers,
        )
        async with downloads.turn("b"):
            pass

    async def test_small_answers_do_not_wait(self, endless: RowPlan) -> None:
        """Only big answers take turns."""
        downloads = Downloads(patience=0.01)
        small = replace(endless, limit=10, values={"limit": 10})
        async with downloads.turn("other"):
            response = await stream_rows(small, Format.CSV, downloads)
            sent: list[Message] = []

            async def send(message: Message) -> None:
                sent.append(message)

            await response(dict(SCOPE), asyncio.Event().wait, send)  # type: ignore[arg-type]
            with pytest.raises(UnavailableError):
                await stream_rows(endless, Format.CSV, downloads)
        body = b"".join(message.get("body", b"") for message in sent)
        assert b'"n"\r\n' + b"".join(b"%d\r\n" % n for n in range(10)) == body
