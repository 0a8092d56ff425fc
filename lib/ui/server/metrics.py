"""`/metrics` for Prometheus: figures, sync, API budgets, store and process. No label is a name, address or title.

All but the process itself is read from the store at each scrape, so that every server answers alike.
"""

import hmac
import logging
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lib import logs
from lib.bootstrap import desk
from lib.clock import utc_now
from lib.errors import StoreError
from lib.recall_api import PER_MINUTE
from lib.staff.sessions import limits_of
from lib.store import passes, totals
from lib.store.passes import Pass, PassState
from lib.store.totals import StoreTotals

log = logging.getLogger(__name__)


def metrics(request: Request) -> Response:
    """The metrics, for whoever sends METRICS_TOKEN. For anybody else, and where none is set, the answer is 404."""
    token = desk().settings.metrics_token
    shown = request.headers.get("authorization", "").encode()
    if token is None or not hmac.compare_digest(shown, b"Bearer " + token.get_secret_value().encode()):
        return Response("Not Found", status_code=404, media_type="text/plain")
    return Response(generate_latest(_registry), headers={"content-type": CONTENT_TYPE_LATEST})


class FromTheStore(Collector):
    """Metrics that are read from the store at each scrape. A store that does not answer is a metric too."""

    def describe(self) -> list[Metric]:
        """Empty: the store is not read at registration."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the store once."""
        began, now, settings = time.perf_counter(), utc_now(), desk().settings
        try:
            desk().store.answers()
            with desk().store.read() as connection:
                as_of, latest = passes.as_of(connection), passes.latest(connection)
                found = totals.count(connection, now=now, sessions_since=now - limits_of(settings).idle)
        except StoreError as problem:
            log.warning("the metrics lack what is in the store: %s", problem)
            yield _gauge("store_up", "1 when the store answers", 0)
            return
        yield _gauge("store_up", "1 when the store answers", 1)
        yield _gauge("store_answer_seconds", "How long the store took to answer this", time.perf_counter() - began)
        if as_of is not None:
            age = (now - as_of).total_seconds()
            yield _gauge("figures_age_seconds", "Since the start of the last complete pass", age)
        if latest is not None:
            yield from _of_a_pass(latest)
        yield from _of_the_store(found)


class OfTheProcess(Collector):
    """Metrics that only this process knows."""

    def collect(self) -> Iterator[Metric]:
        """Count since the start of the process."""
        lost = CounterMetricFamily("coverage_desk_log_lines_dropped", "Lines of the log that could not be written")
        lost.add_metric([], logs.dropped())
        yield lost


def _of_a_pass(latest: Pass) -> Iterator[Metric]:
    states = GaugeMetricFamily("coverage_desk_last_pass_state", "1 for the state of the last pass", labels=["state"])
    for state in PassState:
        states.add_metric([state.value], int(latest.state is state))
    yield states
    yield _gauge("last_pass_failed_users", "Users that it could not read", latest.counts.get("users_failed", 0))
    if latest.ended_at is not None:
        took = (latest.ended_at - latest.begun_at).total_seconds()
        yield _gauge("last_pass_seconds", "How long the last pass took", took)


def _of_the_store(found: StoreTotals) -> Iterator[Metric]:
    yield _gauge("users", "Calendar users that Recall lists", found.users)
    yield _gauge("open_changes", "Changes of which nobody knows yet how they ended", found.open_changes)
    yield _gauge("sessions", "Sessions in force", found.sessions)
    yield _gauge("store_bytes", "What the store takes on its disk", found.bytes)
    yield _by_call("spent", "Calls of the last minute", {call: found.spent.get(call, 0) for call in PER_MINUTE})
    left = {call: max(most - found.spent.get(call, 0), 0) for call, most in PER_MINUTE.items()}
    yield _by_call("left", "Calls that may be made yet in this minute", left)
    closed = {call: found.closed_seconds.get(call, 0.0) for call in PER_MINUTE}
    yield _by_call("closed_seconds", "Until Recall may be asked again", closed)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"coverage_desk_{name}", meaning, value=value)


def _by_call(name: str, meaning: str, values: dict[str, int] | dict[str, float]) -> Metric:
    family = GaugeMetricFamily(f"coverage_desk_recall_budget_{name}", meaning, labels=["call"])
    for call, value in values.items():
        family.add_metric([call], value)
    return family


_registry = CollectorRegistry()
_registry.register(FromTheStore())
_registry.register(OfTheProcess())
ProcessCollector(registry=_registry)

routes = [Route("/metrics", metrics, methods=["GET"])]
