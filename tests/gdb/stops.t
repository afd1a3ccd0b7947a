#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""GDB's commands that stop at what the scheduler does; and single steps through a new thread's first switch."""

import re

from session import Session, bobbin

tap = bobbin.Tap()
DEMO = 'sh="demo start; sleep 1; poweroff"'


def check(name, said, *patterns):
    missing = [p for p in patterns if not re.search(p, said)]
    tap.ok(not missing and "Traceback" not in said, name, None,
           f"no /{missing[0] if missing else 'error'}/ in:\n{said}")


SWITCH = r"CPU \d: .+ \(\d+\) -> .+ \(\d+\); .+ \(\d+\): .+\n"

for smp in 1, 4:
    on = f"on {smp} CPUs"
    run = Session([
        "break rest_init", "continue", "sched-step", "sched-step 20", "sched-step x",
        "sched-finish 2", "print $lx_current().pid", "bt",
        "break-switch to 2 on 0", "continue", "delete",
        "break-wake 2", "continue", "bt 3", "delete",
        "break-switch to", "break-switch on 63", "break-switch near 2", "break-wake", "break-wake 777",
        "break-switch from 2", "continue", "task 1", "sched-step", "task", "delete",
        "break-wake kthreadd", "continue", "kthread-list", "delete", "break-switch to demo/ping from 2 from 2",
        "break-switch to demo/ping", "continue", "delete", "sched-finish kthreadd",
    ], DEMO, smp=smp, test=False)
    said = dict(zip(("", "", "one", "twenty", "bad", "finish", "current", "backtrace", "", "to", "", "", "wake",
                     "waker", "", "half", "cpu", "word", "none", "nobody", "", "from", "task", "step", "off", "",
                     "", "wake name", "requests", "", "twice", "later", "came", "", "finish name"),
                    run.said))
    check(f"sched-step, {on}", said["one"],
          r"\ACPU 0: swapper/0 \(0\) -> init \(1\); swapper/0 \(0\): init \(1\) became runnable")
    check(f"sched-step 20 tells twenty, {on}", said["twenty"], rf"\A({SWITCH}){{20}}\Z",
          r"kthreadd \(2\): blocked on a request for a thread", r": blocked on completion 0x\w+, on the stack of init",
          r"-> kthreadd|preempted by kthreadd", r"blocked on its first wake_up_process\(\)")
    check(f"sched-step x says what is right, {on}", said["bad"], r"usage: sched-step \[N\]")
    check(f"sched-finish PID stops when it gets the CPU, {on}", said["finish"], r"\ACPU \d: .* -> kthreadd \(2\); ")
    check(f"... and it is the current one, {on}", said["current"], r"= 2\n")
    check(f"the backtrace is of who leaves, {on}", said["backtrace"], r"#0 .*__switch_to_asm",
          r"ret_from_fork|rest_init")
    check(f"break-switch to PID on CPU, {on}", said["to"], r"CPU 0: .* -> kthreadd \(2\); ")
    check(f"break-wake PID, {on}", said["wake"], r"CPU \d: .+ \(\d+\) wakes kthreadd \(2\), which was: ")
    check(f"... stops in the waker, {on}", said["waker"], r"#0 .*try_to_wake_up", r"#1 .*wake_up_process")
    for key, pattern in {"half": "usage: break-switch", "cpu": "CPU 63 is not online", "word": "usage: break-switch",
                         "none": "usage: break-wake",
                         "nobody": "no thread has PID 777", "twice": "usage: break-switch"}.items():
        check(f"bad input: {key}, {on}", said[key], pattern)
    check(f"break-switch from PID, {on}", said["from"], r"CPU \d: kthreadd \(2\) -> ")
    check(f"break-wake NAME, {on}", said["wake name"], r"wakes kthreadd \(2\), which was")
    if smp == 1:  # else kthreadd may have been awake, and have taken it
        check("kthread-list tells who is asked for", said["requests"], r"\A\S.*: \w+\(\) with 0x[0-9a-f]+\n1 waiting")
    check(f"break-switch to the NAME of a thread that is still to come, {on}", said["later"],
          r"no thread is called demo/ping yet")
    check(f"... stops when it has come, {on}", said["came"], r"CPU \d: .* -> demo/ping \(\d+\); ")
    check(f"sched-finish NAME, {on}", said["finish name"], r"\ACPU \d: .* -> kthreadd \(2\); ")
    check(f"going on leaves the thread that was selected, {on}", said["off"], r"runs on CPU")

# From the switch into a thread that never ran, instruction by instruction: the backtrace is right at each.
WALK = """
import gdb
def names():
    found, frame = [], gdb.newest_frame()
    while frame is not None:
        found.append(frame.name())
        frame = frame.older()
    return found
def innermost():
    return gdb.newest_frame().name()
old = names()[1:]
steps = 0
seen = []
while innermost() in ("__switch_to_asm", "ret_from_fork") and steps < 60:
    seen.append(names())
    gdb.execute("stepi", to_string=True)
    steps += 1
print("old", old)
for n in seen:
    print("at", n)
print("then", innermost())
"""
for smp in 1, 4:
    run = Session(["break rest_init", "continue", "sched-step", "sched-finish 2", "python exec(%r)" % WALK], DEMO,
                  smp=smp, test=False)
    walk = [eval(line.split(" ", 1)[1]) for line in run.said[4].splitlines() if line.startswith(("old", "at"))]
    old, at = (walk[0], walk[1:]) if walk else ([], [])
    mine = [n for n in at if n[0] == "__switch_to_asm" and n[1:] == old]
    new = [n for n in at if n in (["__switch_to_asm", "thread_root"], ["ret_from_fork"])]
    tap.ok(len(mine) + len(new) == len(at) and len(mine) >= 8 and len(new) >= 9,
           f"every instruction of a new thread's first switch has a right backtrace, on {smp} CPUs", None, run.said[4])
    tap.ok("then schedule_tail" in run.said[4], f"... up to its first C function, on {smp} CPUs", None, run.said[4])

tap.done()
