# SPDX-License-Identifier: MIT
"""A thread that is switched out, as if GDB were stopped in it: `task 27`, then `bt`, `up`, `info locals`.

GDB knows CPUs. A switched-out thread's registers lie where __switch_to_asm() pushed them, so all that is needed is an
unwinder that says: the caller of the innermost frame is that place. That frame stays the CPU's own function, several if
some are inlined, and is left out of backtraces; the next one is where the thread will go on. No register is written, so
the machine is not touched, and `continue` or `task off` brings GDB back to the CPUs."""

import re

import gdb
import gdb.unwinder

from bobbin import Command, need
from bobbin import memory as m
from bobbin import tasks as t

REGISTERS = ("r15", "r14", "r13", "r12", "rbx", "rbp", "rip")
selected = None     # the task's address
cpu_sp = None       # the stack pointer of the CPU that GDB is stopped on: by it the CPU's own frames are known


class FrameId:
    def __init__(self, sp, pc):
        self.sp, self.pc = sp, pc


def is_cpus_own(frame):
    return selected is not None and int(frame.read_register("rsp")) == cpu_sp


class SwitchedOut(gdb.unwinder.Unwinder):
    """Supplies the frame in which the selected thread was switched out."""

    def __init__(self):
        super().__init__("bobbin-thread")

    def __call__(self, frame):
        if not is_cpus_own(frame):
            return None
        sp, values = t.saved_frame(m.at(selected, t.TASK))
        info = frame.create_unwind_info(FrameId(gdb.Value(sp), gdb.Value(values[t.RIP])))
        long = gdb.lookup_type("unsigned long")
        for name, value in zip(REGISTERS, values):
            info.add_saved_register(name, gdb.Value(value).cast(long))
        info.add_saved_register("rsp", gdb.Value(sp + 8 * len(values)).cast(long))
        return info


class WithoutTheCpu:
    """Leaves frame 0, the CPU's own, out of the backtrace of a selected thread."""

    def __init__(self):
        self.name, self.priority, self.enabled = "bobbin-thread", 100, True
        gdb.frame_filters[self.name] = self

    def filter(self, frames):
        for frame in frames:
            if not is_cpus_own(frame.inferior_frame()):
                yield frame


def select(p):
    """Make GDB look at a switched-out thread, or at the CPU that runs it; None: at the CPUs again."""
    global selected, cpu_sp
    selected = None
    gdb.invalidate_cached_frames()
    if p is None:
        return
    if t.runs(p):
        thread_of_cpu(t.cpu_of(p)).switch()
        return
    if not t.has_stack(p):
        raise gdb.GdbError(f"{t.title(p)} has ended, and its stack is given back")
    cpu_sp = int(gdb.newest_frame().read_register("rsp"))
    selected = m.address(p)
    gdb.invalidate_cached_frames()
    frame = gdb.newest_frame()
    while is_cpus_own(frame):
        frame = frame.older()
    frame.select()


def thread_of_cpu(cpu):
    """QEMU's thread for a CPU."""
    for thread in gdb.selected_inferior().threads():
        if thread.num == cpu + 1:
            return thread
    raise gdb.GdbError(f"GDB sees no CPU {cpu}")


class Task(Command):
    """Select a thread, running or not, by PID, name or pointer: then bt, up, info locals are about it.

    task PID, task NAME, task p         select it
    task                                say which is selected
    task off                            back to the CPUs; continuing does that, too

    Its frames are numbered from behind those of the CPU that GDB is stopped on, which backtraces leave out."""

    name = "task"

    def run(self, words):
        need(words, 0, 99, "task [PID|NAME|EXPRESSION|off]")
        if words == ["off"]:
            select(None)
            return
        if words:
            p = t.parse(words)
            select(p)
        else:
            p = m.at(selected, t.TASK) if selected else t.current()
        where = f"runs on CPU {t.cpu_of(p)}" if t.runs(p) else f"is switched out, in {t.sleeps_in(p)}()"
        print(f"{t.title(p)} {where}")
        if words:
            gdb.execute("frame")


def from_zero(backtrace):
    """A backtrace whose first frame is #0, however many frames of the CPU's own were in front of it."""
    first = int((re.match(r"#(\d+)", backtrace) or [0, 0])[1])
    return re.sub(r"(?m)^#(\d+) *", lambda m: f"#{int(m[1]) - first}".ljust(4), backtrace)


class BtAll(Command):
    """The backtrace of every thread, on a CPU or not.

    bt-all [N]          the N innermost frames only

    To go up and down in one of them select it, by task."""

    name = "bt-all"

    def run(self, words):
        need(words, 0, 1, "bt-all [N]")
        before, was = selected, gdb.selected_thread()
        try:
            for p in list(t.idle_tasks()) + t.all_tasks():
                if int(p["pid"]) == 0 and not t.runs(p):
                    continue
                print(f"\n{t.title(p)}, {t.state(p)}, CPU {t.cpu_of(p)}:")
                if not t.has_stack(p):
                    print("no stack: it has ended")
                    continue
                select(p)
                print(from_zero(gdb.execute("bt " + " ".join(words), to_string=True)), end="")
        finally:
            was.switch()
            select(m.at(before, t.TASK) if before else None)


gdb.unwinder.register_unwinder(None, SwitchedOut(), replace=True)
WithoutTheCpu()
gdb.events.cont.connect(lambda event: select(None))
Task()
BtAll()
