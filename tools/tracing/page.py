# SPDX-License-Identifier: MIT
"""timeline.html: tools/timeline.html with the schedule in it, in columns of numbers.

Times are nanoseconds after the trace's first event; columns called `start` and `time` hold the distance to the one
before. A thread is its place in `threads`; -1 is an idle CPU, or nobody. What the page makes of it, it computes itself.
"""

import json
import os

from .schedule import OF_THREADS, REASONS

TEMPLATE = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../timeline.html")
PLACE = "TRACE_DATA"
CONTEXTS = "thread", "interrupt", "softirq"


def text(name):
    """A name as JSON may have it: bytes that are no UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def steps(times, start):
    """Each time as its distance from the one before."""
    return [b - a for a, b in zip([start, *times], times)]


class Words(dict):
    """Each word by its number."""

    def __missing__(self, word):
        self[word] = len(self)
        return self[word]


def columns(model, name):
    """What the page gets, as a dictionary."""
    threads = sorted((t for t in model.threads.values() if not t.idle), key=lambda t: t.pid)
    place = {t: n for n, t in enumerate(threads)}
    runs = [r for r in model.runs if not r.thread.idle]
    run_place = {id(r): n for n, r in enumerate(runs)}
    wake_place = {id(w): n for n, w in enumerate(model.wakes)}
    states, whats, begin = Words(), Words(), model.start
    data = {
        "name": name, "start": begin, "span": model.end - begin, "cpus": model.cpus,
        "events": len(model.trace.events), "lost": model.trace.lost or model.trace.overwritten,
        "threads": {
            "pid": [t.pid for t in threads], "name": [text(t.name) for t in threads],
            "moves": [t.migrations for t in threads],
            "ready": [-1 if t.ready is None else t.ready - begin for t in threads],
        },
        "runs": {
            "cpu": [r.cpu for r in runs], "thread": [place[r.thread] for r in runs],
            "start": steps([r.start for r in runs], begin), "length": [r.end - r.start for r in runs],
            "state": [states[r.state] for r in runs],
            "by": [place.get(r.by, -1) for r in runs],
            "wait": [-1 if r.ready is None else r.start - r.ready for r in runs],
            "wake": [wake_place[id(r.wake)] if r.wake else -1 for r in runs],
        },
        "wakes": {
            "time": steps([w.time for w in model.wakes], begin), "cpu": [w.cpu for w in model.wakes],
            "waker": [place.get(w.waker, -1) for w in model.wakes],
            "context": [CONTEXTS.index(w.context) for w in model.wakes],
            "thread": [place.get(w.thread, -1) for w in model.wakes],
            "run": [run_place.get(id(w.run), -1) for w in model.wakes],
            "birth": [int(w.new) for w in model.wakes],
        },
        "spans": {
            "what": [whats[s.what if s.kind == "work" else f"{s.kind} {s.what}"] for s in model.spans],
            "thread": [place.get(s.thread, -1) if s.kind in OF_THREADS else -1 for s in model.spans],
            "cpu": [s.cpu for s in model.spans],
            "start": steps([s.start for s in model.spans], begin), "length": [s.end - s.start for s in model.spans],
        },
    }
    data["states"] = [[state, REASONS.get(state, f"left in state {state}")] for state in states]
    data["whats"] = [text(what) for what in whats]
    return data


def write(model, path, name):
    """Writes the file."""
    with open(TEMPLATE, encoding="utf-8") as f:
        page = f.read()
    data = json.dumps(columns(model, name), separators=(",", ":"), ensure_ascii=True).replace("</", "<\\/")
    with open(path, "w", encoding="utf-8") as f:
        f.write(page.replace(PLACE, data.replace("<!--", "<\\u0021--"), 1))
