"""What the door counts of itself, as Prometheus text on a private port. No label names a person.

Worker n serves on `metrics_port` + n, counted from 0.
"""

import math
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

_COMMIT_SECONDS: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
_GROUP_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Histogram:
    """Counts of values up to each bound, as Prometheus wants them."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def lines(self, name: str) -> list[str]:
        rows, running = [f"# TYPE {name} histogram"], 0
        for bound, count in zip((*self.bounds, "+Inf"), self.counts, strict=True):
            running += count
            rows.append(f'{name}_bucket{{le="{bound}"}} {running}')
        return [*rows, f"{name}_sum {self.total:.6f}", f"{name}_count {running}"]


class Metrics:
    """One worker's numbers. Each is written by one thread; readers may be a moment behind."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, str]] = Counter()
        self.requests: Counter[int] = Counter()
        self.lookups: Counter[str] = Counter()
        self.commit_seconds = Histogram(_COMMIT_SECONDS)
        self.group_sizes = Histogram(_GROUP_SIZES)
        self.refused_by_disk = 0
        self.disk_faults = 0
        self.disk_free = 0
        self.disk_seconds_left = math.inf
        self.last_error = ""
        self.gauges: dict[str, Callable[[], float]] = {}

    def committed(self, size: int, seconds: float) -> None:
        """One group of `size` is durable after `seconds`."""
        self.group_sizes.add(size)
        self.commit_seconds.add(seconds)

    def disk_fault(self, reason: str) -> None:
        """The disk refused. `reason` names a kind of fault and quotes nothing."""
        self.disk_faults += 1
        self.last_error = reason

    def text(self) -> str:
        """All numbers in Prometheus' text format."""
        rows = ["# TYPE groundswell_submissions_total counter"]
        for (verb, answer), count in sorted(self.answers.items()):
            label = f'verb="{verb}",answer="{answer}"'
            rows.append(f"groundswell_submissions_total{{{label}}} {count}")
        rows.append("# TYPE groundswell_requests_total counter")
        for status, count in sorted(self.requests.items()):
            rows.append(f'groundswell_requests_total{{status="{status}"}} {count}')
        rows.append("# TYPE groundswell_lookups_total counter")
        for result, count in sorted(self.lookups.items()):
            rows.append(f'groundswell_lookups_total{{result="{result}"}} {count}')
        rows += self.group_sizes.lines("groundswell_journal_group_size")
        rows += self.commit_seconds.lines("groundswell_journal_commit_seconds")
        numbers: dict[str, float] = {
            "journal_refused_total": self.refused_by_disk,
            "journal_disk_faults_total": self.disk_faults,
            "journal_disk_free_bytes": self.disk_free,
            "journal_disk_seconds_left": self.disk_seconds_left,
        }
        numbers |= {name: read() for name, read in self.gauges.items()}
        rows += [f"groundswell_{name} {_number(value)}" for name, value in numbers.items()]
        rows.append(
            f'groundswell_last_error{{reason="{self.last_error}"}} {bool(self.last_error):d}'
        )
        return "\n".join(rows) + "\n"


def _number(value: float) -> str:
    return "+Inf" if math.isinf(value) else f"{value:.15g}"


class MetricsServer:
    """A small HTTP server for one worker's metrics, in a thread of its own."""

    def __init__(self, metrics: Metrics, *, host: str, port: int) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = metrics.text().encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="metrics", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
