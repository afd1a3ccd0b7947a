#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/sched-report: a trace whose numbers are known, odd names, and input that is no trace."""

import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../expect"))
# pylint: disable=wrong-import-position
import ftrace
from bobbin import Tap

tap = Tap()


def report(text, *options):
    """(status, output, what it complained of) of sched-report, given this text."""
    with tempfile.NamedTemporaryFile("wb", suffix=".txt") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
        f.flush()
        done = subprocess.run(["tools/sched-report", f.name, *options], capture_output=True, text=True, check=False,
                              errors="replace", timeout=120)
    return done.returncode, done.stdout, done.stderr


def row(out, name):
    """The cells of the line that begins with a name."""
    lines = [one for one in out.splitlines() if one.startswith(f"  {name}  ")]
    return lines[0][2 + len(name):].split() if lines else []


def sentence(text, what, *wanted):
    code, out, err = report(text)
    tap.ok(code == 1 and not out and re.fullmatch(r"sched-report: [^\n]*[.)]\n", err)
           and all(w in err for w in wanted), f"{what} gets a sentence", why=f"{code}\n{out}\n{err}")


known = ftrace.text(ftrace.known(), 2)
code, out, err = report(known)
tap.ok(code == 0 and not err, "the known trace is understood", why=err)
tap.ok(row(out, "ping") == "41 0.058 52.7 2 2 0 2 0.011 0.012 1.000000 0 1".split(),
       "ping: run time, switches, wake-ups, the worst wait and where, its move", why=out)
tap.ok(row(out, ftrace.ODD) == "42 0.040 36.4 2 1 1 1 0.010 0.010 1.000030 1 0".split(),
       "the other, whose name looks like syntax: one switch of its own will, one against it", why=out)
tap.ok(row(out, "0") == "0.038 34.5 2 1 1 0.038 ping".split()
       and row(out, "1") == ["0.060", "54.5", "4", "2", "2", "0.030", *ftrace.ODD.split()],
       "each CPU: busy, switches, wake-ups, threads, the longest run", why=out)
tap.ok(out.startswith("0.110 ms on 2 CPUs, 17 events\n"), "how long, how many", why=out)


def order(sort):
    listing = report(known, "--sort", sort)[1]
    return "ping first" if 0 <= listing.find("  ping  ") < listing.find(f"  {ftrace.ODD}  ") else "odd first"


tap.ok([order(s) for s in ("runtime", "max", "name", "pid")] == ["ping first", "ping first", "odd first", "ping first"],
       "--sort", why=str([order(s) for s in ("runtime", "max", "name", "pid")]))
tap.ok(all(report(known, "--sort", s)[0] == 0 for s in "switches wakeups average migrations".split()), "each key of it")
_, out, _ = report(known, "--thread", "42")
tap.ok(row(out, ftrace.ODD) and not row(out, "ping") and "CPU  Busy" not in out, "--thread with a PID", why=out)
_, out, _ = report(known, "--thread", "in")
tap.ok(row(out, "ping") and not row(out, ftrace.ODD), "--thread with a part of a name", why=out)
code, out, err = report(known, "--thread", "nobody")
tap.ok(code == 1 and not out and "no thread called nobody" in err, "--thread that fits nobody says so", why=out + err)
done = subprocess.run(["tools/sched-report", "-h"], capture_output=True, text=True, check=False)
tap.ok(done.returncode == 0 and "--sort" in done.stdout and "--thread" in done.stdout, "-h", why=done.stderr)
for wrong in (["--sort", "beauty"], ["--what"], ["one", "two"], ["/nowhere/trace.txt"]):
    done = subprocess.run(["tools/sched-report", *wrong], capture_output=True, text=True, check=False)
    tap.ok(done.returncode == 1 and not done.stdout and re.fullmatch(r"sched-report: [^\n]*\n", done.stderr),
           f"{' '.join(wrong)}: one sentence", why=done.stdout + done.stderr)

micro = re.sub(r"(\.\d{6})000: ", r"\1: ", known)
tap.ok(report(micro)[1] == report(known)[1], "times in microseconds, as ftrace prints them, give the same")
plain = re.sub(r"\] [d.][N.][hs.]\w?[.\d]?\. ", "] ", known)
tap.ok(plain != known and row(report(plain)[1], "ping")[:4] == "41 0.058 52.7 2".split(),
       "so do lines without the flags (options/irq-info off)", why=plain)

NAMES = ["kworker/u8:0-ev", "a b", "x]", "[migration/0]", "-1", "a: b: c", "==> next", "pid=7 prio=1", "p-7 [000]",
         "é", "two\nlines"]
for name in NAMES:
    code, out, err = report(known.replace(ftrace.ODD, name))
    tap.ok(code == 0 and not err and row(out, name.replace("\n", "\\x0a"))[:4] == ["42", "0.040", "36.4", "2"],
           f"a thread called {name!r}", why=out + err)
code, out, err = report(known.encode().replace(ftrace.ODD.encode(), b"caf\xe9"))
tap.ok(code == 0 and not err and row(out, r"caf\xe9")[:2] == ["42", "0.040"], "one with a byte that is no character",
       why=out + err)

sentence("", "an empty file", "is empty")
sentence(ftrace.text([]), "a trace without an event", "no event", "only the heading")
sentence("Dear trace,\nhow are you?\n", "a letter", "no event")
sentence(b"\x17\x08\x44tracing6\0" + bytes(100), "a trace.dat", "is not text")

lines = known.splitlines(keepends=True)
code, out, err = report("".join(lines[:-3]) + lines[-3][:50])
tap.ok(code == 0 and row(out, "ping") and "promises 17 events and has 14" in err and "is no event" in err,
       "a trace that is cut off: what is there is shown, and what is missing said", why=out + err)
code, out, err = report(known.replace("prev_pid=41", "prev_pig=41", 1))
tap.ok(code == 0 and "does not read as it should" in err, "a damaged event is told", why=out + err)

lost = ftrace.known()
lost[7:9] = ["CPU:0 [LOST 12 EVENTS]"]
code, out, err = report(ftrace.text(lost, 2, 27))
tap.ok(code == 0 and not err and "(12 older ones are lost)" in out, "lost events are counted", why=out + err)
tap.ok(row(out, "ping")[:2] == ["41", "0.040"], "... and a run ends where its thread was last seen", why=out)

tap.done()
