# SPDX-License-Identifier: MIT
"""What a thread waits for.

A thread that sleeps for a lock says so itself (task->blocked_on). One that sleeps on a wait queue or a completion has
an entry of that queue on its stack: three words that cannot be there by chance (the thread itself, a wake function,
a list node whose neighbour points back). From the entry the list leads to the queue's head, and the head's address to
a name: of a variable, or of the thread on whose stack it lies. Everything else is told by the function it sleeps in."""

import gdb

from bobbin import Command, need
from bobbin import memory as m
from bobbin import tasks as t

ENTRY, HEAD = "struct wait_queue_entry", "struct wait_queue_head"

# The function that a thread sleeps in -> what that means.
PLACES = {
    "kthreadd": "a request for a thread (kthread_create_list)",
    "worker_thread": "work",
    "rescuer_thread": "a call for help",
    "kthread_worker_fn": "work of its kthread_worker",
    "smpboot_thread_fn": "something to do",
    "kthread": "its first wake_up_process()",
    "__kthread_parkme": "kthread_unpark()",
    "__refrigerator": "thaw: it is frozen",
    "msleep": "time to pass",
    "msleep_interruptible": "time to pass",
    "usleep_range_state": "time to pass",
    "schedule_timeout": "time to pass",
    "kernel_wait4": "a child to end",
}


# Who is in this function waits for another thread: the member of its struct kthread, and what it is to do.
ASKS = (("kthread_stop", "exited", "to end"), ("kthread_park", "parked", "to park"))


class Wait:
    """kind: runs, runnable, lock, completion, thread, queue, place, ended. what: in words. addr: of the object. owner:
    a task who could end the wait, or None."""

    def __init__(self, kind, what, addr=0, owner=None):
        self.kind, self.what, self.addr, self.owner = kind, what, addr, owner


def is_wake_function(addr):
    return "wake" in m.symbol_at(addr).split("+")[0] and "+" not in m.symbol_at(addr)


