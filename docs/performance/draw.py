#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draws what zenws-bench has measured: draw.py FILE.jsonl... [--docs FOLDER]

Rewrites the tables of performance.md and the plots beside this script from the
lines of `zenws-bench --json`. Of a figure that is there twice, the last counts.
"""
import argparse
import json
import re
from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "zenws"  # the same picture each time
import matplotlib.pyplot as plt

TRANSPORTS = ("plain", "tls")
NAMES = {"beast-async": "Boost.Beast", "zenws": "zenws",
         "zenws-co-located": "zenws, co-located",
         "libwebsockets": "libwebsockets", "websocketpp": "WebSocket++",
         "node_ws": "ws (Node.js)", "python_websockets": "websockets (Python)"}


class Figures:
    """Values by bench, case and metric."""

    def __init__(self, files):
        self.values = {}
        for file in files:
            for line in Path(file).read_text().splitlines():
                row = json.loads(line)
                key = row["bench"], row["case"], row["metric"]
                self.values[key] = row["value"]

    def get(self, bench, case, metric):
        return self.values.get((bench, case, metric))

    def series(self, bench, pattern, metric):
        """Pairs of the number in a case and its value, ascending."""
        found = []
        for (of, case, name), value in self.values.items():
            match = re.fullmatch(pattern, case)
            if of == bench and name == metric and match:
                found.append((float(match[1]), value))
        return sorted(found)


def shown(value, scale=1.0):
    if value is None:
        return "–"
    value *= scale
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def peers_table(figures, transport):
    lines = ["| client | 128 B | 1 KiB | 16 KiB | CPU at 128 B | echo p50 | "
             "echo p99 | idle |",
             "|---|---|---|---|---|---|---|---|",
             "| | 1000/s | 1000/s | 1000/s | µs/message | µs | µs | KiB |"]
    for key, name in NAMES.items():
        def get(what, metric):
            return figures.get("peers", f"{transport}/{what}/{key}", metric)
        rates = [shown(get(f"flood/{size}", "messages"), 1e-3)
                 for size in (128, 1024, 16384)]
        rest = [shown(get("flood/128", "cpu")), shown(get("echo", "p50")),
                shown(get("echo", "p99")), shown(get("idle", "resident"))]
        if any(x != "–" for x in rates + rest):
            lines.append("| " + " | ".join([name, *rates, *rest]) + " |")
    return "\n".join(lines)


WAYS = {"limit": "bytes of the socket", "beast-async": "Boost.Beast",
        "co-located": "zenws, co-located",
        "co-located-busy": "zenws, co-located, busy polling",
        "scheduled": "zenws, scheduled",
        "scheduled-sharing": "zenws, scheduled",
        "scheduled-stealing": "zenws, scheduled, work stealing"}


def rows(figures, bench, cases, metric, scale, base="beast-async"):
    """Rows of values and their ratios to the base, one for each way."""
    lines = []
    for key, name in WAYS.items():
        cells = []
        for case in cases:
            value = figures.get(bench, f"{case}/{key}", metric)
            of = figures.get(bench, f"{case}/{base}", metric)
            cells.append("–" if value is None
                         else f"{shown(value, scale)} ({value / of:.2f} ×)")
        if any(x != "–" for x in cells):
            lines.append("| " + " | ".join([name, *cells]) + " |")
    return "\n".join(lines)


def flood_table(figures):
    cases = [f"{x}/{size}" for x in TRANSPORTS for size in (128, 1024, 16384)]
    return ("| 1000 messages/s | 128 B | 1 KiB | 16 KiB | TLS 128 B | "
            "TLS 1 KiB | TLS 16 KiB |\n|---|---|---|---|---|---|---|\n"
            + rows(figures, "flood", cases, "messages", 1e-3))


def latency_table(figures):
    tables = []
    for metric in ("p50", "p99"):
        tables.append(f"| {metric}, µs | plain | TLS |\n|---|---|---|\n" + rows(
            figures, "rtt", [f"{x}/128" for x in TRANSPORTS], metric, 1))
    return "\n\n".join(tables)


def dots(figures, what, metric, title, file):
    plot, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
    for axis, transport in zip(axes, TRANSPORTS):
        found = [(name, figures.get("peers", f"{transport}/{what}/{key}",
                                    metric)) for key, name in NAMES.items()]
        found = [(name, value) for name, value in found if value][::-1]
        axis.plot([x for _, x in found], [x for x, _ in found], "o",
                  color="#4a7bb5")
        axis.grid(axis="x", which="both", alpha=0.3)
        axis.set_xscale("log")
        axis.set_title(f"{title}, {'TLS' if transport == 'tls' else 'plain'}",
                       fontsize=9)
        axis.tick_params(labelsize=8)
    save(plot, file)


def curves(series, xlabel, ylabel, file, scale="linear"):
    plot, axis = plt.subplots(figsize=(7, 3))
    for name, points in series.items():
        axis.plot([x for x, _ in points], [y for _, y in points], label=name,
                  marker="o" if len(points) < 20 else None)
    axis.set_xscale(scale)
    axis.set_xlabel(xlabel, fontsize=8)
    axis.set_ylabel(ylabel, fontsize=8)
    axis.set_ylim(bottom=0)
    axis.legend(fontsize=8)
    save(plot, file)


# What grows, and what with: bench, cases, metric, scale, and words for both.
GROWTH = (("idle", r"plain/(\d+)", "resident", 1, "clients", "KiB a client"),
          ("restore", r"plain/(\d+)/scheduled", "restored", 1,
           "channels of a client", "ms until all are back"),
          ("fanout", r"plain/128/scheduled/x(\d+)", "cpu", 1e3, "subscribers",
           "ns of CPU a message for each"),
          ("remote", r"plain/nodes/(\d+)", "gateway-cpu", 1, "nodes",
           "µs of the gateway a message"))


def growth(figures, file):
    plot, axes = plt.subplots(1, len(GROWTH), figsize=(11, 2.8))
    for axis, (bench, pattern, metric, scale, what, cost) in zip(axes, GROWTH):
        points = figures.series(bench, pattern, metric)
        axis.plot([x for x, _ in points], [y * scale for _, y in points], "o-")
        axis.set_xscale("log")
        axis.set_ylim(bottom=0)
        axis.set_xlabel(what, fontsize=8)
        axis.set_title(cost, fontsize=8)
        axis.tick_params(labelsize=8)
    save(plot, file)


def save(plot, file):
    plot.tight_layout()
    plot.savefig(file, metadata={"Date": None})
    plt.close(plot)


def replace_tables(page, tables):
    text = page.read_text()
    for name, table in tables.items():
        pattern = rf"(<!-- {name} -->\n).*?(<!-- end -->)"
        text, count = re.subn(pattern, lambda x: f"{x[1]}\n{table}\n\n{x[2]}",
                              text, flags=re.S)
        if count != 1:
            raise ValueError(f"{page} has no place for {name}")
    page.write_text(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    parser.add_argument("--docs", default=Path(__file__).parents[1], type=Path)
    options = parser.parse_args()
    figures = Figures(options.files)
    pictures = options.docs / "performance"
    if figures.get("peers", "plain/echo/zenws", "p50"):
        replace_tables(options.docs / "performance.md",
                       {f"peers {x}": peers_table(figures, x)
                        for x in TRANSPORTS})
        dots(figures, "flood/128", "messages", "messages/s of 128 B",
             pictures / "peers-flood.svg")
        dots(figures, "echo", "p50", "echo p50, µs",
             pictures / "peers-echo.svg")
        dots(figures, "idle", "resident", "KiB an idle connection",
             pictures / "peers-idle.svg")
    if figures.get("rtt", "plain/128/co-located", "p50"):
        replace_tables(options.docs / "performance.md",
                       {"latency": latency_table(figures),
                        "flood": flood_table(figures)})
    if figures.series("remote", r"plain/nodes/(\d+)", "gateway-cpu"):
        growth(figures, pictures / "growth.svg")
    soak = figures.series("soak", r"(\d+) s", "resident")
    if soak:
        heap = figures.series("soak", r"(\d+) s", "heap")
        curves({"resident": soak} | ({"heap in use": heap} if heap else {}),
               "seconds", "MiB", pictures / "soak.svg")
    idle = {x: figures.series("idle", rf"{x}/(\d+)", "resident")
            for x in TRANSPORTS}
    if any(idle.values()):
        curves(idle, "idle clients", "KiB a client", pictures / "idle.svg",
               "log")


main()
