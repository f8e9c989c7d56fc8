"""The proof, proved: it notices when a check is gone, when a route is new, and where data hides."""

from __future__ import annotations

import base64
import gzip
import json
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from isolation.application import running, served
from isolation.credentials import CREDENTIALS
from isolation.crowd import Crowd, questions
from isolation.evidence import search
from isolation.ledger import Ledger
from isolation.mutations import (
    MUTATIONS,
    Mutation,
    MutationLostError,
    replace_function,
    share_a_variable,
)
from isolation.proof import Proof, control_problem, own_request
from isolation.routes import TARGETS, gaps
from isolation.tokens import RETIRED_SECRET, Situation, bearer, claims, sign
from isolation.tricks import TRICKS
from isolation.wire import Answer, Request, decoded, send
from isolation.world import ACME, DELTA, GAMMA

from kyros_api.tenants import access

if TYPE_CHECKING:
    from isolation.target import Target
    from isolation.world import World

PAIRS = [(GAMMA, ACME)]  # two tenants with the same dashboards: enough to notice by
ASKED = Request("GET", "/api/me")


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
async def test_a_missing_check_is_noticed(
    common_world: World, monkeypatch: pytest.MonkeyPatch, ledger: Ledger, mutation: Mutation
) -> None:
    """With a check taken out, the attempt that aims at it is a leak or a missing refusal."""
    mutation.apply(monkeypatch)
    mutated = Ledger()
    async with running(common_world, **mutation.settings) as app:
        await Proof(app, mutated, PAIRS, [mutation.row]).run()
    noticed = [
        finding
        for finding in mutated.findings
        if finding.row == mutation.row and "broke" not in finding.what
    ]
    assert noticed, f"nobody noticed that {mutation.name} is not checked"
    assert "NOT PROVEN" in mutated.verdict()
    ledger.noticed[mutation.name] = f"{noticed[0].row}, at {noticed[0].route}"


async def test_a_shared_variable_is_noticed(
    common_world: World, monkeypatch: pytest.MonkeyPatch, ledger: Ledger
) -> None:
    """Where requests share a variable, only many at once can notice, and do."""
    share_a_variable(monkeypatch)
    mutated = Ledger()
    everything = [each for each in questions() if each.target.kind == "tenant"]
    with served(common_world) as address:
        async with Crowd(address, mutated, "everybody at once") as crowd:
            await crowd.ask_alone(everything)
            assert [] == mutated.faults
            await crowd.ask_at_once(everything, times=2)
    assert mutated.findings
    name = "a variable of its own for each request"
    ledger.noticed[name] = f"everybody at once, at {mutated.findings[0].route}"


async def test_a_retired_key_is_refused_for_being_retired(common_world: World) -> None:
    """While the key is the previous one its tokens open everything, so nothing else is wrong."""
    target = next(target for target in TARGETS if target.kind == "tenant")
    token = sign(claims(Situation("tenant", ACME, ACME, target.admin), ACME), RETIRED_SECRET)
    request = target.carry(target.request(ACME), bearer(token))
    assert request is not None
    async with running(common_world, jwt_secret_key_previous=RETIRED_SECRET) as app:
        assert control_problem(target, ACME, request, await send(app, request)) is None
    async with running(common_world) as app:
        assert 401 == (await send(app, request)).status


async def test_a_new_route_is_noticed(common_world: World) -> None:
    """A route that nobody described fails the proof, with what to do about it."""
    async with running(common_world) as app:
        app.add_api_route("/api/export", lambda: None, methods=["POST"])
        (sentence,) = gaps(app)
    assert sentence.startswith("POST /api/export is not in the proof: describe in `_described`")


async def test_a_mounted_application_is_noticed(common_world: World) -> None:
    """What is mounted has routes that cannot be walked: it is a gap as well."""
    async with running(common_world) as app:
        app.mount("/reports", FastAPI())
        assert ["ANY /reports"] == [sentence.split(" is ")[0] for sentence in gaps(app)]


