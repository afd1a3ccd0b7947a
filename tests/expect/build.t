#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The build: the same bytes twice, right after a change, without a warning from gcc and from clang."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile

from bobbin import POWEROFF, Tap, boot

tap = Tap()
work = tempfile.mkdtemp(prefix="bobbin-build-")


def make(*args, cwd="."):
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "O", "CC")}
    done = subprocess.run(["make", "NO_INSTALL=1", *args], cwd=cwd, env=env, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=900)
    return done.returncode, done.stdout


def digest(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def outputs(folder):
    return {name: digest(os.path.join(folder, name)) for name in ("bobbin.elf", "bobbin-test.elf", "bobbin.iso")
            if os.path.exists(os.path.join(folder, name))}


def copy_tree(name):
    """The sources alone, as a fresh clone has them."""
    target = os.path.join(work, name)
    shutil.copytree(".", target, ignore=lambda folder, names: [
        name for name in names if name in (".git", ".cache") or folder == "." and re.match(r"build($|-)", name)])
    return target


try:
    one, two = copy_tree("one"), copy_tree("two-with-a-longer-name")
    code, text = make("V=1", cwd=one)
    tap.ok(code == 0, "a fresh tree builds", why=text[-2000:])
    tap.ok("warning:" not in text, "gcc warns of nothing", why=text[-2000:])
    code, text = make(cwd=two)
    first, second = outputs(f"{one}/build"), outputs(f"{two}/build")
    tap.ok(first and first == second, f"the same source in another folder gives the same bytes ({', '.join(first)})",
           why=f"{first}\n{second}")

    code, text = make(cwd=one)
    tap.ok(code == 0 and "CC" not in text and "LD" not in text, "nothing changed, nothing is built", why=text)

    header = f"{one}/include/linux/completion.h"
    with open(header, "a", encoding="utf-8") as f:
        f.write("/* changed */\n")
    code, text = make(cwd=one)
    tap.ok(code == 0 and "kernel/sched/completion" in text and "lib/rbtree" not in text,
           "a changed header rebuilds those who include it, and only them", why=text)
    tap.ok(outputs(f"{one}/build") == first or "completion" in text, "... and links anew", why=text)

    if shutil.which("clang"):
        code, text = make("V=1", "CC=clang", "O=build-clang", cwd=one)
        tap.ok(code == 0, "clang builds it", why=text[-2000:])
        tap.ok("warning:" not in text, "clang warns of nothing", why=text[-2000:])
        if code == 0:
            run = boot('sh="ps -ef; poweroff"', smp=4, env={"O": f"{one}/build-clang"})
            tap.ok(run.status == POWEROFF and run.has(r"\[kthreadd\]"), "clang's kernel boots to ps", run)
    else:
        tap.skip("clang builds it", "no clang here")
finally:
    shutil.rmtree(work, ignore_errors=True)

tap.done()
