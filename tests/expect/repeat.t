#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Virtual time repeats: the same kernel, command line and seed give the same console, to the byte."""

import os
import shutil
import subprocess

import bobbin
from bobbin import POWEROFF, Tap, boot

tap = Tap()


def repeats(name, times, cmdline, **machine):
    runs = [boot(cmdline, icount=True, **machine) for _ in range(times)]
    same = all(run.console == runs[0].console for run in runs)
    tap.ok(same, f"{name}: {times} runs, one console", runs[-1], first_difference(runs))
    tap.ok(all(run.status == runs[0].status for run in runs), f"{name}: one status", runs[-1])
    return runs[0]


def first_difference(runs):
    for run in runs[1:]:
        for a, b in zip(runs[0].console.splitlines(), run.console.splitlines()):
            if a != b:
                return f"{a}\n{b}"
    return ""


for smp in 1, 4:
    run = repeats(f"boot and ps on {smp} CPUs", 3, 'sh="ps -ef; sleep 2; ps aux; poweroff"', smp=smp)
    tap.ok(run.status == POWEROFF, f"... and it ends well on {smp} CPUs", run)
SUITES = "test=completion,cpuhp,kthread shake=1 panic=exit seed="
shaken = [repeats(f"shaken with seed {seed}", 2, f"{SUITES}{seed}", smp=4, test=True) for seed in (1, 2)]
tap.ok(shaken[0].console != shaken[1].console, "another seed gives another run", shaken[0])

# That tools/steady.c itself does no harm: held up by others, QEMU's threads neither wait for each other for ever nor
# make another run of it. What it is for is too rare to be held to here: without it twelve runs as short as this one,
# half of them beside busy loops, were all the same; of eleven of half a minute two were others.
hogs = [subprocess.Popen(["timeout", "200", "sh", "-c", "while :; do :; done"]) for _ in range(2 * os.cpu_count())]
busy = boot(f"{SUITES}1", icount=True, smp=4, test=True)
for hog in hogs:
    hog.terminate()
    hog.wait()
HELD_UP = "held up by busy loops, a run of some seconds is the same"
if os.path.getsize(f"{bobbin.BUILD}/steady.so"):
    tap.ok(busy.console == shaken[0].console, HELD_UP, busy, first_difference([shaken[0], busy]))
else:
    tap.skip(HELD_UP, "tools/steady.c does not fit this host")


# Not the BOOT= of this `make test`; but what it builds with, or the kernel of the others would be built anew.
KEPT = "PATH", "KASAN", "UBSAN", "DEBUG", "CC", "CROSS_COMPILE"


def made(seed, shell="demo start; sleep 2; ps -ef", *variables):
    """What `make run SEED=n` says on its console."""
    done = subprocess.run(["make", "-s", "run", f"SEED={seed}", f'CMDLINE=sh="{shell}; poweroff"', *variables],
                          env={k: v for k, v in os.environ.items() if k in KEPT} | {"O": bobbin.BUILD},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240,
                          check=False)
    return bobbin.Run(done.stdout.decode("utf-8", "replace"), done.returncode, f"make run SEED={seed}")


sevens = [made(7) for _ in range(3)]
tap.ok(all(run.console == sevens[0].console for run in sevens) and sevens[0].has("demo/pong"),
       "make run SEED=7 gives the same console each time", sevens[0], first_difference(sevens))
tap.ok(made(8).console != sevens[0].console, "... and SEED=8 another one", sevens[0])

# A module's threads, and the trace of all of it, to the nanosecond.
folder = os.path.abspath(f"{bobbin.BUILD}/t/repeat")
os.makedirs(folder, exist_ok=True)
shutil.copy("tests/modules/meet_queue.c", folder)
with open(f"{folder}/Makefile", "w", encoding="utf-8") as f:
    f.write("obj-m := meet_queue.o\n")
subprocess.run(["make", "-s", f"M={folder}", f"O={bobbin.BUILD}", "modules"], check=True, stdout=subprocess.DEVNULL,
               env={k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "M")})
TRACED = "trace on; insmod meet_queue; demo start; sleep 1; rmmod meet_queue; trace off; trace show -t"
runs = [made(7, TRACED, f"MODULES={folder}/meet_queue.ko") for _ in range(3)]
tap.ok(all(run.console == runs[0].console for run in runs) and runs[0].has("sched_switch: prev_comm=meet_queue/1"),
       "make run SEED=7 with a module: the same trace each time", runs[0], first_difference(runs))

tap.done()
