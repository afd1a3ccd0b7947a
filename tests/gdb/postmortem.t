#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a panic leaves: one folder, and GDB's commands on the memory of a machine that is gone."""

import os
import re
import shutil
import subprocess
import tempfile

from session import bobbin

tap = bobbin.Tap()
KERNEL = f"{bobbin.BUILD}/bobbin-test.elf"
ASKS = [
    ("ps", [r"D .*sleep/mutex .*want_mutex +mutex sleepers_mutex", r"R .*panic .*runs on CPU", r"kthreadd"]),
    ("why sleep/mutex", [r"mutex sleepers_mutex\n  which sleep/holder \(\d+\) has:\nsleep/holder .* completion"]),
    ("why panic", [r"panic \(\d+\) runs on CPU \d"]),
    ("task sleep/event", [r"is switched out, in want_event\(\)"]),
    ("bt", [r"want_event .*tests/sleepers\.c", r"ret_from_fork"]),
    ("task panic", [r"runs on CPU", r"#0 .*machine_tell_panic"]),
    ("bt", [r"machine_tell_panic", r"panic_end", r"run_panic", r"ret_from_fork"]),
    ("bt-all 5", [r"sleep/worker \(\d+\), S, CPU \d:\n#0 ", r"panic \(\d+\), R, CPU \d:\n#0 .*machine_tell_panic"]),
    ("rq", [r"CPU \d: 1 runnable, \d+ switches; runs panic", r"CPU 3: "]),
    ("waiters sleepers_mutex", [r"sleep/holder \(\d+\) has it\n  sleep/mutex", r"1 waiting"]),
    ("locks", [r"sleep/abba1 \(\d+\) waits for mutex sleepers_abba\[1\], which sleep/abba2 \(\d+\) has"]),
    ("dmesg 5", [r"end Kernel panic - not syncing"]),
    ("timers", [r"for sleep/time"]),
    ("workqueues", [r"does sleep_in_work\(\) of events"]),
    ("lsmod", [r"^Address +Module"]),
    ("lx-cpus", [r"online   : 0-3"]),
    ("sched-step", [r"has no registers|not being run|can't|cannot|Cannot|native"]),
]


def postmortem(folder, commands=()):
    script = [word for command in commands for word in
              ("-ex", f"python print('=== ' + {command!r})", "-ex", f"python print(bobbin.said({command!r}) or "
               f"gdb.execute({command!r}, to_string=True))")]
    return subprocess.run(["tools/postmortem", folder, "-nx", "-batch", "-ex", "set width 0", *script],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240,
                          check=False, text=True)


watch = bobbin.Watch("the command", KERNEL)
run = bobbin.boot('sh="sleepers; panic" panic=exit', smp=4, test=True, icount=True, watch=watch)
folder = run.crash or ""
tap.ok(run.status == bobbin.PANICKED, "the machine ends as panic= says", run)
tap.ok(folder.startswith(f"{bobbin.BUILD}/crash/"), "a panic leaves a folder", run, folder)
for name, pattern in {"again": "the command", "ps.txt": r"sleep/holder", "backtraces.txt": r"want_mutex",
                      "locks.txt": r"sleep/mutex \(\d+\) waits for", "dmesg.txt": r"Kernel panic",
                      "rq.txt": r"CPU 3"}.items():
    text = open(f"{folder}/{name}", encoding="utf-8").read() if os.path.exists(f"{folder}/{name}") else "(no file)"
    tap.ok(re.search(pattern, text), f"... with {name}", None, text[:500])
size = os.stat(f"{folder}/memory").st_blocks * 512 if os.path.exists(f"{folder}/memory") else 0
tap.ok(0 < size < 64 << 20, "... and the memory, without its zeroes", None, f"{size} bytes")

said = postmortem(folder, [command for command, _ in ASKS]).stdout.split("=== ")
for (command, patterns), text in zip(ASKS, said[1:] + [""] * len(ASKS)):
    missing = [p for p in patterns if not re.search(p, text.partition("\n")[2])]
    tap.ok(not missing and "Traceback" not in text, f"postmortem: {command}", None,
           f"no /{missing[0] if missing else 'error'}/ in:\n{text}")

quiet = bobbin.Watch("no command", KERNEL)
calm = bobbin.boot('sh="ps; poweroff"', smp=1, test=True, icount=True, watch=quiet)
tap.ok(calm.crash is None and not os.path.exists(quiet.folder), "a machine that ends well leaves nothing", calm)

for what, arrange, pattern in (
        ("no DIR", lambda d: "", r"DIR= names no folder"),
        ("a folder that is not there", lambda d: f"{d}/none", r"there is no folder"),
        ("a folder of something else", lambda d: d, r"holds no kernel"),
        ("no memory", lambda d: shutil.copy(KERNEL, f"{d}/kernel") and d, r"holds no memory.*again")):
    with tempfile.TemporaryDirectory() as d:
        done = postmortem(arrange(d))
        tap.ok(done.returncode == 2 and re.search(pattern, done.stdout), f"postmortem says what is wrong: {what}",
               None, done.stdout)
made = subprocess.run(["make", "-s", "postmortem", f"O={bobbin.BUILD}", "DIR=nowhere/at/all"], capture_output=True,
                      text=True, check=False)
tap.ok(made.returncode != 0 and "there is no folder nowhere/at/all" in made.stderr, "make postmortem DIR=", None,
       made.stderr)
# A claim that fails without a panic: what was said, and how to hear it again.
failed = subprocess.run(["tests/kernel-run", "icount", "2", "crash.hang"], stdout=subprocess.PIPE, text=True,
                        check=False)
left = re.search(r"what is left of it: (\S+)", failed.stdout)
tap.ok(failed.returncode != 0 and left, "a failed test says where it has left what", None, failed.stdout[-2000:])
left = left[1] if left else "/nowhere"
for name, pattern in {"console": r"Bail out! hang hangs", "again": r"^tests/kernel-run icount 2 crash.hang$"}.items():
    text = open(f"{left}/{name}", encoding="utf-8").read() if os.path.exists(f"{left}/{name}") else "(no file)"
    tap.ok(re.search(pattern, text), f"... with {name}", None, text[-500:])

for leftover in filter(os.path.isdir, (folder, left)):
    shutil.rmtree(leftover)

tap.done()
