#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make debug SEED=n: breakpoints do not change the run; sched-back goes back in it, by running again."""

import os
import re
import subprocess
import tempfile

from session import bobbin

tap = bobbin.Tap()
SWITCH = r"CPU \d: .+ \(\d+\) -> .+ \(\d+\); .+ \(\d+\): .+"
DEMO = 'sh="demo start; sleep 1; ps -ef; poweroff"'


def debug(smp, commands, **env):
    """What `make debug` prints: the console and GDB's answers."""
    with tempfile.TemporaryDirectory() as folder:
        script = f"{folder}/script"
        with open(script, "w", encoding="utf-8") as f:
            f.write("set pagination off\nset width 0\n" + "\n".join(commands) + "\n")
        env = {**os.environ, "O": bobbin.BUILD, "SMP": str(smp), "BOOT": "kernel", "CMDLINE": DEMO,
               "ICOUNT": "", "SEED": "", "RR": "", "MODULES": "",   # whatever this `make test` was given
               "GDB": "tests/gdb/batch", "SCRIPT": script, "SOCKET": f"{folder}/gdb.sock", **env}
        return subprocess.run(["tools/qemu", "debug"], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=600, check=False).stdout.decode("utf-8", "replace")


def console(said):
    return [line for line in said.splitlines() if re.match(r"\[ *\d+\.\d{6}\]|root +\d", line)]


def goes_back(smp, **env):
    """sched-back, each way."""
    on = f"on {smp} CPUs" + ", recorded" * ("RR" in env)
    said = debug(smp, ["delete", "break run_shell", "continue", "sched-step 6", "echo ---\\n", "sched-back 5",
                       "sched-step 5", "echo ---\\n", "sched-back", "sched-back 100000", "sched-back x"], **env)
    parts = said.split("---\n") + ["", ""]
    there, again, rest = (re.findall(SWITCH, part) for part in parts[:3])
    tap.ok(len(there) == 6 and again == there, f"sched-back 5, and on again: the same switches, {on}", None, said)
    tap.ok(rest == there[4:5], f"sched-back: one, {on}", None, parts[2])
    tap.ok(re.search(r"there have been \d+ switches before", said), f"sched-back: not before the first, {on}", None,
           said)
    tap.ok("usage: sched-back" in said, f"sched-back x says what is right, {on}", None, said)


for smp in 1, 4:
    on = f"on {smp} CPUs"
    plain = debug(smp, ["delete", "continue"], SEED="7")
    if "tools/steady.c does not fit" in plain:
        tap.skip(f"breakpoints do not change the run, {on}", "tools/steady.c does not fit this QEMU")
        continue
    plain = console(plain)
    many = debug(smp, ["delete", "break kthread", "break __switch_to_asm"] + ["continue"] * 120 +
                 ["delete", "continue"], SEED="7")
    tap.ok(len(plain) > 20 and console(many) == plain, f"breakpoints do not change the run, {on}", None,
           "\n".join(f"{a}\n{b}" for a, b in zip(plain, console(many)) if a != b)[:600])
    tap.ok(many.count("Breakpoint") >= 100, f"... and they were hit, {on}", None, str(many.count("Breakpoint")))
    goes_back(smp, SEED="7")

# Recorded: QEMU's own reverse execution.
goes_back(1, RR="1")
said = debug(1, ["delete", "break kthread", "continue", "print/x $rsp", "reverse-stepi", "info symbol $pc", "stepi",
                 "print/x $rsp", "delete", "set $forks = total_forks", "watch total_forks", "reverse-continue",
                 "print $forks - total_forks", "bt"], RR="1")
said = said.partition("Recorded.")[2]
stack = re.findall(r"\$\d = (0x\w+)", said)
tap.ok(len(stack) == 2 and stack[0] == stack[1] and re.search(r"(?m)^ret_from_fork \+", said),
       "reverse-stepi undoes an instruction", None, said)
tap.ok(re.search(r"(?m)= 1\n#0 .*copy_process|join_family", said), "a watchpoint backwards: who has written it last",
       None, said)
said = debug(4, [], RR="1")
tap.ok("on one CPU" in said and "sched-back" in said, "RR=1 on 4 CPUs says what is possible", None, said)

# Of a run in real time there is no way back.
said = debug(1, ["sched-back"])
tap.ok("only a run that repeats" in said, "sched-back in real time says so", None, said)

# A QEMU that is not known: it runs as it would, and the user is told.
with tempfile.TemporaryDirectory() as folder:
    said = debug(1, ["sched-back"], SEED="7", O=folder, KERNEL=f"{bobbin.BUILD}/bobbin.elf")
tap.ok("does not fit this QEMU" in said and "only a run that repeats" in said,
       "without steady.c breakpoints change the run, and this is said", None, said)

tap.done()
