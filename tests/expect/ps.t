#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ps prints procps' columns in procps' widths, and what they say is so."""

import re

from bobbin import POWEROFF, Tap, boot

tap = Tap()


def listing(command, smp=4):
    run = boot(f'sh="{command}; poweroff"', smp=smp, icount=True)
    tap.ok(run.status == POWEROFF, f"{command}: ends", run)
    return run


def header(run, pattern, name):
    return tap.ok(run.has(pattern), f"{name}: header as in procps", run)


run = listing("ps")
header(run, r"^ +PID TTY +TIME CMD$", "ps")

run = listing("ps -ef")
header(run, r"^UID +PID +PPID +C STIME TTY +TIME CMD$", "ps -ef")
tap.ok(run.has(r"^root +2 +0 .*\? +\d\d:\d\d:\d\d \[kthreadd\]$"), "ps -ef: kthreadd's line", run)
tap.ok(len(run.lines(r"^root +\d+ ")) == len(set(re.findall(r"^root +(\d+) ", run.console, re.M))),
       "ps -ef: each PID once", run)

run = listing("ps aux")
header(run, r"^USER +PID %CPU %MEM +VSZ +RSS TTY +STAT START +TIME COMMAND$", "ps aux")
tap.ok(run.has(r"^root +2 +\d+\.\d +0\.0 +0 +0 \? +S +.*\[kthreadd\]$"), "ps aux: kthreadd's line", run)

run = listing("ps -e -o pid,ppid,psr,stat,cls,rtprio,ni,time,wchan:20,comm,command")
header(run, r"^ +PID +PPID PSR STAT CLS RTPRIO +NI +TIME WCHAN +COMMAND +COMMAND$", "ps -o")
kthreadd = run.lines(r"^ +2 +0 ")
tap.ok(len(kthreadd) == 1 and re.search(r" TS +- +0 +\d\d:\d\d:\d\d kthreadd +kthreadd +\[kthreadd\]$", kthreadd[0]),
       "ps -o: kthreadd sleeps in kthreadd", run)
migration = run.lines(r"\[migration/\d+\]$")
if migration:
    tap.ok(all(re.search(r" FF +99 +- ", line) for line in migration), "ps -o: migration threads are FIFO 99", run)

run = listing("ps -e -o pid,comm")
tap.ok(run.has(r"^ +PID COMMAND$") and run.has(r"^ +2 kthreadd$"), "ps -e -o with a subset of the columns", run)

run = listing("ps -e -o pid,nosuchcolumn")
tap.ok(run.has("nosuchcolumn"), "an unknown column is named", run)

# A kernel that has run for ten seconds has idled nearly all of them: TIME and %CPU must say so. (ps itself is new, and
# has been busy all its life.)
run = listing("sleep 10; ps aux")
busy = [line for line in run.lines(r"^root +\d+ ") if float(line.split()[2]) > 50 and line.split()[10] != "ps"]
tap.ok(not busy, "%CPU of threads that sleep is small", run, "\n".join(busy))

tap.done()
