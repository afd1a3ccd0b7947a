#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bobbin boots: by BIOS, by UEFI and directly, on 1 to 64 CPUs, in little and in much memory; ps is true."""

import re

from bobbin import POWEROFF, Tap, boot

tap = Tap()
LISTING = 'sh="ps -ef; poweroff"'


def check_listing(run, name, smp):
    """The family as ps -ef shows it: init 1 0, kthreadd 2 0, and every [thread] below kthreadd."""
    threads = {}
    for line in run.console.splitlines():
        m = re.match(r"^root +(\d+) +(\d+) .* (\S.*)$", line)
        if m:
            threads[int(m.group(1))] = (int(m.group(2)), m.group(3))
    kernel = {pid: t for pid, t in threads.items() if pid != 2 and t[1].startswith("[")}
    tap.ok(threads.get(2, (None, ""))[0] == 0 and "[kthreadd]" in threads[2][1],
           f"{name}: kthreadd is PID 2, PPID 0", run)
    tap.ok(threads.get(1, (None, ""))[0] == 0, f"{name}: init is PID 1, PPID 0", run)
    tap.ok(kernel and all(ppid == 2 for ppid, _ in kernel.values()),
           f"{name}: every other kernel thread ({len(kernel)}) is a child of 2", run)


def check_boot(name, smp=4, **machine):
    run = boot(LISTING, smp=smp, **machine)
    tap.ok(run.status == POWEROFF, f"{name}: poweroff ends QEMU with status 0", run)
    check_listing(run, name, smp)
    tap.ok(not run.has(r"BUG|WARNING|Oops|panic"), f"{name}: nothing is complained of", run)
    return run


for how in "kernel", "iso", "uefi":
    check_boot(how, boot=how, limit=400)
for smp in 1, 2, 3, 8, 64:
    check_boot(f"{smp} CPUs", smp=smp, limit=400)
for mem in "32M", "1G", "5G":
    check_boot(f"{mem} of memory", smp=2, mem=mem)

run = boot("quiet sh=poweroff", smp=2)
tap.ok(run.status == POWEROFF, "a command line without quotes", run)

run = boot('sh="nosuchcommand; poweroff"', smp=1)
tap.ok(run.status == POWEROFF and run.has("nosuchcommand"), "an unknown command is named, and the next one runs", run)

# Without sh= the demonstration runs until stopped, and the listing stands in it.
run = boot("", smp=4, icount=False, until=r"\[kthreadd\]", limit=240)
tap.ok(run.has(r"\[kthreadd\]"), "left alone, it comes to the listing by itself", run)

tap.done()
