# SPDX-License-Identifier: MIT
"""What the host-side tests share: boot Bobbin in QEMU, look at its console, print TAP.

Every machine has a time limit. It is there to catch a hang, never to judge speed: this computer
may be slow, and busy with other things.
"""

import os
import re
import subprocess
import sys
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("O", "build")
os.chdir(TOP)

# What QEMU's exit status says, when the guest wrote to the debug-exit port (value * 2 + 1).
PASSED, FAILED, PANICKED, POWEROFF = 33, 35, 37, 0
HUNG = "hung"


class Run:
    """One boot: .console (text), .status (QEMU's, or HUNG), .command (to repeat it by hand), .times (seconds from
    the start to each line)."""

    def __init__(self, console, status, command, times=()):
        self.console, self.status, self.command, self.times = console, status, command, times

    def has(self, pattern):
        return re.search(pattern, self.console, re.MULTILINE) is not None

    def lines(self, pattern):
        return [line for line in self.console.splitlines() if re.search(pattern, line)]


def start(cmdline="", smp=4, mem="256M", boot="kernel", icount=False, test=False, extra=(), env=None):
    """Starts QEMU by tools/qemu. Returns the process and the command as a person would type it."""
    variables = {
        "O": BUILD, "SMP": str(smp), "MEM": mem, "BOOT": boot, "CMDLINE": cmdline,
        "ICOUNT": "1" if icount else "", "SCREEN": "",
    }
    if test:
        variables["KERNEL"] = f"{BUILD}/bobbin-test.elf"
    variables.update(env or {})
    command = " ".join(f"{k}='{v}'" for k, v in variables.items() if v) + " tools/qemu test " + " ".join(extra)
    proc = subprocess.Popen(["tools/qemu", "test", *extra], env={**os.environ, **variables},
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return proc, command


def boot(cmdline="", limit=240, until=None, log=None, **machine):
    """Boots and waits for the end of the machine, or until a line matches `until`, or for the limit."""
    proc, command = start(cmdline, **machine)
    hung = threading.Event()

    def stop():
        hung.set()
        proc.kill()

    timer = threading.Timer(limit, stop)
    timer.start()
    console, times = [], []
    started = time.monotonic()
    found = False
    for raw in proc.stdout:
        console.append(raw.decode("utf-8", "replace").replace("\r", ""))
        times.append(time.monotonic() - started)
        if until and re.search(until, console[-1]):
            found = True
            break
    if found:
        proc.kill()
    status = proc.wait()
    timer.cancel()
    proc.stdout.close()
    text = "".join(console)
    if log:
        save(log, text)
    return Run(text, HUNG if hung.is_set() else status, command, times)


def save(name, text):
    """Keeps a console under build/t/, for people and for CI."""
    folder = os.path.join(BUILD, "t")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        f.write(text)


class Tap:
    """Prints TAP. With a Run given, a failure shows the end of its console and how to repeat it."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, cond, name, run=None, why=""):
        self.count += 1
        self.failed += not cond
        print(f"{'ok' if cond else 'not ok'} {self.count} - {name}", flush=True)
        if not cond:
            self.note(why)
            if run is not None:
                self.note(f"status {run.status}; again: {run.command}")
                self.note("\n".join(run.console.splitlines()[-40:]))
        return cond

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}", flush=True)

    def note(self, text):
        for line in text.splitlines():
            print("# " + line, flush=True)

    def done(self):
        print(f"1..{self.count}", flush=True)
        sys.exit(1 if self.failed else 0)
