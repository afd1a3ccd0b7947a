# SPDX-License-Identifier: MIT
"""Threads: which there are, in what state, on which CPU or stack."""

import functools

import gdb

from bobbin import memory as m

TASK = "struct task_struct"
THREAD_SIZE = 16384
BP, RIP, FRAME = 5, 6, 7    # words of struct inactive_task_frame: r15 r14 r13 r12 bx bp ret_addr

INTERRUPTIBLE, UNINTERRUPTIBLE, PARKED, DEAD, WAKING, NOLOAD, NEW, FROZEN = \
    0x1, 0x2, 0x40, 0x80, 0x200, 0x400, 0x800, 0x8000
POLICIES = {0: "TS", 1: "FF", 2: "RR", 3: "B", 5: "IDL"}


NONE_YET = "no threads yet, the kernel is still starting: `sched-step` goes on to the first switch"


def idle_tasks():
    for cpu in m.cpus():
        yield m.per_cpu("runqueues", cpu)["idle"].dereference()


def all_tasks():
    """All threads but the idle ones, by PID."""
    first = m.var("init_task")
    tasks = list(m.list_of(first["tasks"], TASK, "tasks"))
    return sorted(tasks, key=lambda p: int(p["pid"]))


def by_pid(pid):
    tasks = all_tasks()
    for p in tasks:
        if int(p["pid"]) == pid:
            return p
    raise gdb.GdbError(f"no thread has PID {pid}: `ps` lists them" if tasks else NONE_YET)


def by_name(name):
    """The thread that is called so, None if there is none. PIDs change with each thread that is started before."""
    found = [p for p in all_tasks() if comm(p) == name]
    # A new thread has its maker's name until it gets its own.
    found = [p for p in found if int(p["real_parent"]) not in [m.address(other) for other in found]]
    if len(found) > 1:
        raise gdb.GdbError(f"{len(found)} threads are called {name}: say which by its PID, "
                           + ", ".join(str(int(p["pid"])) for p in found))
    return found[0] if found else None


def parse(words):
    """The thread that a command is about: a PID, a name, an expression that is a task, or none: who runs here."""
    if not words:
        return current()
    expr = " ".join(words)
    if expr.isdigit():
        return by_pid(int(expr))
    named = by_name(expr)
    if named is not None:
        return named
    try:
        value = m.pointed(gdb.parse_and_eval(expr))
    except gdb.error as e:
        raise gdb.GdbError(f"no thread is called {expr}, and it is no expression either: {e}")
    if m.tag(value) == "task_struct":
        return value
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_INT:
        return by_pid(int(value))
    raise gdb.GdbError(f"{expr} is neither a thread's PID or name nor a struct task_struct *")


def wanted(word):
    """A thread that a breakpoint is about: a function that knows it, by PID or name. The name may be one that comes
    later; for a PID this is hardly meant."""
    if word.isdigit():
        pid = int(by_pid(int(word))["pid"])
        return lambda p: int(p["pid"]) == pid
    if not any(comm(p) == word for p in all_tasks()):
        print(f"no thread is called {word} yet")
    return lambda p: comm(p) == word


def current(cpu=None):
    """Who runs on a CPU, on the selected one by default."""
    return m.per_cpu("current_task", m.this_cpu() if cpu is None else cpu).dereference()


def comm(p):
    return m.text(p["comm"])


def title(p):
    return f"{comm(p)} ({int(p['pid'])})"


def cpu_of(p):
    return int(p["thread_info"]["cpu"])


def runs(p):
    """Is it on a CPU, at this moment?"""
    return int(p["on_cpu"]) != 0 and m.address(current(cpu_of(p))) == m.address(p)


def state(p):
    """The letter, as ps prints it."""
    bits, dying = int(p["__state"]), int(p["exit_state"])
    if dying & 0x20:
        return "Z"
    if dying & 0x10 or bits & DEAD:
        return "X"
    if bits & PARKED:
        return "P"
    if bits & FROZEN:
        return "D"
    if bits & UNINTERRUPTIBLE:
        return "I" if bits & NOLOAD else "D"
    if bits & NEW:
        return "N"
    return "S" if bits & INTERRUPTIBLE else "R"


def policy(p):
    return POLICIES.get(int(p["policy"]), "?")


def priority(p):
    """What ps shows as RTPRIO, or nice."""
    if int(p["policy"]) in (1, 2):
        return f"rt {int(p['rt_priority'])}"
    return f"{int(p['static_prio']) - 120}"


def saved_frame(p):
    """The seven words that __switch_to_asm() left on a switched-out thread's stack, and where they lie."""
    sp = int(p["thread"]["sp"])
    return sp, m.words(sp, FRAME)


def has_stack(p):
    return int(p["stack"]) != 0


def callers(p):
    """The return addresses of a switched-out thread, innermost first, by its chain of frame pointers."""
    if not has_stack(p):
        return
    low = int(p["stack"])
    _, frame = saved_frame(p)
    yield frame[RIP]
    bp = frame[BP]
    while low <= bp < low + THREAD_SIZE - 16:
        up, pc = m.words(bp, 2)
        if not pc:
            return
        yield pc
        if up <= bp:
            return
        bp = up


def functions(p):
    """The same as names."""
    return [m.function_at(pc - 1) for pc in callers(p)]


@functools.lru_cache(maxsize=None)
def sleeping_functions():
    """The scheduler's own ways of sleeping: what lies in .sched.text."""
    low, high = (int(gdb.parse_and_eval(f"(unsigned long)&{s}")) for s in ("__sched_text_start", "__sched_text_end"))
    names, pc = {"__switch_to_asm", "context_switch"}, low
    while pc < high:
        name = m.symbol_at(pc).split("+")[0].split(".")[0]
        if name:
            names.add(name)
        pc += 16
    return names


def sleeps_in(p):
    """The first function that is not the scheduler's own way of sleeping: ps's WCHAN."""
    for name in functions(p):
        if name not in sleeping_functions():
            return name
    return "?"


def owner_of_stack(addr):
    """Whose stack an address lies on, or None."""
    for p in all_tasks():
        low = int(p["stack"])
        if low and low <= addr < low + THREAD_SIZE:
            return p
    return None


def now():
    """ns since boot, as the run queues saw it last."""
    return max((int(m.per_cpu("runqueues", cpu)["clock"]) for cpu in m.cpus()), default=0)


def seconds(ns):
    return f"{ns // 1000000000}.{ns % 1000000000 // 1000000:03}"
