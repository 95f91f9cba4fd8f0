"""HTTP clients against a server of its own for a while: failures, throughput, waiting, memory.

    python scripts/load_server.py --clients 16 --seconds 60

Every client asks for a short text, reads the answer to its end, and asks again. Memory is the
server process's resident set. One table row is printed, for docs/results.md.
"""

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time

TEXTS = (
    "The meeting starts at nine.",
    "You came back after all. I had not thought that you would.",
    "We were a long way away. Nobody knew where we had gone, and nobody asked.",
)
EMOTIONS = ("neutral", "happy", "sad", "angry", "fearful", "surprised")
RATE_BYTES = 48_000  # of pcm, a second


SERVE = """
import sys
from emotts.serve.app import create_app
from emotts.serve.run import listen, make_server
from emotts.serve.settings import Settings

settings = Settings.model_validate_json(sys.argv[1])
with listen("127.0.0.1", int(sys.argv[2])) as place:
    make_server(create_app(settings), settings).run(sockets=[place])
"""


def start(port: int, settings: dict) -> tuple[subprocess.Popen, float]:
    """A server process, and the seconds until it answered."""
    command = [sys.executable, "-c", SERVE, json.dumps(settings), str(port)]
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return process, time.monotonic() - begun
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"the server ended with status {process.returncode}")


def megabytes(pid: int) -> float:
    """Resident memory of a process."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_seconds(pid: int) -> float:
    """What a process has computed, all threads together."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        user, system = file.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class Client(threading.Thread):
    """One client; results: (seconds, seconds until the first audio, seconds of audio)."""

    def __init__(self, number: int, port: int, until: float, stream: bool = True):
        super().__init__()
        self.chance, self.port, self.until = random.Random(number), port, until
        self.stream = stream
        self.results: list[tuple[float, float, float]] = []
        self.failures: list[str] = []

    def run(self) -> None:
        while time.monotonic() < self.until:
            try:
                self.results.append(self.ask())
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.failures.append(repr(error))

    def ask(self) -> tuple[float, float, float]:
        body = {
            "model": "emotts", "voice": self.chance.choice(("kathleen", "lj", "actor01")),
            "input": self.chance.choice(TEXTS), "emotion": self.chance.choice(EMOTIONS),
            "seed": self.chance.randrange(1000), "response_format": "pcm",
            "stream": self.stream,
        }  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        begun = time.monotonic()
        kind = {"Content-Type": "application/json"}
        connection.request("POST", "/v1/audio/speech", json.dumps(body), kind)
        answer = connection.getresponse()
        data = answer.read(1)
        first = time.monotonic() - begun
        data += answer.read()
        connection.close()
        if answer.status != 200:
            raise ValueError(data.decode("utf-8", "replace"))
        return time.monotonic() - begun, first, len(data) / RATE_BYTES


def quantile(values: list[float], share: float) -> float:
    """A quantile of values, by rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    """Run, and print the row."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--checkpoint")
    parser.add_argument("--batch", type=int, help="sentences said in one go at most")
    parser.add_argument("--whole", action="store_true", help="ask for whole files, not streams")
    asked = parser.parse_args()
    process, up = start(asked.port, {"checkpoint": asked.checkpoint, "batch": asked.batch})
    try:
        warm = Client(0, asked.port, 0.0)
        warm.ask()
        before, begun = megabytes(process.pid), time.monotonic()
        computed = processor_seconds(process.pid)
        until, stream = begun + asked.seconds, not asked.whole
        clients = [Client(n, asked.port, until, stream) for n in range(asked.clients)]
        for client in clients:
            client.start()
        middle = None
        while any(client.is_alive() for client in clients):
            time.sleep(0.2)
            if middle is None and time.monotonic() - begun > asked.seconds / 2:
                middle = megabytes(process.pid)
        spent, after = time.monotonic() - begun, megabytes(process.pid)
        computed = processor_seconds(process.pid) - computed
    finally:
        process.terminate()
        process.wait(60)
    results = [r for c in clients for r in c.results]
    failures = [f for c in clients for f in c.failures]
    for failure in failures[:5]:
        print(failure, file=sys.stderr)
    total, first, audio = zip(*results, strict=True)
    print("| clients | s | requests | failed | audio s a s | p50 s | p95 s | first audio p50 s | "
          "p95 s | memory MB: start, middle, end | up s | processor s an audio s |")  # fmt: skip
    print("|" + "---|" * 12)
    print(f"| {asked.clients} | {spent:.0f} | {len(results)} | {len(failures)} "
          f"| {sum(audio) / spent:.2f} | {quantile(total, 0.5):.1f} | {quantile(total, 0.95):.1f} "
          f"| {quantile(first, 0.5):.1f} | {quantile(first, 0.95):.1f} "
          f"| {before:.0f}, {middle or after:.0f}, {after:.0f} | {up:.1f} "
          f"| {computed / sum(audio):.4f} |")  # fmt: skip


if __name__ == "__main__":
    main()
