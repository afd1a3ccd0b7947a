#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The GDB sessions in docs/*.md are typed again, and must be answered as the page says.

A session is a block ```gdb with the machine behind it (SMP=, CMDLINE=, TEST=1: the test kernel, MODULE=name: with that
one of tests/modules). Lines with (gdb) are typed; of what follows each, numbers and addresses may differ, a line `...`
stands for any number of lines, and `...` within a line for any text. A command that nothing follows may answer
anything.

    tests/gdb/pages.t --write docs/debugging.md     puts what GDB answers now into the page; look at the difference
"""

import glob
import os
import re
import shlex
import shutil
import subprocess
import sys

from session import Session, bobbin

BLOCK = re.compile(r"^```gdb(.*)\n((?:.*\n)*?)```\n", re.MULTILINE)
PROMPT = "(gdb) "


def steps(body):
    """[(command, [lines of the answer])]"""
    found = []
    for line in body.splitlines():
        if line.startswith(PROMPT):
            found.append((line.removeprefix(PROMPT), []))
        elif found:
            found[-1][1].append(line)
    return found


def run(machine, commands):
    words = dict(word.split("=", 1) for word in shlex.split(machine))
    return Session(commands, words.get("CMDLINE", ""), smp=int(words.get("SMP", 4)), test="TEST" in words,
                   modules=module(words["MODULE"]) if "MODULE" in words else "")


def module(name):
    """Builds one of tests/modules. The path of the file."""
    folder = f"{bobbin.BUILD}/t/pages-{name}"
    os.makedirs(folder, exist_ok=True)
    shutil.copy(f"tests/modules/{name}.c", folder)
    with open(f"{folder}/Makefile", "w", encoding="utf-8") as f:
        f.write(f"obj-m := {name}.o\n")
    clean = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "M")}
    subprocess.run(["make", "-s", f"M={os.path.abspath(folder)}", f"O={bobbin.BUILD}", "modules"], check=True,
                   stdout=subprocess.DEVNULL, env=clean)
    return f"{folder}/{name}.ko"


def plain(line):
    """A line without what differs from kernel to kernel."""
    line = line.replace(f"{bobbin.BUILD}/t/", "build/t/")
    line = re.sub(r"0x[0-9a-f]+", "X", line)
    return re.sub(r"\s+", " ", re.sub(r"\d+(\.\d+)*", "N", line)).strip()


def described(line):
    return r".*?".join(re.escape(part) for part in plain(line).split("..."))


def matches(wanted, said):
    """Do the lines of the page describe what was said?"""
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "..." else described(line) + r"\n" for line in wanted)
    return re.fullmatch(pattern, "".join(plain(line) + "\n" for line in said)) is not None


def answer(said):
    return [line.rstrip() for line in said.splitlines() if line.strip() and not line.startswith("[Switching")]


def rewrite(path):
    with open(path, encoding="utf-8") as f:
        page = f.read()

    def renew(block):
        old = steps(block.group(2))
        said = run(block.group(1), [command for command, _ in old]).said
        body = ""
        for (command, lines), now in zip(old, said):
            body += PROMPT + command + "\n"
            if lines:
                kept = "..." in " ".join(lines) and matches(lines, answer(now))
                body += "\n".join(lines if kept else answer(now)) + "\n"
        return f"```gdb{block.group(1)}\n{body}```\n"

    page = BLOCK.sub(renew, page)
    with open(path, "w", encoding="utf-8") as f:
        f.write(page)


def check(path, tap):
    with open(path, encoding="utf-8") as f:
        page = f.read()
    for block in BLOCK.finditer(page):
        line = page[:block.start()].count("\n") + 1
        wanted = steps(block.group(2))
        said = run(block.group(1), [command for command, _ in wanted]).said
        wrong = [(command, lines, now) for (command, lines), now in zip(wanted, said + [""] * len(wanted))
                 if lines and not matches(lines, answer(now))]
        tap.ok(not wrong, f"{path}:{line}: the session is answered as the page says", None,
               "".join(f"{PROMPT}{command}\n{now}" for command, _, now in wrong[:2]))


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--write":
        rewrite(sys.argv[2])
        return
    tap = bobbin.Tap()
    for path in sorted(glob.glob("docs/*.md")):
        check(path, tap)
    tap.done()


main()
