# SPDX-License-Identifier: MIT
"""One GDB session on one machine: commands in, the output of each out."""

import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "expect"))
import bobbin  # noqa: E402

LIMIT = 300     # seconds; only catches a hang
MARK = "=== end of command ==="


class Session:
    """.said: what each command printed, in order. .all: everything. .command: how to repeat it by hand."""

    def __init__(self, commands, cmdline, smp=4, test=True, icount=True, modules=""):
        kernel = f"{bobbin.BUILD}/bobbin{'-test' if test else ''}.elf"
        with tempfile.TemporaryDirectory() as folder:
            socket, script = f"{folder}/gdb.sock", f"{folder}/script"
            with open(script, "w", encoding="utf-8") as f:
                for command in commands:
                    # An error ends a script; as a command of Python's it only says so.
                    f.write("python\ntry:\n    gdb.execute(%r)\nexcept gdb.error as e:\n    print(e)\nend\n" % command)
                    f.write(f"echo {MARK}\\n\n")
                f.write("kill\n")
            machine, self.command = bobbin.start(cmdline, smp=smp, test=test, icount=icount,
                                                 env={"MODULES": modules},
                                                 extra=("-S", "-gdb", f"unix:{socket},server=on,wait=off"))
            try:
                while not os.path.exists(socket) and machine.poll() is None:
                    time.sleep(0.05)
                gdb = subprocess.run(
                    ["gdb", "-q", "-nx", "-batch", kernel, "-ex", "set pagination off", "-ex", "set width 0",
                     "-ex", "set architecture i386:x86-64", "-ex", f"target remote {socket}",
                     "-ex", "source tools/gdb/bobbin-gdb.py", "-x", script],
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=LIMIT,
                    env={**os.environ, "MODULES": modules},
                    check=False)
                self.all = gdb.stdout.decode("utf-8", "replace")
            except subprocess.TimeoutExpired as e:
                self.all = (e.stdout or b"").decode("utf-8", "replace") + "\nGDB did not end: time is up"
            finally:
                machine.kill()
                machine.wait()
                machine.stdout.close()
        self.said = self.all.split(MARK + "\n")
        self.status, self.console = "-", self.all   # what Tap prints of a failure
