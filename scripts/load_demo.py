"""Eight visitors of the app at once for a minute: failures, throughput, waiting times, memory.

    python scripts/load_demo.py --users 8 --seconds 60

The app is started here, in a process of its own, with the checkpoints that ship. Every visitor
speaks sentence after sentence, each with another feeling. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import socket
import threading
import time
from dataclasses import dataclass, field

import numpy as np

SENTENCES = (
    "The boats came home in the rain.", "Nobody came to the station that evening.",
    "You will not believe what I found.", "Please put the kettle on the stove.",
)  # fmt: skip
FEELINGS = ("happy", "sad", "angry", "calm", "surprised")
START_SECONDS = 300


@dataclass
class Tally:
    """What the visitors met with: seconds of every answer, and messages of failures."""

    waits: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def serve(port: int) -> None:
    """Run the app until the process ends."""
    from emotts.demo.app import launch
    from emotts.demo.studio import Studio

    launch(Studio(), port=port)


def visit(address: str, number: int, end: float, tally: Tally) -> None:
    """One visitor: one sentence after another until `end` (monotonic seconds)."""
    from gradio_client import Client

    client = Client(address, verbose=False)
    asked = 0
    while time.monotonic() < end:
        given = (1, SENTENCES[(number + asked) % len(SENTENCES)], "kathleen",
                 FEELINGS[(number + asked) % len(FEELINGS)], "", 1.0, 1, 0, 1, 0,
                 number * 100 + asked)  # fmt: skip
        begun = time.monotonic()
        try:
            client.predict(*given, api_name="/speak")
            tally.waits.append(time.monotonic() - begun)
        except Exception as error:  # whatever it is, it is counted
            tally.failures.append(f"{type(error).__name__}: {error}"[:200])
        asked += 1


def memory_mb(pid: int) -> float:
    """Resident memory of a process in MB (Linux)."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        line = next(line for line in file if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def wait_for(address: str, process: multiprocessing.Process) -> float:
    """Seconds until the app answers; raises if it ends or does not come up."""
    from urllib.request import urlopen

    begun = time.monotonic()
    while time.monotonic() - begun < START_SECONDS:
        if not process.is_alive():
            raise SystemExit("the app ended before it answered")
        try:
            with urlopen(address, timeout=10):
                return time.monotonic() - begun
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"the app did not answer within {START_SECONDS} s")


def measure(users: int, seconds: float) -> dict:
    """Start the app, send the visitors, and count."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, tally = f"http://127.0.0.1:{port}/", Tally()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(port,))
    process.start()
    try:
        up = wait_for(address, process)
        visit(address, 0, time.monotonic() + 1, Tally())  # the models are loaded by now
        before, begun = memory_mb(process.pid), time.monotonic()
        end = begun + seconds
        threads = [threading.Thread(target=visit, args=(address, n, end, tally))
                   for n in range(users)]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took, after = time.monotonic() - begun, memory_mb(process.pid)
    finally:
        process.terminate()
        process.join(10)
        if process.is_alive():
            process.kill()
    p50, p95 = np.percentile(tally.waits, [50, 95]) if tally.waits else (None, None)
    return {
        "users": users, "seconds": round(took, 1), "up_seconds": round(up, 1),
        "clips": len(tally.waits), "failed": len(tally.failures),
        "clips_a_minute": round(60 * len(tally.waits) / took, 1),
        "p50_seconds": p50 and round(p50, 2), "p95_seconds": p95 and round(p95, 2),
        "memory_before_mb": round(before), "memory_after_mb": round(after),
        "failures": sorted(set(tally.failures))[:5],
    }  # fmt: skip


def main() -> None:
    """Parse the command line and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    print(json.dumps(measure(given.users, given.seconds)))


if __name__ == "__main__":
    main()
