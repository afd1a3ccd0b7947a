#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A module comes into the running kernel over the second serial line: tools/loadx, kernel/loadx.c."""

import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import tempfile

from bobbin import BUILD, POWEROFF, TOP, Tap, Terminal

loader = importlib.machinery.SourceFileLoader("loadx", "tools/loadx")
spec = importlib.util.spec_from_loader("loadx", loader)
loadx = importlib.util.module_from_spec(spec)
loader.exec_module(loadx)

tap = Tap()
work = os.path.join(os.path.abspath(BUILD), "t", "loadx")
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
for name in "pair_main.c", "pair_talk.c", "pair.h":
    shutil.copy(f"tests/modules/{name}", work)
with open(f"{work}/Makefile", "w", encoding="utf-8") as f:
    f.write("obj-m := pair.o\npair-objs := pair_main.o pair_talk.o\nccflags-y := -DPAIR_ROUNDS=3\n")
clean = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "M")}
made = subprocess.run(["make", "-C", TOP, f"M={work}", f"O={BUILD}", "modules"], capture_output=True, text=True,
                      env=clean, check=False)
tap.ok(made.returncode == 0, "the modules are built", why=made.stdout + made.stderr)
with open(f"{work}/pair.ko", "rb") as f:
    pair = f.read()

# A folder of its own for the socket, whose name must be short.
with tempfile.TemporaryDirectory() as folder:
    os.symlink(os.path.join(os.path.abspath(BUILD), "bobbin.elf"), f"{folder}/bobbin.elf")
    t = Terminal(env={"O": folder})
    t.expect("^bobbin# ")

    def command(*args):
        return subprocess.run(["tools/loadx", *args], env={**os.environ, "O": folder}, capture_output=True, text=True,
                              check=False)

    t.type("loadx\r")
    t.expect("waiting for")
    sent = command(f"{work}/pair.ko")
    tap.ok(sent.returncode == 0 and f"{len(pair)} bytes" in sent.stdout, "tools/loadx sends it", t, sent.stderr)
    tap.ok(t.expect(rf"^loadx: pair.ko, {len(pair)} bytes"), "loadx receives it", t)
    t.expect("^bobbin# ")
    answer = t.run("insmod pair; lsmod; rmmod pair")
    tap.ok(answer and "\npair " in "\n" + answer, "insmod finds it", t, repr(answer))

    class Noisy(loadx.Line):
        """Every third frame is damaged, every twentieth is cut short, and in front of each is garbage."""
        count = 0

        def put(self, frame):
            self.count += 1
            if self.count % 3 == 0:
                frame = frame[:8] + bytes([frame[8] ^ 0x40]) + frame[9:]
            if self.count % 20 == 0:
                frame = frame[:-3]
            super().put(b"\0Bxyz" + frame)

    t.type("loadx\r")
    t.expect("waiting for")
    line = Noisy(f"{folder}/loadx.sock", patience=0.3)
    line.send_file("noise.ko", os.urandom(20000))
    line.socket.close()
    tap.ok(t.expect("^loadx: noise.ko, 20000 bytes"), f"damaged frames are sent again ({line.sent_again})", t)
    t.expect("^bobbin# ")

    t.type("loadx\r")
    t.expect("waiting for")
    line = loadx.Line(f"{folder}/loadx.sock")
    try:
        line.send(b"S", b"\0" * 8 + b"empty.ko")
        refused = ""
    except loadx.Refused as e:
        refused = str(e)
    line.socket.close()
    tap.ok("it is empty" in refused and t.expect("^loadx: refused: it is empty"), "an empty file is refused", t)
    t.expect("^bobbin# ")
    t.type("loadx\r")
    t.expect("waiting for")
    t.type("\003")
    tap.ok(t.expect(r"^\^C\nbobbin# "), "Ctrl-C ends the waiting", t)
    t.type("poweroff\r")
    tap.ok(t.end() == POWEROFF, "poweroff", t)
    sent = command(f"{work}/pair.ko")
    tap.ok(sent.returncode != 0 and "tools/loadx: " in sent.stderr, "without a machine it says so", why=sent.stderr)

tap.done()