def test_a_lost_mutation_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutation of what is no longer there fails, instead of proving nothing."""
    with pytest.raises(MutationLostError, match="has no enter_house any more"):
        replace_function(monkeypatch, access, "enter_house", lambda original: original)


def test_a_missing_control_is_a_fault() -> None:
    """A right answer that lacks the data, or that is none, proves nothing and says so."""
    target = next(target for target in TARGETS if target.shows == {"word", "number"})
    request = own_request(target, ACME)
    for status, body in ((200, b"{}"), (200, ACME.marker.encode()), (404, b"{}")):
        assert control_problem(target, ACME, request, Answer(status, (), body))
    good = f"{ACME.marker} {ACME.number}".encode()
    assert control_problem(target, ACME, request, Answer(200, (), good)) is None


VIEWS = [target for target in TARGETS if "view" in target.fields]


@pytest.mark.parametrize("target", VIEWS, ids=lambda target: target.about)
def test_settings_do_not_stand_for_data(target: Target) -> None:
    """A view that answers with the tenant's settings, and with no data, proves nothing."""
    config = {"note": f"{ACME.marker} settings", "alert_at": ACME.number}
    meta = {"config": config, "data_version": "g1"}
    empty = {"tenant_id": ACME.id, "columns": {"bin": []}, "meta": meta}
    body = json.dumps(empty, separators=(",", ":")).encode()
    assert control_problem(target, ACME, own_request(target, ACME), Answer(200, (), body))


def _token(**content: object) -> bytes:
    return b"e30." + base64.urlsafe_b64encode(json.dumps(content).encode()) + b".x"


HIDDEN = {
    "a word": GAMMA.marker.encode(),
    "a word in capitals": GAMMA.marker.upper().encode(),
    "a number": str(GAMMA.number).encode(),
    "a sum of a hundred numbers": f"{GAMMA.number * 100}.0".encode(),
    "an average": f"{GAMMA.number / 1000}".encode(),
    "a number with an exponent": repr(GAMMA.number * 1e12).encode(),
    "a bin of twenty": str(GAMMA.number // 20 * 20).encode(),
    "a product of two numbers": repr(float(GAMMA.number) * GAMMA.number * 100).encode(),
    "a float of Arrow": struct.pack("<d", GAMMA.number),
    "an integer of Arrow": struct.pack("<q", GAMMA.number),
    "an id": GAMMA.id.encode(),
    "an email": GAMMA.viewer.email.encode(),
    "a token for it": b"eyJhIjoxfQ." + _token(tenant_id=GAMMA.id).split(b".")[1] + b".x",
    "a list of it": b"eyJhIjoxfQ." + _token(tenant_ids=[GAMMA.id]).split(b".")[1] + b".x",
}


@pytest.mark.parametrize("body", HIDDEN.values(), ids=HIDDEN)
def test_a_leak_is_found_wherever_it_is(body: bytes) -> None:
    """In the body, compressed, and in a header."""
    packed = Answer(200, ((b"content-encoding", b"gzip"),), gzip.compress(body))
    for answer in (Answer(200, (), body), decoded(packed), Answer(200, ((b"x-a", body),), b"")):
        assert search(answer, ASKED, [GAMMA])
        assert not search(answer, ASKED, [ACME, DELTA])


def test_an_echo_is_no_leak() -> None:
    """An error may repeat the id that it was asked for; never a word, nor a token."""
    asking = Request("GET", f"/api/tenant/{GAMMA.id}", headers=(("X", GAMMA.marker),))
    assert not search(Answer(403, (), GAMMA.id.encode()), asking, [GAMMA])
    assert search(Answer(403, (), GAMMA.marker.encode()), asking, [GAMMA])
    assert search(Answer(200, (), HIDDEN["a token for it"]), asking, [GAMMA])


def test_an_unreadable_answer_is_an_error() -> None:
    """What the proof cannot decompress it does not pass over."""
    with pytest.raises(AssertionError, match="teach `decoded`"):
        decoded(Answer(200, ((b"content-encoding", b"zstd"),), b"?"))


def test_a_finding_can_be_repeated() -> None:
    """It names method, address and headers, and never a whole token."""
    request = own_request(TARGETS[-1], GAMMA)
    signature = dict(request.headers)["Authorization"].rpartition(".")[2]
    told = str(request)
    assert told.startswith("GET /api/dashboards/risk-analysis/views/dataset | Accept-Encoding")
    assert "<signature>" in told
    assert signature not in told


def test_the_page_explains_every_line() -> None:
    """What the table calls a credential or a trick, docs/isolation.md says in the same words."""
    page = (Path(__file__).parents[4] / "docs/isolation.md").read_text(encoding="utf-8")
    lines = [f"| {each.name} | {each.why} |" for each in (*CREDENTIALS, *TRICKS)]
    assert [] == [line for line in lines if line not in page]