def entries_on_stack(p, sp):
    """The wait queue entries that p has queued: their addresses, the innermost first."""
    top = int(p["stack"]) + t.THREAD_SIZE
    stack, me = m.words(sp, (top - sp) // 8), m.address(p)
    private, entry = m.offset(ENTRY, "private"), m.offset(ENTRY, "entry")
    for i in range(len(stack) - 3):
        node = sp + 8 * i - private + entry
        if stack[i] != me or not is_wake_function(stack[i + 1]):
            continue
        after, before = stack[i + 2], stack[i + 3]
        try:
            if after != node and m.word(after + 8) == node and m.word(before) == node:
                yield node - entry
        except gdb.MemoryError:
            pass


def queue_of(entry):
    """The address of the wait_queue_head whose list an entry is on, or 0."""
    node = m.word(entry + m.offset(ENTRY, "entry"))
    for _ in range(m.ENDLESS):
        candidate = node - m.offset(ENTRY, "entry")
        if candidate == entry:
            return 0
        if not is_wake_function(m.word(candidate + m.offset(ENTRY, "func"))):
            return node - m.offset(HEAD, "head")
        node = m.word(node)
    return 0


def place(addr):
    """Where an object lies, in words."""
    name = m.variable_at(addr)
    if name:
        return name
    p = t.owner_of_stack(addr)
    if p is not None:
        return f"{addr:#x}, on the stack of {t.title(p)}"
    return f"{addr:#x}"


def lock_owner(lock):
    """Who has the lock that an owned_lock is in, by its kind. None: nobody, or it isn't known."""
    kind, at = m.text(lock["kind"]["what"]), m.address(lock)
    owner = 0
    if kind == "mutex":
        owner = int(m.container(at, "struct mutex", "own")["owner"]["counter"]) & ~7
    elif kind == "rt_mutex":
        owner = int(m.container(at, "struct rt_mutex", "own")["rtmutex"]["owner"]) & ~7
    elif "semaphore" in kind or kind == "rwsem":
        for p in t.all_tasks():
            if any(m.address(held) == at for held in held_locks(p)):
                owner = m.address(p)
    return m.at(owner, t.TASK) if owner else None


def lock_name(lock):
    return f"{m.text(lock['kind']['what'])} {m.text(lock['dep_map']['name'])}"


def held_locks(p):
    """The locks that p has, as owned_locks, the innermost first."""
    lock = int(p["held_locks"])
    while lock:
        value = m.at(lock, "struct owned_lock")
        yield value
        lock = int(value["below"])


def wait_of(p):
    """What p does or waits for: a Wait."""
    if t.runs(p):
        return Wait("runs", f"runs on CPU {t.cpu_of(p)}")
    letter = t.state(p)
    if letter in "ZX" or not t.has_stack(p):
        return Wait("ended", "has ended; nobody has asked for its exit code" if letter == "Z" else "has ended")
    if letter == "N":
        return Wait("place", "being made")
    if int(p["on_rq"]):
        first = t.current(t.cpu_of(p))
        return Wait("runnable", f"CPU {t.cpu_of(p)}, behind {t.title(first)}", owner=first)
    return sleep_of(p, t.saved_frame(p)[0], t.functions(p))


def sleep_of(p, sp, names):
    """What p sleeps for, or is about to: from its stack pointer and the names of its active functions."""
    if int(p["blocked_on"]):
        lock = p["blocked_on"].dereference()
        return Wait("lock", lock_name(lock), m.address(lock), lock_owner(lock))
    for entry in entries_on_stack(p, sp):
        queue = queue_of(entry)
        if not queue:
            continue
        if any(name.startswith("wait_for_") for name in names):
            x = queue - m.offset("struct completion", "wait")
            for name, member, what in ASKS:
                if name in names:
                    p = m.container(x, "struct kthread", member)["task"].dereference()
                    return Wait("thread", f"{t.title(p)} {what}", x, p)
            return Wait("completion", f"completion {place(x)}", x)
        return Wait("queue", f"wait queue {place(queue)}", queue)
    for name in names:
        if name in PLACES:
            return Wait("place", PLACES[name])
        if name not in t.sleeping_functions():
            return Wait("place", f"a wake-up, in {name}()")
    return Wait("place", "a wake-up")


class Why(Command):
    """Why a thread isn't running, and whom that depends on.

    why PID             why NAME             why p"""

    name = "why"

    def run(self, words):
        need(words, 1, 99, "why PID|NAME|EXPRESSION")
        p, seen = t.parse(words), []
        while p is not None and m.address(p) not in seen:
            seen.append(m.address(p))
            p = self.explain(p)
        if p is not None:
            print(f"... which is {t.title(p)} again: a circle. None of them will ever go on.")

    def explain(self, p):
        wait, since = wait_of(p), t.now() - int(p["last_switch"])
        for_how_long = f" for {t.seconds(since)} s" if since > 0 else ""
        if wait.kind in ("runs", "ended"):
            print(f"{t.title(p)} {wait.what}")
            return None
        if wait.kind == "runnable":
            print(f"{t.title(p)} could run, and waits{for_how_long} for {wait.what} ({t.policy(wait.owner)}, "
                  f"{t.priority(wait.owner)})")
            return None
        how = {"S": "sleeps", "D": "sleeps uninterruptibly", "I": "idles", "P": "is parked"}.get(t.state(p), "sleeps")
        print(f"{t.title(p)} {how}{for_how_long} in {t.sleeps_in(p)}(), waiting for {wait.what}")
        if wait.owner is not None:
            print(f"  which {t.title(wait.owner)} has:" if wait.kind == "lock" else "  and that one:")
        return wait.owner


class Waiters(Command):
    """Who waits for a completion, wait queue head, mutex, rt_mutex, semaphore or rw_semaphore.

    waiters EXPRESSION  of one of these types, or a pointer to one"""

    name = "waiters"

    def run(self, words):
        need(words, 1, 99, "waiters EXPRESSION")
        value = m.pointed(gdb.parse_and_eval(" ".join(words)))
        kind = m.tag(value)
        if kind == "completion":
            print(f"completion, done {int(value['done'])}")
            self.queue(value["wait"])
        elif kind == "wait_queue_head":
            self.queue(value)
        elif kind == "owned_lock":
            self.lock(value)
        elif kind in ("mutex", "rt_mutex", "semaphore", "rw_semaphore"):
            self.lock(value["own"])
        else:
            raise gdb.GdbError(f"nobody can wait for {value.type}: give a completion, a wait queue head or a lock")

    def queue(self, head):
        count = 0
        for entry in m.list_of(head["head"], ENTRY, "entry"):
            count += 1
            who = int(entry["private"])
            alone = " exclusively" if int(entry["flags"]) & 1 else ""
            func = m.symbol_at(int(entry["func"]))
            print(f"  {t.title(m.at(who, t.TASK)) if who else '-'}{alone}, woken by {func}()")
        print(f"{count} waiting" if count else "nobody waits")

    def lock(self, own):
        owner = lock_owner(own)
        print(f"{lock_name(own)}: " + (f"{t.title(owner)} has it" if owner is not None else "no owner is known"))
        waiting = [p for p in t.all_tasks() if int(p["blocked_on"]) == m.address(own)]
        for p in waiting:
            print(f"  {t.title(p)}, for {t.seconds(t.now() - int(p['last_switch']))} s")
        print(f"{len(waiting)} waiting" if waiting else "nobody waits")


Why()
Waiters()
