#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""KASAN=1, UBSAN=1: what modules do is checked like what the kernel does. (Its own suite is tests/sanitizers.c.)"""

import os
import shutil
import subprocess
import sys

from bobbin import BUILD, POWEROFF, TOP, Tap, boot

KASAN, UBSAN = os.environ.get("KASAN"), os.environ.get("UBSAN")
if not KASAN and not UBSAN:
    print("1..0 # SKIP only for make test KASAN=1, or UBSAN=1")
    sys.exit(0)

tap = Tap()
WORK = os.path.join(os.path.abspath(BUILD), "t", "sanitizers")
CLEAN = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "M")}

shutil.rmtree(WORK, ignore_errors=True)
os.makedirs(WORK)
shutil.copy(f"{TOP}/tests/modules/wild.c", WORK)
with open(f"{WORK}/Makefile", "w", encoding="utf-8") as f:
    f.write("obj-m := wild.o\n")
made = subprocess.run(["make", "-C", TOP, f"M={WORK}", f"O={BUILD}", "modules"], capture_output=True, text=True,
                      env=CLEAN, check=False)
tap.ok(made.returncode == 0, "a module is built with the kernel's checks", why=made.stdout + made.stderr)


def run(what):
    # Twice: what was said of a module that has gone is not said of the next one in its place.
    r = boot(f'sh="insmod wild what={what}; rmmod wild; insmod wild what=nothing; rmmod wild; poweroff"',
             icount=True, env={"MODULES": f"{WORK}/wild.ko"}, log=f"sanitizers-{what}.log")
    tap.ok(r.status == POWEROFF and r.has(f"wild: {what} is done"), f"{what}: the machine goes on", r)
    return r


if KASAN:
    r = run("behind")
    tap.ok(r.has(r"BUG: KASAN: global-out-of-bounds in look\S*\+0x\w+/0x\w+ \[wild\]"), "behind a variable: found", r)
    tap.ok(r.has(r"0 bytes behind the end of the variable table of 40 bytes, of .*wild\.c"),
           "behind a variable: which one, of which file", r)
    tap.ok(r.has(r"\n.* wild_init\+0x\w{1,3}/0x\w{1,4} \[wild\]"), "a backtrace knows the size of an init function", r)
    r = run("freed")
    tap.ok(r.has(r"BUG: KASAN: use-after-free in look\S*\+"), "use after free: found", r)
    tap.ok(len(r.lines(r"use_freed\+.*\[wild\]")) >= 2 and r.has("inside an object of 24 bytes"),
           "use after free: who allocated and who freed it, and what", r)
if UBSAN:
    r = run("index")
    tap.ok(r.has(r"UBSAN: array-index-out-of-bounds in .*wild\.c:\d+"), "an index outside its array: found", r)
    tap.ok(r.has(r"index 10 is out of range for the type 'int ?\[10\]'"), "an index outside its array: which", r)
tap.done()
