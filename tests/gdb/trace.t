#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""GDB's `trace`: the last events out of the memory of a stopped machine, as the machine itself prints them."""

import re

from session import Session, bobbin

tap = bobbin.Tap()
POINTER = re.compile(r"\b[0-9a-f]{16}\b")

# The same machine twice: in virtual time it makes the same trace, to the nanosecond.
MACHINE = ('quiet trace_event=sched:*,workqueue:*,timer:*,softirq_* '
           'sh="scenario workers 1; trace off; trace show 60; poweroff"')

for smp in (1, 4):
    shell = bobbin.boot(MACHINE, smp=smp, icount=True, log=f"gdb-trace-{smp}.log")
    shown = shell.lines(r"^ *\S.*-\d+ +\[\d{3}\] ")
    s = Session(["break kernel_power_off", "continue", "trace 60", "trace", "trace x", "trace 1 2"], MACHINE, smp=smp,
                test=False)
    said = s.said[2].splitlines() if len(s.said) > 5 else []
    # Addresses are plain here and hashed there.
    same = [POINTER.sub("-", line) for line in said] == [POINTER.sub("-", line.rstrip()) for line in shown]
    tap.ok(len(shown) == 60 and same, f"{smp} CPUs: trace 60 is what `trace show 60` prints", s,
           "\n".join(["the shell:", *shown[-5:], "GDB:", *said[-5:]]))
    tap.ok(len(s.said) > 5 and s.said[3].splitlines() == said[-20:], f"{smp} CPUs: trace alone shows twenty", s)
    tap.ok(len(s.said) > 5 and s.said[4] == "x is no number of events\n" and s.said[5].startswith("usage: trace [N]"),
           f"{smp} CPUs: nonsense is refused", s)

s = Session(["break kernel_power_off", "continue", "trace"], "quiet sh=poweroff", smp=1, test=False)
tap.ok("The trace is empty: `trace on` in the shell" in s.all, "an empty trace says how to fill it", s)
tap.done()
