#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The trace from outside: the command line, the shell, a panic, a module, and what tools/trace-run brings home."""

import collections
import hashlib
import os
import re
import shutil
import subprocess

from bobbin import BUILD, PANICKED, POWEROFF, TOP, Tap, boot

tap = Tap()
WORK = os.path.join(os.path.abspath(BUILD), "t", "trace")
CLEAN = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "M")}
HEAD = """\
# tracer: nop
#
# entries-in-buffer/entries-written: {0}/{1}   #P:{2}
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
"""
LINE = re.compile(r"^ *(.{1,16})-(\d+) +\[(\d{3})\] ([.dbD])([.nNp])([.hsHzZ])([.0-9a-f])\. +(\d+)\.(\d{6}|\d{9}): "
                  r"(\w+): (.*)$")
SWITCH = re.compile(r"prev_comm=(.*) prev_pid=(\d+) prev_prio=\d+ prev_state=(R\+?|[SDTtXZPI]) ==> "
                    r"next_comm=(.*) next_pid=(\d+) next_prio=\d+$")


def check_switches(lines):
    """Each CPU's switches are a chain: who got it is who leaves it. Returns what is wrong."""
    runs = {}
    for m in lines:
        if m[10] != "sched_switch":
            continue
        s = SWITCH.match(m[11])
        if not s:
            return f"not a switch: {m[0]}"
        if s[2] != m[2] or runs.get(m[3], s[2]) != s[2]:
            return f"CPU {m[3]} was given to {runs.get(m[3])}, and {s[2]} leaves it: {m[0]}"
        runs[m[3]] = s[5]
    return "" if runs else "no switch at all"


# ---- the command line and the shell

r = boot('quiet trace_event=sched:*,no_such_event sh="trace off; trace stat; trace show 3; trace filter; poweroff"',
         smp=4, icount=True, log="trace-boot.log")
tap.ok(r.status == POWEROFF, "trace_event= traces from the start, and the machine lives", r)
tap.ok(r.has("trace_event=: there is no event no_such_event$"), "an event that does not exist is named", r)
tap.ok(len(r.lines(r"^cpu\d +entries: [1-9]\d*  overrun: 0  dropped events: 0  oldest event ts: 0\.\d{6}$")) == 4,
       "trace stat has a line for each CPU", r)
shown = [m for m in map(LINE.match, r.console.splitlines()) if m]
tap.ok(len(shown) == 3 and all(m[10].startswith("sched_") for m in shown), "trace show 3 prints three events", r)

BAD = {
    "trace nonsense": "trace: right would be: trace on, off, show",
    "trace on and on": "trace: right would be",
    "trace show -3": "trace show: -3 is no number of events",
    "trace filter sched_swich": "trace filter: there is no event sched_swich; trace events lists them",
    "trace filter pid init": "trace filter pid: one number, please",
    "trace filter cpu 0-x": "trace filter cpu: a list of CPUs, please",
    "trace size much": "trace size: much is no size",
    "trace size 1T": "trace size: no memory for that on each CPU; there is no ring now",
    "scenario nonsense": "scenario: right would be: scenario NAME",
    "scenario storm -1": "scenario: right would be",
}
r = boot(f'quiet sh="{"; ".join(BAD)}; trace filter cpu 0; trace filter irq,pid; trace filter sched_switch,timer; '
         'trace filter; trace filter off; trace filter; trace events; scenario; poweroff"',
         smp=2, icount=True, log="trace-shell.log")
for line, answer in BAD.items():
    tap.ok(answer in r.console, f"{line}: said what would be right", r)
tap.ok(r.has(r"^events: print sched_switch hrtimer_.* timer_start$") and r.has("^CPUs: 0$"),
       "trace filter takes events, groups and CPUs, and shows them", r)
tap.ok(r.has(r"^events: .*contention_begin .*workqueue_queue_work$") and r.has("^CPUs: 0-1$"), "trace filter off", r)
tap.ok(r.has(r"^\* sched:sched_migrate_task: comm=%s pid=%d prio=%d orig_cpu=%d dest_cpu=%d$") and
       r.has(r"^  cpuhp:cpuhp_exit:  cpu: %04u  state: %3d step: %3d ret: %d$"), "trace events lists names and fields",
       r)

r = boot('quiet trace=on sh="trace filter sched; sleep 0.1; panic on purpose" panic=exit', smp=2, icount=True,
         log="trace-panic.log")
dump = r.console.partition("Dumping ftrace buffer:")[2]
tap.ok(r.status == PANICKED and dump.count("-----------------") == 2 and
       30 <= sum(bool(LINE.match(line.partition("] ")[2])) for line in dump.splitlines()) <= 40,
       "a panic prints the last events", r)

# ---- a module's own words

