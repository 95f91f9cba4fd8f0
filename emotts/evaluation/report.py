"""Figures as a table: ours beside the recordings', the resynthesis' and Piper's rows."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

Figures = dict[str, Any]


def machine() -> str:
    """The processor, cores and versions that a figure was made with."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        name = names[0].split(":", 1)[1].strip() if names else name
    return f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}"


def write_report(path: str | Path, report: Figures) -> None:
    """Write the figures as JSON, whole or not at all."""
    path = Path(path)
    temporary = path.with_suffix(".part")
    temporary.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, path)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _range(interval: list[float] | None, scale: float = 1.0, digits: int = 2) -> str:
    if interval is None:
        return ""
    return f" [{scale * interval[0]:.{digits}f}, {scale * interval[1]:.{digits}f}]"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def words_table(sets: dict[str, Figures]) -> str:
    """WER and CER of each set, and WER minus the recordings' own."""
    base = sets.get("recordings", {}).get("wer")
    rows = []
    for name, f in sets.items():
        minus = None if base is None or name == "recordings" else f["wer"] - base
        rows.append([
            name, str(f["clips"]), _percent(f["wer"]) + _range(f["wer_interval"], 100, 1),
            "–" if minus is None else f"{100 * minus:+.1f}", _percent(f["cer"]),
            _percent(f["skipped_or_repeated"]),
        ])  # fmt: skip
    head = ["words", "clips", "WER", "minus recordings", "CER", "sentences with a skip or repeat"]
    return _table(head, rows)


def emotion_table(sets: dict[str, dict[str, Figures]]) -> str:
    """Recall and the share of clips named rightly, SER B relative and absolute, SER A beside."""
    rows = []
    for name, judges in sets.items():
        b, absolute, a = (judges.get(k) for k in ("ser_b", "ser_b_absolute", "ser_a"))
        rows.append([
            name, str(b["clips"]), _number(b["uar"]) + _range(b["uar_interval"]),
            _number(b["accuracy"]), _number(b["macro_f1"]), _number(absolute and absolute["uar"]),
            _number(a and a["uar"]), _number(a and a["accuracy"]),
        ])  # fmt: skip
    head = [
        "emotion", "clips", "SER B UAR", "SER B share", "SER B F1", "SER B absolute UAR",
        "SER A UAR", "SER A share",
    ]  # fmt: skip
    return _table(head, rows)


def identity_table(sets: dict[str, Figures]) -> str:
    """Likeness ratio per voice."""
    rows = []
    for name, f in sets.items():
        voices = ", ".join(f"{voice} {ratio:.2f}" for voice, ratio in f["ratio_by_voice"].items())
        rows.append([name, _number(f["ratio"], 3), voices])
    return _table(["identity", "emotional / neutral", "by voice"], rows)


def naturalness_table(sets: dict[str, Figures]) -> str:
    """Both judges, and minus the recordings'."""
    base = sets.get("recordings", {})
    rows = []
    for name, f in sets.items():
        row = [name, str(f["clips"])]
        for judge in ("distillmos", "dnsmos"):
            minus = "" if not base or name == "recordings" else f" ({f[judge] - base[judge]:+.2f})"
            row.append(_number(f[judge]) + _range(f[f"{judge}_interval"]) + minus)
        rows.append(row)
    return _table(["naturalness", "clips", "DistillMOS", "DNSMOS"], rows)


def speed_table(sets: dict[str, Figures]) -> str:
    """Real-time factor, load and peak memory."""
    rows = [
        [name, _number(f["real_time_factor"], 3), f"{f['load_seconds']:.2f} s",
         f"{f['peak_megabytes']:.0f} MB"]
        for name, f in sets.items()
    ]  # fmt: skip
    return _table(["speed", "real-time factor", "load", "peak memory"], rows)


TABLES = {
    "words": words_table,
    "emotion": emotion_table,
    "identity": identity_table,
    "naturalness": naturalness_table,
    "speed": speed_table,
}


def markdown(report: Figures) -> str:
    """The report as tables, and the confusion matrices of the emotion sets."""
    from emotts.evaluation.confusion import markdown_matrix

    parts = [f"checkpoint {report.get('checkpoint')} · {report.get('machine')}"]
    parts += [TABLES[name](report[name]) for name in TABLES if report.get(name)]
    for name, judges in (report.get("emotion") or {}).items():
        f = judges["ser_b"]
        parts.append(f"{name}, heard by SER B:\n\n{markdown_matrix(f['confusion'], f['classes'])}")
    return "\n\n".join(parts)
