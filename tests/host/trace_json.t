#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""trace.json, which tools/trace writes for Perfetto and Chrome: a known trace, a large one, and one of Linux."""

import collections
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../expect"))
# pylint: disable=wrong-import-position
import ftrace
from bobbin import Tap

tap = Tap()


def pictures(text):
    """(the events of trace.json, status, complaints)."""
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/trace.ns", "w", encoding="utf-8") as f:
            f.write(text)
        done = subprocess.run(["tools/trace", f"{folder}/trace.ns"], capture_output=True, text=True, check=False,
                              timeout=300)
        if done.returncode:
            return [], done.returncode, done.stderr
        with open(f"{folder}/trace.json", encoding="utf-8") as f:
            return json.load(f)["traceEvents"], 0, done.stderr


def tracks(events):
    """{(pid, tid): [(start, end, name)]} in nanoseconds, in the order of start, the longer first."""
    found = collections.defaultdict(list)
    for e in events:
        if e["ph"] == "X":
            start = round(e["ts"] * 1000)
            found[e["pid"], e["tid"]].append((start, start + round(e["dur"] * 1000), e["name"]))
    return {track: sorted(slices, key=lambda s: (s[0], -s[1])) for track, slices in found.items()}


def crossing(slices):
    """The first two of a track that overlap without one holding the other."""
    around = []
    for one in slices:
        while around and around[-1][1] <= one[0]:
            around.pop()
        if around and one[1] > around[-1][1]:
            return around[-1], one
        around.append(one)
    return None


def well_formed(events, what):
    shown = tracks(events)
    crossed = [(track, crossing(slices)) for track, slices in shown.items() if crossing(slices)]
    tap.ok(shown and not crossed, f"{what}: slices of a track lie side by side or inside one another", why=str(crossed))
    named = {(e["pid"], e["tid"]) for e in events if e["name"] == "thread_name"}
    tap.ok(set(shown) <= named, f"{what}: each track has a name", why=str(set(shown) - named))
    ends = collections.defaultdict(list)
    for e in events:
        if e["ph"] in "sf":
            ends[e["id"]].append(e)
    tap.ok(ends and all([e["ph"] for e in pair] == ["s", "f"] and pair[0]["ts"] <= pair[1]["ts"]
                        for pair in ends.values()), f"{what}: each arrow has two ends, the first first")
    wrong = [e for pair in ends.values() for e in pair[1:]
             if not any(s[0] == round(e["ts"] * 1000) and s[2] == "running" for s in shown[e["pid"], e["tid"]])]
    tap.ok(not wrong, f"{what}: each arrow ends where a thread begins to run", why=str(wrong[:3]))
    values = [next(iter(e["args"].values())) for e in events if e["ph"] == "C"]
    tap.ok(values and min(values) >= 0, f"{what}: no counter falls below nothing", why=str(values[:20]))


known, status, complaints = pictures(ftrace.text(ftrace.known(), 2))
tap.ok(status == 0 and not complaints, "the known trace becomes a picture", why=complaints)
slices = {track: [((a - 10**9) // 1000, (b - 10**9) // 1000, name) for a, b, name in found]
          for track, found in tracks(known).items()}
tap.ok(slices.get((1, 0)) == [(12, 50, "ping")]
       and slices.get((1, 1)) == [(40, 70, ftrace.ODD), (70, 90, "ping"), (90, 100, ftrace.ODD)],
       "CPUs: a slice for each run of a thread", why=str(slices))
tap.ok(slices.get((2, 41)) == [(0, 12, "runnable"), (12, 50, "running"), (50, 60, "sleeps"), (60, 70, "runnable"),
                               (70, 90, "running")], "a thread: runnable, running, asleep, until it exits",
       why=str(slices))
tap.ok(slices.get((2, 42)) == [(30, 40, "runnable"), (40, 70, "running"), (70, 90, "runnable"), (90, 100, "running"),
                               (100, 110, "sleeps, uninterruptibly")], "one that is preempted is runnable meanwhile",
       why=str(slices))
tap.ok(slices.get((3, 42)) == [(45, 95, "tidy_up")], "work: from start to end, whatever came between", why=str(slices))
runs = {(e["ts"], e["name"]): e["args"] for e in known if e["ph"] == "X" and e["pid"] == 1}
run = runs.get((1000070.0, "ping"), {})
tap.ok((run.get("left"), run.get("next"), run.get("waited us"), run.get("woken by")) ==
       ("exited", ftrace.ODD, 10.0, ftrace.ODD), "a run knows who woke it, how long it waited, why it left, who came",
       why=str(runs))
tap.ok(runs.get((1000012.0, "ping"), {}).get("woken by") == "interrupt on CPU 1", "... or that an interrupt did",
       why=str(runs))
arrows = {(e["ph"], e["id"]): (e["pid"], e["tid"], e["ts"]) for e in known if e["ph"] in "sf"}
tap.ok(sorted(arrows.values()) == sorted([(1, 1, 1000000.0), (2, 41, 1000012.0), (2, 41, 1000030.0),
                                          (2, 42, 1000040.0), (2, 42, 1000060.0), (2, 41, 1000070.0)]),
       "arrows go from who woke to who ran", why=str(arrows))
waiting = [(e["ts"], e["args"]["threads"]) for e in known if e["ph"] == "C" and e["name"] == "waiting for CPU 1"]
tap.ok(waiting == [(1000030.0, 1), (1000040.0, 0), (1000060.0, 1), (1000070.0, 1), (1000090.0, 0)],
       "a counter says how many wait", why=str(waiting))
well_formed(known, "the known trace")

NESTED = (("local_timer_entry", "vector=236"), ("hrtimer_expire_entry", "hrtimer=00000000f2eec8bd function=tick now=1"),
          ("hrtimer_expire_exit", "hrtimer=00000000f2eec8bd"), ("local_timer_exit", "vector=236"),
          ("softirq_entry", "vec=1 [action=TIMER]"), ("softirq_exit", "vec=1 [action=TIMER]"))
nested, _, _ = pictures(ftrace.text([ftrace.line(10**9 + n * 1000, 0, "demo/0", 40, event, fields, "d.h1.")
                                     for n, (event, fields) in enumerate(NESTED)], 1))
found = tracks(nested).get((1, 1000))
tap.ok(found == [(10**9, 10**9 + 3000, "interrupt local_timer"), (10**9 + 1000, 10**9 + 2000, "hrtimer tick"),
                 (10**9 + 4000, 10**9 + 5000, "softirq TIMER")], "interrupts have a track; a timer is inside its own",
       why=str(found))

large, status, complaints = pictures(ftrace.text(ftrace.simulate(10000)))
tap.ok(status == 0 and not complaints, "10,000 events", why=complaints)
well_formed(large, "10,000 events")

with open("tests/host/linux.trace", encoding="utf-8") as sample:
    events, status, complaints = pictures(sample.read())
tap.ok(status == 0 and events and not complaints, "Linux's own text is understood, each line", why=complaints)

events, status, complaints = pictures("")
tap.ok(status == 1 and complaints.count("\n") == 1 and "is empty" in complaints, "an empty trace gets a sentence",
       why=complaints)

tap.done()
