#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""trace.dat, which tools/trace writes: `trace-cmd report` gives back each line of the text that it was made from."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../expect"))
# pylint: disable=wrong-import-position
import ftrace
from bobbin import Tap

if not shutil.which("trace-cmd"):
    print("1..0 # SKIP there is no trace-cmd here (Debian: trace-cmd)")
    sys.exit(0)

tap = Tap()

# The text's lines and those of trace-cmd report -l -t: name, PID, CPU, flags, time, event, fields.
TEXT = re.compile(r"(?P<comm>.{16})-(?P<pid>\d+) +\[(?P<cpu>\d+)\] (?P<flags>\S{5}) +(?P<time>[\d.]+): "
                  r"(?P<event>\w+): ?(?P<fields>.*)")
REPORT = re.compile(r"(?P<comm>.{8})-(?P<pid>\d+) +(?P<cpu>\d+)(?P<flags>\S{5}) +(?P<time>[\d.]+): (?P<event>\w+): *"
                    r"(?P<fields>.*)")


def report(folder, *options):
    done = subprocess.run(["trace-cmd", "report", *options, "-i", f"{folder}/trace.dat"], capture_output=True,
                          text=True, check=False, errors="surrogateescape", timeout=120)
    return done.stdout.splitlines(), done.stderr + (f"status {done.returncode}\n" if done.returncode else "")


def convert(text):
    """(lines of trace-cmd's report, what was complained of)."""
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/trace.ns", "w", encoding="utf-8", errors="surrogateescape") as f:
            f.write(text)
        done = subprocess.run(["tools/trace", f"{folder}/trace.ns"], capture_output=True, text=True, check=False,
                              timeout=300)
        lines, errors = report(folder, "-N", "-l", "-t")
        return lines, done.stderr + errors


def cells(pattern, line):
    """A line of either kind as what it says. trace-cmd shows 8 columns of the name, knows no n and p, and leaves out
    which module a function is in."""
    m = pattern.fullmatch(line)
    if not m:
        return line
    secs, frac = m["time"].split(".")
    return (m["comm"].strip()[:8].strip(), m["pid"], int(m["cpu"]), re.sub("(?<=^.)[np]", "N", m["flags"]),
            int(secs), int(frac.ljust(9, "0")), m["event"], m["fields"].replace(" [mymod]", "").strip())


