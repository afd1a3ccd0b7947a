#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad boots end in a sentence on the console, never in a triple fault or in silence."""

from bobbin import POWEROFF, Tap, boot
from forge import forged_boot

tap = Tap()


def dies_saying(name, pattern, **machine):
    run = boot("panic=exit", until=pattern, limit=60, **machine)
    tap.ok(run.has(pattern), name, run)


# Too little memory: QEMU starts with 4 MiB, the kernel must say what it needs.
for mem in "4M", "6M":
    dies_saying(f"{mem} of memory is too little, and it says so", r"(?i)memory", mem=mem, smp=1)

# A CPU without long mode: the last -cpu counts.
dies_saying("a CPU without long mode is told so", r"(?i)long mode|64-bit", smp=1, extra=("-cpu", "qemu32"))
for feature, pattern in ("nx", "NX"), ("apic", "local APIC"), ("sse2", "SSE2"):
    dies_saying(f"so is one without {feature}", pattern, smp=1, extra=("-cpu", f"max,-{feature}"))

# Bad parameters are reported, and the boot goes on.
run = boot('nosuchkey=1 sh=poweroff', smp=1)
tap.ok(run.status == POWEROFF and run.has("nosuchkey"), "an unknown parameter is reported and the boot goes on", run)
run = boot('panic=banana sh=poweroff', smp=1)
tap.ok(run.status == POWEROFF and run.has("banana"), "a bad value is reported and the boot goes on", run)
run = boot('x="unbalanced sh=poweroff', smp=1, until="unbalanced", limit=60)
tap.ok(run.has("unbalanced"), "an unbalanced quote is survived", run)
run = boot("x" * 3000, smp=1, until=r"x{50}|too long", limit=60)
tap.ok(run.has("x{50}|too long"), "a command line of 3000 letters is survived", run)

# What GRUB would never hand over: tests/expect/forge.S enters as a boot loader does, with data of our making.
for name, pattern in (
    ("magic", "not started by a multiboot2 loader"),
    ("truncated", "information is truncated"),
    ("nomap", "no memory map"),
    ("endless", "information is truncated"),
    ("hugetag", "information is truncated"),
):
    run = forged_boot(name, until=pattern)
    tap.ok(run.has(pattern), f"forged boot data ({name}) is refused with a sentence", run)
run = forged_boot("good", until="Bobbin, a")
tap.ok(run.has("Bobbin, a"), "forged boot data that is right boots", run)

tap.done()
