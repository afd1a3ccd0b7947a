# SPDX-License-Identifier: MIT
"""Stopping where the scheduler does something, and saying why it did.

A switch is one place, __switch_to_asm(), entered with both threads in its arguments. Why it happens is known there,
too: a thread whose state says that it sleeps goes to sleep; one that is running was preempted by an interrupt or a
wake-up, or gave way itself, as the names of its callers tell."""

import gdb

from bobbin import Command, need
from bobbin import memory as m
from bobbin import tasks as t
from bobbin import waits


def switch_arguments():
    """prev and next, at the first instruction of __switch_to_asm()."""
    where = m.offset(t.TASK, "thread")
    return [m.at((int(gdb.parse_and_eval(f"(unsigned long)${r}"))) - where, t.TASK) for r in ("rdi", "rsi")]


def here():
    """The names of the functions that are active on the selected CPU, innermost first."""
    names, frame = [], gdb.newest_frame()
    while frame is not None and len(names) < 40:
        names.append(frame.name() or "?")
        try:
            frame = frame.older()
        except gdb.error:
            break
    return names


def reason(p, then):
    """Why p leaves its CPU."""
    state = int(p["__state"])
    if state & t.DEAD:
        return "it has ended"
    if m.address(p) == m.address(m.per_cpu("runqueues", t.cpu_of(p))["idle"]):
        return f"{t.title(then)} became runnable"
    names = here()
    if state and not int(p["on_rq"]):
        if state & t.PARKED:
            return "parked"
        return "blocked on " + waits.sleep_of(p, int(gdb.parse_and_eval("(unsigned long)$rsp")), names).what
    if any("yield" in name for name in names):
        return "yielded"
    if any(name.startswith("preempt_schedule") for name in names):
        return f"preempted by {t.title(then)}"
    return "gave way: schedule() while it could run"


def tell():
    """One line about the switch that the selected CPU is at."""
    prev, then = switch_arguments()
    print(f"CPU {m.this_cpu()}: {t.title(prev)} -> {t.title(then)}; {t.title(prev)}: {reason(prev, then)}")


class SwitchStop(gdb.Breakpoint):
    """At each switch that `wanted(prev, next, cpu)` wants."""

    def __init__(self, wanted, temporary=False):
        super().__init__("*__switch_to_asm", internal=temporary)
        self.silent = True
        self.wanted = wanted

    def stop(self):
        prev, then = switch_arguments()
        return self.wanted(prev, then, m.this_cpu())


class WakeStop(gdb.Breakpoint):
    """When a thread is woken, or starts."""

    def __init__(self, function, wanted):
        super().__init__(function)
        self.silent = True
        self.wanted = wanted

    def stop(self):
        return self.wanted(woken())


def woken():
    """The argument, at the first instruction of try_to_wake_up()."""
    return m.at(int(gdb.parse_and_eval("(unsigned long)$rdi")), t.TASK)


def on_stop(event):
    name_cpus()
    if isinstance(event, gdb.BreakpointEvent):
        for point in event.breakpoints:
            if isinstance(point, SwitchStop) and point.visible:
                tell()
                return
            if isinstance(point, WakeStop):
                print(f"CPU {m.this_cpu()}: {t.title(t.current())} wakes {t.title(woken())}, which was: "
                      f"{waits.wait_of(woken()).what}")
                return


def name_cpus():
    """For `info threads`: what each CPU runs."""
    for thread in gdb.selected_inferior().threads():
        try:
            thread.name = "runs " + t.title(t.current(thread.num - 1))
        except gdb.error:
            return      # too early in the boot


class BreakSwitch(Command):
    """Stop at context switches.

    break-switch                        at every one
    break-switch to PID, from PID       of this thread; its name does, too, and may be one that comes later
    break-switch ... on CPU             on this CPU only
    `delete N` takes it away, like any breakpoint."""

    name = "break-switch"

    def run(self, words):
        limits = dict(zip(words[::2], words[1::2]))
        if len(words) != 2 * len(limits) or not set(limits) <= {"to", "from", "on"}:
            raise gdb.GdbError("usage: break-switch [to PID|NAME] [from PID|NAME] [on CPU]")
        cpu = limits.get("on")
        if cpu is not None and cpu not in map(str, m.cpus()):
            raise gdb.GdbError(f"CPU {cpu} is not online; {m.mask_text(m.cpus())} are")
        leaves, comes = (t.wanted(limits[key]) if key in limits else lambda p: True for key in ("from", "to"))
        SwitchStop(lambda prev, then, on: leaves(prev) and comes(then) and cpu in (None, str(on)))


class BreakWake(Command):
    """Stop when a thread is woken.

    break-wake PID, break-wake NAME"""

    name = "break-wake"

    def run(self, words):
        need(words, 1, 1, "break-wake PID|NAME")
        WakeStop("*try_to_wake_up", t.wanted(words[0]))


def go_to(wanted, count=1):
    """Run on to the count-th switch that is wanted, telling each."""
    stop = SwitchStop(wanted, temporary=True)
    try:
        for _ in range(count):
            said = gdb.execute("continue", to_string=True)
            if not at_switch():
                print(said + "stopped by something else")
                return
            tell()
    finally:
        stop.delete()


def at_switch():
    return int(gdb.parse_and_eval("$pc")) == int(gdb.parse_and_eval("(unsigned long)&__switch_to_asm"))


class SchedStep(Command):
    """Run on to the next context switch, on whichever CPU, and say who gave way to whom, and why.

    sched-step [N]      N switches"""

    name = "sched-step"

    def run(self, words):
        need(words, 0, 1, "sched-step [N]")
        if words and (not words[0].isdigit() or not int(words[0])):
            raise gdb.GdbError("usage: sched-step [N], N switches, at least one")
        go_to(lambda prev, then, cpu: True, int(words[0]) if words else 1)


class SchedFinish(Command):
    """Run on until this thread, or the one with that PID or name, gets the CPU again.

    sched-finish [PID|NAME]"""

    name = "sched-finish"

    def run(self, words):
        need(words, 0, 1, "sched-finish [PID|NAME]")
        pid = int(t.parse(words)["pid"])
        go_to(lambda prev, then, cpu: int(then["pid"]) == pid)


gdb.events.stop.connect(on_stop)
BreakSwitch()
BreakWake()
SchedStep()
SchedFinish()
