# SPDX-License-Identifier: MIT
"""What the host-side tests share: boot Bobbin in QEMU, look at its console, print TAP.

Every machine has a time limit. It is there to catch a hang, never to judge speed: this computer
may be slow, and busy with other things.
"""

import os
import pty
import re
import shutil
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("O", "build")
# A build that checks each access: costs are not judged there, and freed memory is kept for a while.
CHECKED = bool(os.environ.get("KASAN") or os.environ.get("UBSAN"))
os.chdir(TOP)

# What QEMU's exit status says, when the guest wrote to the debug-exit port (value * 2 + 1).
PASSED, FAILED, PANICKED, POWEROFF = 33, 35, 37, 0
HUNG = "hung"


class Run:
    """One boot: .console (text), .status (QEMU's, or HUNG), .command (to repeat it by hand), .times (seconds from
    the start to each line), .crash (the folder that a panic has left, if the run was watched)."""

    def __init__(self, console, status, command, times=(), crash=None):
        self.console, self.status, self.command, self.times = console, status, command, times
        self.crash = crash

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


class Watch:
    """Keeps what a panic leaves (tools/crash). `again` is the command that repeats the run. .extra: QEMU's options."""

    def __init__(self, again, kernel):
        self.tmp = tempfile.TemporaryDirectory()
        qmp = f"{self.tmp.name}/qmp"
        self.extra = ("-device", "pvpanic", "-action", "panic=pause", "-qmp", f"unix:{qmp},server=on,wait=off")
        self.folder = crash_folder()
        self.proc = subprocess.Popen(["tools/crash", qmp, self.folder, kernel, again], stdin=subprocess.DEVNULL)

    def end(self):
        """The machine has ended. The folder, None if it has not panicked."""
        panicked = os.path.isdir(self.folder)
        if not panicked:
            self.proc.kill()
        self.proc.wait()
        self.tmp.cleanup()
        return self.folder if panicked else None


def crash_folder():
    return f"{BUILD}/crash/{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"


def keep(run, again):
    """Leaves the console of a run that failed, and how to repeat it, where a panic has left the rest."""
    folder = run.crash or crash_folder()
    os.makedirs(folder, exist_ok=True)
    for name, text in (("console", run.console), ("again", again + "\n")):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as f:
            f.write(text)
    return folder


def build_module(name):
    """Builds a copy of tests/NAME/ as a module. Returns the path of NAME.ko."""
    folder = os.path.join(os.path.abspath(BUILD), name)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(f"tests/{name}", folder)
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "O", "M")}
    subprocess.run(["make", "-s", f"M={folder}", f"O={os.path.abspath(BUILD)}", "modules"], env=env, check=True)
    return f"{folder}/{name}.ko"


def boot(cmdline="", limit=240, until=None, log=None, watch=None, **machine):
    """Boots and waits for the end of the machine, or until a line matches `until`, or for the limit."""
    if watch:
        machine["extra"] = (*machine.get("extra", ()), *watch.extra)
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
    return Run(text, HUNG if hung.is_set() else status, command, times, watch.end() if watch else None)


class Terminal:
    """Bobbin's shell at the other end of a pty, as `make run` gives it to a person. .console: all that came so far."""

    PROMPT = "bobbin# "

    def __init__(self, cmdline="sh=true", smp=2, limit=240, extra=(), env=None):
        variables = {"O": BUILD, "SMP": str(smp), "MEM": "256M", "BOOT": "kernel", "CMDLINE": cmdline,
                     "ICOUNT": "", "SCREEN": "", **(env or {})}
        words = [f"{k}='{v}'" for k, v in variables.items() if v]
        self.command = " ".join([*words, "tools/qemu run", *extra])
        self.deadline = time.monotonic() + limit
        self.raw, self.seen, self.status = bytearray(), 0, None
        self.folder = tempfile.TemporaryDirectory()
        extra = [*extra, "-monitor", f"unix:{self.folder.name}/monitor,server=on,wait=off"]
        master, slave = pty.openpty()
        self.proc = subprocess.Popen(["tools/qemu", "run", *extra], env={**os.environ, **variables}, stdin=slave,
                                     stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        self.fd, self.hmp = master, None

    @property
    def console(self):
        return self.raw.decode("utf-8", "replace").replace("\r", "")

    def pump(self, wait):
        """Takes what has come, waiting for the first of it at most so long. False: there will be no more."""
        if select.select([self.fd], [], [], wait)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                return False
            self.raw += data
            return bool(data)
        return True

    def type(self, text):
        """Types that, at the speed of paste, taking meanwhile what is answered."""
        data = text.encode() if isinstance(text, str) else text
        os.set_blocking(self.fd, False)
        while data and time.monotonic() < self.deadline:
            select.select([self.fd], [self.fd], [], 1)
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                pass
            self.pump(0)
        os.set_blocking(self.fd, True)

    def expect(self, pattern):
        """Waits until the pattern comes, behind what was expected before. Returns the match, or None at the limit."""
        while True:
            text = self.raw.decode("latin-1").replace("\r", "")
            m = re.compile(pattern, re.MULTILINE).search(text, self.seen)
            if m:
                self.seen = m.end()
                return m
            if time.monotonic() > self.deadline or not self.pump(1):
                return None

    def run(self, line):
        """Types a line at the prompt. Returns what comes until the next prompt, without the line, or None."""
        self.type(line + "\r")
        if not self.expect(re.escape(line[-20:]) + "[^\n]*\n"):
            return None
        start = self.seen
        m = self.expect("^" + self.PROMPT)
        return self.raw.decode("latin-1").replace("\r", "")[start:m.start()] if m else None

    def monitor(self, command):
        """Has QEMU's monitor do that, and returns what it says."""
        if not self.hmp:
            self.hmp = socket.socket(socket.AF_UNIX)
            self.hmp.settimeout(60)
            self.hmp.connect(f"{self.folder.name}/monitor")
            self.monitor_answer()
        self.hmp.sendall(command.encode() + b"\n")
        return self.monitor_answer()

    def monitor_answer(self):
        data = b""
        while not data.endswith(b"(qemu) "):
            data += self.hmp.recv(4096)
        return data.decode("latin-1")

    def keys(self, *names):
        """Presses keys of the keyboard, by QEMU's names: "a", "shift-a", "ret", "up"."""
        for name in names:
            self.monitor(f"sendkey {name} 1")

    def screen(self):
        """The 25 lines of the VGA screen, and the colours of their 2000 cells."""
        path = f"{self.folder.name}/screen"
        self.monitor(f'pmemsave 0xb8000 4000 "{path}"')
        with open(path, "rb") as f:
            cells = f.read()
        text = cells[::2].decode("latin-1")
        return [text[i:i + 80].rstrip() for i in range(0, 2000, 80)], cells[1::2]

    def screen_shows(self, pattern, row=None):
        """Waits until a line of the screen, or that line, matches. Its number, or None at the limit."""
        while time.monotonic() < self.deadline:
            for i, line in enumerate(self.screen()[0]):
                if row in (None, i) and re.search(pattern, line):
                    return i
            self.pump(0.1)
        return None

    def end(self):
        """Waits for the machine's end. .status becomes QEMU's."""
        while self.proc.poll() is None and time.monotonic() < self.deadline:
            if not self.pump(0.2):
                time.sleep(0.1)
        self.close()
        return self.status

    def close(self):
        if self.proc.poll() is None:
            os.killpg(self.proc.pid, 9)
        self.status = self.proc.wait()
        os.close(self.fd)
        if self.hmp:
            self.hmp.close()
        self.folder.cleanup()


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
