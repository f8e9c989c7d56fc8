"""What every Python service counts, and the port of its own from which Prometheus fetches it.

No label holds what somebody typed: a route is its template, a method is a known one, and tenants
are those of verified tokens, of which only so many get a label.
"""

from __future__ import annotations

from contextlib import contextmanager
from socket import SOCK_STREAM, getaddrinfo
from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram, disable_created_metrics, start_http_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Thread
    from wsgiref.simple_server import WSGIServer

    from kyros_shared_config._settings import ServiceSettings

disable_created_metrics()  # type: ignore[no-untyped-call] # they double the counters, and nothing reads them

NO_ROUTE = "unknown"
MOST_TENANTS = 200  # that have a label of their own in one process
OTHER_TENANTS = "other"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER_METHOD = "OTHER"
_FIRST_REFUSAL, _FIRST_FAILURE = 400, 500

_requests = Counter(
    "kyros_http_requests",
    "Requests that were answered; healthchecks are left out.",
    ("service", "route", "method", "status"),
)
_request_seconds = Histogram(
    "kyros_http_request_duration_seconds",
    "From a request's head to the end of its answer.",
    ("service", "route", "method"),
    buckets=SECONDS,
)
_tenant_requests = Counter(
    "kyros_tenant_requests",
    "Requests with a tenant's verified token, by how they ended: ok, refused, failed.",
    ("service", "tenant", "outcome"),
)
_denials = Counter(
    "kyros_denials", "Requests that were refused for who asked, by error code.", ("service", "code")
)
_cache_requests = Counter(
    "kyros_cache_requests",
    "Looks into a cache: hit, miss, or shared with one who asked just before.",
    ("service", "cache", "result"),
)


class BoundedLabels:
    """Lets the first so many values be labels; all that come later share one.

    Args:
        most: values that are let through.
        rest: what the others are called.
    """

    def __init__(self, most: int, rest: str) -> None:
        self._most = most
        self._rest = rest
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        """Return the label that stands for a value."""
        if value not in self._known:
            if len(self._known) >= self._most:
                return self._rest
            self._known.add(value)
        return value


_tenants = BoundedLabels(MOST_TENANTS, OTHER_TENANTS)


class RequestMetrics:
    """Counts the requests of one service.

    Args:
        service: its name, as in its log.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        # Finding a series by its labels takes longer than counting: each is found once.
        self._by_route: dict[tuple[str, str, int | None], tuple[Counter, Histogram]] = {}
        self._by_tenant: dict[tuple[str, str], Counter] = {}

    def record(
        self, *, route: str, method: str, status: int | None, seconds: float, tenant: object
    ) -> None:
        """Count one.

        Args:
            route: its template, never a path that somebody typed.
            method: as it came.
            status: of the answer, None when there was none.
            seconds: that it took.
            tenant: whose verified token it carried, None when it had none.
        """
        key = (route, method if method in _METHODS else _OTHER_METHOD, status)
        found = self._by_route.get(key) or self._find(*key)
        found[0].inc()
        found[1].observe(seconds)
        if isinstance(tenant, str):
            self._of_tenant(_tenants(tenant), _outcome(status)).inc()

    def _find(self, route: str, method: str, status: int | None) -> tuple[Counter, Histogram]:
        said = "none" if status is None else str(status)
        counter = _requests.labels(self._service, route, method, said)
        histogram = _request_seconds.labels(self._service, route, method)
        self._by_route[(route, method, status)] = counter, histogram
        return counter, histogram

    def _of_tenant(self, tenant: str, outcome: str) -> Counter:
        found = self._by_tenant.get((tenant, outcome))
        if found is None:
            found = _tenant_requests.labels(self._service, tenant, outcome)
            self._by_tenant[(tenant, outcome)] = found
        return found


def _outcome(status: int | None) -> str:
    if status is None or status >= _FIRST_FAILURE:
        return "failed"
    return "refused" if status >= _FIRST_REFUSAL else "ok"


class CacheMetrics:
    """Counts the looks into one cache.

    Args:
        service: whose cache it is.
        cache: its name.
    """

    def __init__(self, service: str, cache: str) -> None:
        self.hit = _cache_requests.labels(service, cache, "hit").inc
        self.miss = _cache_requests.labels(service, cache, "miss").inc
        self.shared = _cache_requests.labels(service, cache, "shared").inc


def count_denial(service: str, code: str) -> None:
    """Count a refusal for who asked.

    Args:
        service: that refused.
        code: of the error, one of those in the sources.
    """
    _denials.labels(service, code).inc()


def _listen(host: str, port: int) -> tuple[WSGIServer, Thread]:
    """Serve at the first of a name's addresses that is this machine's.

    In Compose several containers of a service share a name, and each is to listen on one network.
    """
    why: OSError | None = None
    try:
        found = getaddrinfo(host, port, type=SOCK_STREAM)
        for address in dict.fromkeys(str(info[4][0]) for info in found):
            try:
                return start_http_server(port, address)
            except OSError as error:
                why = error
    except OSError as error:
        why = error
    raise RuntimeError(
        f"Metrics cannot be served at {host}:{port} ({why}): "
        "set METRICS_PORT to a free port, or METRICS_HOST to an address of this machine."
    ) from why


@contextmanager
def serving_metrics(settings: ServiceSettings) -> Iterator[None]:
    """Serve what was counted at ``METRICS_PORT`` for the length of a block; without one, nothing.

    The port is not the service's own, so that no proxy in front of the service leads to it.

    Raises:
        RuntimeError: the port cannot be opened.
    """
    if not settings.metrics_port:
        yield
        return
    server, thread = _listen(settings.metrics_host, settings.metrics_port)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