shutil.rmtree(WORK, ignore_errors=True)
os.makedirs(WORK + "/module")
with open(WORK + "/module/Makefile", "w", encoding="utf-8") as f:
    f.write("obj-m := says.o\n")
with open(WORK + "/module/says.c", "w", encoding="utf-8") as f:
    f.write("""#include <linux/module.h>
#include <linux/kernel.h>
static noinline void say(void)
{
	trace_printk("the answer is %d\\n", 42);
	tracing_off();
	trace_printk("too late\\n");
}
static int __init says_init(void)
{
	say();
	return 0;
}
static void __exit says_exit(void) { }
module_init(says_init);
module_exit(says_exit);
MODULE_LICENSE("GPL");
""")
made = subprocess.run(["make", "-C", TOP, f"M={WORK}/module", f"O={BUILD}", "modules"], capture_output=True, text=True,
                      env=CLEAN, check=False)
r = boot('sh="insmod says; rmmod says; trace filter console; trace on; insmod says; trace show; rmmod says; poweroff"',
         smp=2, icount=True, log="trace-module.log", env={"MODULES": f"{WORK}/module/says.ko"})
tap.ok(made.returncode == 0 and r.has(r"-\d+ +\[00\d\] \.\.\.\.\. +\d+\.\d{6}: say \[says\]: the answer is 42$") and
       "too late" not in r.console, "trace_printk() and tracing_off() in a module", r, made.stderr)
tap.ok(r.has(r"trace_printk\(\) in say \[says\], but there is no trace: `trace on` comes first"),
       "trace_printk() without a trace says what is missing", r)


# ---- tools/trace-run

def trace(*words, **env):
    """Runs it. Returns its status, what it says, and the text of the two files."""
    folder = f"{WORK}/{words[0] if words else 'none'}"
    done = subprocess.run(["tools/trace-run", *words], capture_output=True, text=True, check=False,
                          env={**CLEAN, "TRACE": folder, "SMP": "4", "SEED": "", "ICOUNT": "", **env})
    texts = []
    for name in ("trace.txt", "trace.ns"):
        path = f"{folder}/{name}"
        texts.append(open(path, encoding="utf-8").read() if os.path.exists(path) else "")
    return done.returncode, done.stdout + done.stderr, *texts


status, said, _, _ = trace()
tap.ok(status == 0 and re.search(r"(?m)^  pingpong +two threads wake each other, by completions \(sched\)$", said),
       "tools/trace-run alone lists the scenarios", why=said)
status, said, _, _ = trace("nonsense")
tap.ok(status == 1 and "there is no scenario nonsense" in said, "... and says if there is none of that name", why=said)
rule = subprocess.run(["make", "-n", "trace", "SCENARIO=pingpong 3"], capture_output=True, text=True, env=CLEAN,
                      check=False)
tap.ok("tools/trace-run pingpong 3" in rule.stdout, "make trace calls it", why=rule.stdout + rule.stderr)

for name in ("pingpong", "timers", "hotplug"):
    status, said, text, exact = trace(name, ICOUNT="1")
    body = [line for line in text.splitlines() if not line.startswith("#")]
    lines = [LINE.match(line) for line in body]
    bad = next((line for line, m in zip(body, lines) if not m), None)
    if not tap.ok(status == 0 and body and bad is None, f"{name}: each line is ftrace's", why=f"{said}\n{bad}"):
        continue
    tap.ok(text.startswith(HEAD.format(len(body), len(body), 4)), f"{name}: so is the head", why=text[:600])
    times = [int(m[8]) * 10**6 + int(m[9]) for m in lines]
    nanoseconds = [LINE.match(line) for line in exact.splitlines() if not line.startswith("#")]
    tap.ok(times == sorted(times) and [int(m[8]) * 10**9 + int(m[9]) for m in nanoseconds] and
           all(m[9] == n[9][:6] and m[11] == n[11] for m, n in zip(lines, nanoseconds)),
           f"{name}: in order of time, and the same with nanoseconds")
    wrong = check_switches(lines)
    tap.ok(not wrong, f"{name}: the switches of each CPU are a chain, none is missing", why=wrong)

# ---- the same again

sums = collections.Counter()
for seed in ("7", "7", "8"):
    status, said, _, exact = trace("locks", SEED=seed)
    sums[hashlib.sha256(exact.encode()).hexdigest()] += 1
tap.ok(sorted(sums.values()) == [1, 2], "a seed gives the same trace to the byte, another seed another", why=str(sums))

# In threads mode the events of four CPUs that truly run at once; as many as a person wants to look at.
status, said, text, _ = trace("pingpong", "3000")
lines = [m for m in map(LINE.match, text.splitlines()) if m]
wrong = check_switches(lines)
tap.ok(status == 0 and len(lines) > 20000 and "LOST" not in text and not wrong, "3,000 rounds in real time, all there",
       why=f"{said} {len(lines)} lines; {wrong}")
tap.done()
