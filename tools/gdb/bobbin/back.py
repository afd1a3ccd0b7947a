# SPDX-License-Identifier: MIT
"""Going back, by running again; or, where QEMU can (on one CPU, recorded), by running backwards.

A run in virtual time is the same each time, and breakpoints don't change it (tools/steady.c). So a switch that has
been is found again by its number: as many switches as the run queues have counted are passed over, in the machine
itself, at a few microseconds each, and the next one stops it."""

import atexit
import os
import subprocess
import time

import gdb

from bobbin import Command, need
from bobbin import memory as m
from bobbin import stops

HOW = os.environ.get("BOBBIN_BACK")     # "again", "reverse" (make debug RR=1), or not at all
machine = None      # the process, of the run that sched-back has started


def switches():
    """How many there have been on all CPUs, one that a CPU is just at included."""
    count = 0
    for cpu in m.cpus():
        rq = m.per_cpu("runqueues", cpu)
        chosen, current = int(rq["curr"]), int(m.per_cpu("current_task", cpu))
        count += int(rq["nr_switches"]) - (chosen != current)     # counted, and not there yet
    return count


def end():
    if machine is not None:
        machine.kill()
        machine.wait()


def start(skip):
    """The same machine from its beginning, for the connection that GDB makes."""
    global machine
    end()
    socket = f"{os.environ.get('O', 'build')}/back-{os.getpid()}.sock"
    machine = subprocess.Popen(["tools/qemu", "back"], stdin=subprocess.DEVNULL, start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env={**os.environ, "SOCKET": socket, "SKIP": str(skip)})
    while not os.path.exists(socket) and machine.poll() is None:
        time.sleep(0.02)
    gdb.execute(f"target remote {socket}", to_string=True)
    os.unlink(socket)


def run_again(switch):
    """Start again, and stop at the switch with that number."""
    points = [p for p in gdb.breakpoints() if p.enabled]
    for p in points:
        p.enabled = False
    try:
        gdb.execute("kill", to_string=True)
    except gdb.error:
        pass        # QEMU is gone before it has said so
    try:
        start(switch)
        stops.go_to(lambda prev, then, cpu: True)
    finally:
        for p in points:
            p.enabled = True


def reverse(count):
    """The count-th switch before this point, by QEMU's reverse execution."""
    point = gdb.Breakpoint("*__switch_to_asm", internal=True)
    point.silent = True
    try:
        for _ in range(count):
            gdb.execute("reverse-continue", to_string=True)
    finally:
        point.delete()
    stops.tell()


class SchedBack(Command):
    """Go back to the context switch before this point, or to the N-th one before it.

    sched-back [N]

    In a run that repeats (make debug SEED=n, or ICOUNT=1) by running again to there; what the console says again is in
    build/back.console. In one that is recorded (make debug RR=1) by running backwards. Breakpoints stay."""

    name = "sched-back"

    def run(self, words):
        need(words, 0, 1, "sched-back [N]")
        if words and (not words[0].isdigit() or not int(words[0])):
            raise gdb.GdbError("usage: sched-back [N], N switches, at least one")
        if not HOW:
            raise gdb.GdbError("only a run that repeats can be gone back in: make debug SEED=n or ICOUNT=1 "
                               "(if tools/steady.c fits this QEMU), or RR=1")
        before, back = switches() - stops.at_switch(), int(words[0]) if words else 1
        if back > before:
            raise gdb.GdbError(f"there have been {before} switches before this point")
        if HOW == "reverse":
            reverse(back)
        else:
            run_again(before - back)


atexit.register(end)
SchedBack()
