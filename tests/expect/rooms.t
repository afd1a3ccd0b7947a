#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a newcomer types first, from the ISO: the history of kernel threads, and daemons as kernels have them."""

import re

from bobbin import POWEROFF, Tap, boot

tap = Tap()
DAEMONS = "writeback", "reclaim", "deferred", "journal"

run = boot('sh="history; ps -e -o pid,ppid,psr,stat,comm; examples start; sleep 5; ps -ef; examples stop; ps -ef; '
           'poweroff"', boot="iso", icount=True, limit=400, log="rooms.log")
tap.ok(run.status == POWEROFF, "it ends by itself", run)
tap.ok(not run.has(r"BUG|WARNING|Oops|panic"), "nothing is complained of", run)


def row(head):
    """The four cells of one row of the history's table."""
    lines = run.lines(rf"^{head}  ")
    return re.split(r"  +", lines[0][20:].strip()) if lines else []


tap.ok(re.match(r"insmod \(\d+\)$", (row("its parent") or [""])[0]), "a bare kernel_thread() is its maker's child", run)
tap.ok(row("its parent")[1:2] == ["init (1)"], "one that daemonizes itself is init's child", run)
tap.ok(row("its parent")[3:] == ["kthreadd (2)"], "one made by kthreadd is kthreadd's child", run)
tap.ok(row("nice") == ["5, insmod's", "5, insmod's", "0", "0"], "nice is inherited from the maker, and forgotten", run)
tap.ok(row("a SIGTERM") == ["ends its sleep", "blocked", "ignored", "ignored"], "so are signals", run)
tap.ok(row("when dead, it")[:2] == ["waits for insmod", "is gone at once"], "a zombie needs its maker", run)

# The two listings of ps -ef.
listings = run.console.split("UID        PID")[1:]
tap.ok(len(listings) == 2, "two listings", run)
for name in DAEMONS:
    line = rf"^root +\d+ +2 .*\[{name}\]$"
    tap.ok(listings and re.search(line, listings[0], re.M), f"{name} runs, a child of kthreadd", run)
    tap.ok(listings and not re.search(line, listings[-1], re.M), f"{name} has gone when it was stopped", run)
    tap.ok(run.has(rf"^  {name} +\d+\.\d ms of CPU time; [1-9]"), f"{name} has done something", run)
tap.ok(run.has(r"all accounts hold 12000 of 12000$"), "the journal has lost no money", run)

tap.done()
