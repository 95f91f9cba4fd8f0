"""What the server counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300)


class Metrics:
    """Counters of one server; every server has its own registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own = {"registry": self.registry}
        self.requests = Counter(
            "emotts_requests", "Requests answered.", ["path", "method", "status"], **own
        )
        self.seconds = Histogram(
            "emotts_request_seconds", "From a request to its last byte.", ["path"],
            buckets=_SECONDS, **own,
        )  # fmt: skip
        self.first = Histogram(
            "emotts_first_audio_seconds", "From a request to its first audio.", ["path"],
            buckets=_SECONDS, **own,
        )  # fmt: skip
        self.open = Gauge("emotts_requests_open", "Requests under way or waiting.", **own)
        self.queue = Gauge("emotts_queue", "Steps that wait for the model.", **own)
        self.batch = Histogram(
            "emotts_batch_sentences", "Sentences said in one go.",
            buckets=(1, 2, 3, 4, 6, 8, 12, 16), **own,
        )  # fmt: skip
        self.audio = Counter("emotts_audio_seconds", "Seconds of audio made.", ["path"], **own)
        self.model = Counter("emotts_model_seconds", "Seconds the model was at work.", **own)

    def text(self) -> bytes:
        """All of them in Prometheus' text format."""
        return generate_latest(self.registry)