def same(text, what):
    """Line by line. Where the text has microseconds only, the nanoseconds keep the order."""
    lines, errors = convert(text)
    want = [cells(TEXT, line) for line in text.splitlines() if line and not line.startswith(("#", "CPU:"))]
    got = [cells(REPORT, line) for line in lines if line and not line.startswith(("cpus=", "CPU:"))]
    if re.search(r"\.\d{6}: ", text):
        got = [(*g[:5], g[5] // 1000 * 1000, *g[6:]) if len(g) == 8 else g for g in got]
    differ = [(w, g) for w, g in zip(want, got) if w != g]
    tap.ok(want and len(want) == len(got) and not differ and not errors, f"{what}: {len(want)} lines, each the same",
           why=f"{len(want)} lines, {len(got)} came back\n{errors}" + "\n".join(f"{w}\n{g}" for w, g in differ[:5]))
    return lines


same(ftrace.text(ftrace.known(), 2), "the known trace")
same(ftrace.text(ftrace.simulate(10000)), "a made-up schedule")
same(ftrace.text(ftrace.simulate(3000, cpus=64, threads=100), 64), "one on 64 CPUs")
with open("tests/host/linux.trace", encoding="utf-8") as sample:
    same(sample.read(), "each kind of event, as Linux wrote it")

# What Linux's sample does not have.
OTHERS = (
    ("sched_kthread_stop", "comm=demo/0 pid=34"),
    ("sched_kthread_stop_ret", "ret=-4"),
    ("sched_kthread_work_queue_work", "work struct=00000000f2eec8bd function=count_it worker=000000007b9d6909"),
    ("sched_kthread_work_execute_start", "work struct 00000000f2eec8bd: function count_it"),
    ("sched_kthread_work_execute_end", "work struct 00000000f2eec8bd: function count_it"),
    ("irq_handler_entry", "irq=4 name=serial"), ("irq_handler_exit", "irq=4 ret=handled"),
    ("irq_handler_exit", "irq=4 ret=unhandled"),
    ("hrtimer_start", "hrtimer=00000000f2eec8bd function=hrtimer_wakeup expires=4392000000 softexpires=4391950000 "
     "mode=REL|PINNED|SOFT"),
    ("hrtimer_start", "hrtimer=00000000f2eec8bd function=hrtimer_wakeup expires=4392000000 softexpires=4391950000 "
     "mode=ABS|HARD was_armed=1"),
    ("timer_start", "timer=00000000703394de function=f expires=4294893897 [timeout=-500] cpu=3 idx=106 flags=D|P|I"),
    ("ipi_raise", "target_mask=00000000,00000002 (Rescheduling interrupts)"),
    ("ipi_entry", "(Function call interrupts)"), ("ipi_exit", "(Function call interrupts)"),
    ("local_timer_entry", "vector=236"), ("local_timer_exit", "vector=236"), ("reschedule_entry", "vector=253"),
    ("contention_begin", "00000000cc32bbbe (flags=)"), ("contention_begin", "00000000cc32bbbe (flags=MUTEX|SPIN)"),
    ("contention_end", "00000000cc32bbbe (ret=-4)"),
    ("workqueue_queue_work", "work struct=000000003e4e4de3 function=mod_work [mymod] workqueue=my work queue "
     "req_cpu=8192 cpu=-1"),
    ("console", 'a message with "quotes", 100% and \\n in it'),
    ("my_fn", "trace_printk() has no event, but a function's name: 50% of \"it\""),
    ("a_new_event", "answer=42"),
    ("sched_switch", "prev_comm=a prev_pid=9 prev_prio=-1 prev_state=D|K ==> next_comm=b next_pid=0 next_prio=120"),
    ("console", "x" * 2900),
)
odd = [ftrace.line(10**9 + n * 1000, n % 4, f"demo/{n}", 40 + n, event, fields)
       for n, (event, fields) in enumerate(OTHERS)]
# "MUTEX|SPIN" comes back in trace-cmd's own order.
odd = [one.replace("MUTEX|SPIN", "SPIN|MUTEX") for one in odd]
same(ftrace.text(odd), "the other events, and what is none of ours")

NAMES = ["kworker/u8:0-ev", "a b", "x]", "[migration/0]", "-1", "a: b: c", "==> next", "pid=7 prio=1", "caf\udce9"]
for name in NAMES:
    same(ftrace.text([one.replace(f"{ftrace.ODD:>16}", f"{name:>16}").replace(ftrace.ODD, name)
                      for one in ftrace.known()], 2), f"a thread called {ascii(name)}")

gaps = [ftrace.line(time, 0, "demo/0", 40, "sched_kthread_stop_ret", f"ret={n}")
        for n, time in enumerate((0, 1, 134217728, 268435456, 10**9, 3600 * 10**9, 10**15, 10**15 + 1))]
same(ftrace.text(gaps, 1), "events a nanosecond, 134 ms and eleven days apart")

ties = [re.sub(r"\d{3}: ", ": ", one, count=1) for one in ftrace.simulate(2000)]
ties = [re.sub(r"\.(\d{3})\d{3}: ", r".\g<1>000: ", one, count=1) for one in ties]
same(ftrace.text(ties), "many events in the same microsecond keep their order")

lost = ftrace.known()
lost[7:9] = ["CPU:0 [LOST 12 EVENTS]", *lost[7:9]]
lost[14:14] = ["CPU:1 [LOST EVENTS]"]
lines = same(ftrace.text(lost, 2, 29), "a trace with lost events")
tap.ok([one for one in lines if "DROPPED" in one or "EVENTS" in one] ==
       ["CPU:0 [12 EVENTS DROPPED]", "CPU:1 [EVENTS DROPPED]"], "trace-cmd tells of them", why="\n".join(lines))

with tempfile.TemporaryDirectory() as work:
    with open(f"{work}/trace.txt", "w", encoding="utf-8") as f:
        f.write(ftrace.text(ftrace.known(), 2))
    subprocess.run(["tools/trace", f"{work}/trace.txt"], check=False, timeout=60)
    plain, why = report(work)
    tap.ok(len(plain) == 18 and any(re.search(r"sched_switch: +swapper/0:0 \[120\] R ==> ping:41 \[120\]", one)
                                    for one in plain) and not why,
           "trace-cmd's own way to show a switch finds its fields", why="\n".join(plain) + why)
    only, why = report(work, "-F", "sched_switch:prev_state & 2")
    tap.ok(len(only) == 2 and "prev_state" not in why and f"{ftrace.ODD}:42" in only[1],
           "a filter on a field: who went to sleep in D", why="\n".join(only) + why)

tap.done()
