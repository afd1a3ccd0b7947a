#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every misuse in one boot: each is explained as docs/misuse.md says, and the machine goes on."""

import re

from bobbin import POWEROFF, Tap, boot

tap = Tap()


def rows():
    """docs/misuse.md: the rows of its tables, name -> what is said. "..." stands for anything."""
    found = {}
    with open("docs/misuse.md", encoding="utf-8") as f:
        for line in f:
            if m := re.match(r"\| `([a-z-]+)` \|.*\| ([^|]+) \| [^|]+ \|$", line):
                found[m.group(1)] = m.group(2).strip()
    return found


def pattern(text):
    return ".*".join(re.escape(part) for part in text.strip("`").split("..."))


told = rows()
for smp in 4, 1:
    run = boot('sh="misuse list; misuse all; ps -e -o pid,stat,comm; demo start; sleep 0.2; demo stop; poweroff"',
               smp=smp, icount=True, limit=300, log=f"misuse-{smp}.log")
    tap.ok(run.status == POWEROFF, f"{smp} CPUs: it ends by itself", run)
    listed = set(re.findall(r"^  ([a-z-]+)  +\S", re.split("^misuse ", run.console, flags=re.M)[0], re.M))
    tap.ok(listed == set(told), f"{smp} CPUs: docs/misuse.md has what misuse list has", run,
           f"{sorted(listed ^ set(told))}")
    parts = re.split(r"^misuse ([a-z-]+): (?!done|could)", run.console, flags=re.M)
    said = dict(zip(parts[1::2], parts[2::2]))
    for name, text in told.items():
        part = said.get(name, "")
        if smp == 1 and name == "hard-lockup":
            tap.ok("could not be tried" in part, "1 CPU: nobody would notice a hard lockup", run)
            continue
        tap.ok(re.search(pattern(text), part), f"{smp} CPUs: {name} is explained", run, text)
        tap.ok(f"misuse {name}: done, and the machine goes on" in part, f"{smp} CPUs: {name}: and it goes on", run)
    after = run.console.split(" could not be tried here")[-1]
    tap.ok(re.search(r"^ +2 \S+ +kthreadd$", after, re.M), f"{smp} CPUs: ps works after all of that", run)
    tap.ok("misuse/" not in after, f"{smp} CPUs: no thread is left over", run)

tap.done()
