#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is reported when something dies, and whether the rest lives on: one boot for each test of tests/crash.c."""

from bobbin import FAILED, PANICKED, PASSED, Tap, boot

tap = Tap()

# claim: what the report must hold (all of it), and how the machine ends.
THREAD_DIES = {
    "null_pointer": [r"(?i)null pointer", r"test/null", r"write_to_null\+0x"],
    "divide": [r"(?i)divide", r"test/divide", r"divide_by_zero\+0x"],
    "invalid_opcode": [r"(?i)invalid opcode", r"test/ud2", r"run_ud2\+0x"],
    "bug": [r"kernel BUG at tests/crash\.c:\d+!", r"hit_a_bug\+0x"],
    "null_jump": [r"call of a null function pointer", r"test/jump"],
    "write_to_code_page": [r"(?i)(page fault|write|protection)", r"test/wx"],
    "run_data_page": [r"(?i)(exec|NX|instruction fetch)", r"test/nx"],
    "stack_overflow": [r"stack overflow in thread test/deep", r"recurse\+0x"],
    "many_oopses": [r"stack overflow in thread test/many"],
}
MACHINE_DIES = {
    "panic": [r"Kernel panic - not syncing: a test wants it so: 42", r"(?i)call trace", r"test_body_panic\+0x"],
    "panic_on_all_cpus": [r"Kernel panic - not syncing: CPU \d+ gives up"],
    "null_pointer_with_preemption_off": [r"(?i)null pointer", r"Kernel panic"],
    "null_pointer_in_interrupt": [r"(?i)null pointer", r"null_in_interrupt\+0x|write_to_null\+0x", r"Kernel panic"],
    "sleep_in_a_timer": [r"schedule\(\) was called in an interrupt", r"wait_a_little\+0x"],
    "stack_overflow_with_preemption_off": [r"stack overflow in thread", r"Kernel panic"],
}


def die(claim, **machine):
    return boot(f"test=crash.{claim} panic=exit", test=True, limit=120, **machine)


def check(claim, run, expected, status, ending):
    for pattern in expected:
        tap.ok(run.has(pattern), f"{claim}: says {pattern}", run)
    tap.ok(run.status == status, f"{claim}: {ending}", run)


for claim, expected in THREAD_DIES.items():
    check(claim, die(claim, smp=2), expected, PASSED, "only the thread dies")

for claim, expected in MACHINE_DIES.items():
    run = die(claim, smp=4)
    check(claim, run, expected, PANICKED, "the machine ends by panic")
    panics = len(run.lines(r"(?<!end )Kernel panic - not syncing"))
    tap.ok(panics == 1, f"{claim}: one CPU reports, the others are silent ({panics})", run)

# An oops shows registers, the thread, its place and the way there.
run = die("null_pointer", smp=1)
for what in (r"RIP: \S*write_to_null\+0x", r"RAX: [0-9a-f]{16}", r"CR2: 0{16}", r"Comm: test/null", r"(?i)call trace",
             r" kthread\+0x"):
    tap.ok(run.has(what), f"an oops shows {what}", run)

run = die("breakpoint", smp=1)
tap.ok(run.status == PASSED and run.has(r"(?i)breakpoint|int3"), "a breakpoint is reported and the thread goes on", run)

# A body that never ends is called a hang, with everybody's backtrace, and the run fails.
run = die("hang", smp=2, icount=True)
tap.ok(run.status == FAILED and run.has(r"Bail out! hang hangs"), "a test that hangs is named", run)

# Without panic=exit a panicked machine stays, for people to read it: it must not reboot or power off.
run = boot("test=crash.panic", test=True, smp=4, until=r"end Kernel panic|---\[", limit=120)
tap.ok(run.has("Kernel panic"), "a panic without panic=exit stays on the screen", run)

# The same from the shell, as a person would do it.
run = boot('panic=exit sh="panic"', smp=4, limit=120)
tap.ok(run.status == PANICKED and run.has("Kernel panic"), "the shell's panic command panics", run)

tap.done()
