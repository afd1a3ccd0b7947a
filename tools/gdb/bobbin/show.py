# SPDX-License-Identifier: MIT
"""The commands that list. Each is one class; its docstring is its help."""

import gdb

from bobbin import Command, need
from bobbin import memory as m
from bobbin import tasks as t
from bobbin import waits


def function(pointer):
    """The name of a function that is pointed to."""
    name = m.symbol_at(int(pointer))
    return f"{name}()" if name else f"{int(pointer):#x}"


def whose(timer):
    """Who sleeps until then: a timer that ends a sleep lies on the sleeper's stack."""
    p = t.owner_of_stack(m.address(timer))
    return f", for {t.title(p)}" if p is not None else ""


def cpus_of(words, usage):
    """The CPUs that a command is about: the one that is named, or all."""
    need(words, 0, 1, usage)
    online = m.cpus()
    if not words:
        return online
    if not words[0].isdigit() or int(words[0]) not in online:
        raise gdb.GdbError(f"{words[0]} is no CPU that is online; {m.mask_text(online)} are")
    return [int(words[0])]


class Ps(Command):
    """Every thread: state, CPU, policy, where it runs or sleeps, what it waits for and since when.

    ps                  the threads that have a PID
    ps -i               the idle threads, too"""

    name = "ps"

    def run(self, words):
        need(words, 0, 1, "ps [-i]")
        tasks = [p for p in t.all_tasks() if int(p["pid"])]
        if not tasks:
            raise gdb.GdbError(t.NONE_YET)
        print(f"{'PID':>5} {'PPID':>5} S {'CPU':>3} {'CLS':3} {'PRI':>5} {'COMM':15} {'SINCE':>9} "
              f"{'WHERE':22} WAITS FOR")
        idle = list(t.idle_tasks()) if words == ["-i"] else []
        now = t.now()
        for p in idle + tasks:
            wait = waits.wait_of(p)
            where = "-" if wait.kind in ("runs", "runnable", "ended") else t.sleeps_in(p)
            parent = int(p["real_parent"]["pid"]) if int(p["real_parent"]) else 0
            since = t.seconds(max(0, now - int(p["last_switch"])))
            print(f"{int(p['pid']):5} {parent:5} {t.state(p)} {t.cpu_of(p):3} {t.policy(p):3} {t.priority(p):>5} "
                  f"{t.comm(p):15} {since:>9} {where:22} {wait.what}")


def fair_that_wait(cfs):
    """Those of the line and those of the tree: kernel/sched/timeline.h."""
    if int(cfs["line"]["next"]):
        yield from m.list_of(cfs["line"], t.TASK, "se.line_node")
    yield from m.tree_of(cfs["tasks_timeline"], t.TASK, "se.run_node")


def ahead(p, least):
    """ns of virtual time since `least`, which may lie on the other side of zero."""
    return (int(p["se"]["vruntime"]) - least + 2**63) % 2**64 - 2**63


class Rq(Command):
    """The run queues: who runs, and who waits in which order.

    rq [CPU]"""

    name = "rq"

    def run(self, words):
        for cpu in cpus_of(words, "rq [CPU]"):
            rq = m.per_cpu("runqueues", cpu)
            curr = rq["curr"].dereference()
            print(f"CPU {cpu}: {int(rq['nr_running'])} runnable, {int(rq['nr_switches'])} switches; "
                  f"runs {t.title(curr)}, {t.policy(curr)} {t.priority(curr)}")
            if int(rq["rt"]["throttled"]):
                print("  real-time threads have used up their share and wait")
            for i in range(100):
                if int(rq["rt"]["queue"][i]["next"]):
                    for p in m.list_of(rq["rt"]["queue"][i], t.TASK, "rt.run_list"):
                        if m.address(p) != m.address(curr):
                            print(f"  {t.policy(p)} {int(p['rt_priority']):3}  {t.title(p)}")
            least = int(rq["cfs"]["min_vruntime"])
            for p in sorted(fair_that_wait(rq["cfs"]), key=lambda p: ahead(p, least)):
                print(f"  {t.policy(p)} {t.priority(p):>4}  {t.title(p)}, vruntime {ahead(p, least) / 1e6:+.3f} ms")


class Locks(Command):
    """Every thread that has or waits for a lock that sleeps."""

    name = "locks"

    def run(self, words):
        need(words, 0, 0, "locks")
        nothing = True
        for p in t.all_tasks():
            held = [waits.lock_name(lock) for lock in waits.held_locks(p)]
            if int(p["read_holds"]):
                held.append(f"{int(p['read_holds'])} rwsems for reading")
            if held:
                print(f"{t.title(p)} has {', '.join(held)}")
            if int(p["blocked_on"]):
                lock = p["blocked_on"].dereference()
                owner = waits.lock_owner(lock)
                whose = f", which {t.title(owner)} has" if owner is not None else ""
                print(f"{t.title(p)} waits for {waits.lock_name(lock)}{whose}")
            nothing = nothing and not held and not int(p["blocked_on"])
        if nothing:
            print("no thread has or waits for a mutex, semaphore, rwsem or rt_mutex")


class KthreadList(Command):
    """The requests for threads that kthreadd has not taken yet."""

    name = "kthread-list"

    def run(self, words):
        need(words, 0, 0, "kthread-list")
        count = 0
        for k in m.list_of(m.var("kthread_create_list"), "struct kthread", "request"):
            count += 1
            name = m.text(k["asker"].dereference()["name"]) if int(k["asker"]) else "whose asker was killed"
            print(f"{name}: {function(k['threadfn'])} with {int(k['data']):#x}")
        print(f"{count} waiting" if count else "nobody waits for a new thread")


class Worker(Command):
    """A kthread_worker: its thread, what it does, what is queued.

    worker EXPRESSION   a struct kthread_worker, or a pointer to one"""

    name = "worker"

    def run(self, words):
        need(words, 1, 99, "worker EXPRESSION")
        value = m.pointed(gdb.parse_and_eval(" ".join(words)))
        if m.tag(value) != "kthread_worker":
            raise gdb.GdbError(f"that is a {value.type}, not a struct kthread_worker")
        thread = int(value["task"])
        print(f"thread {t.title(m.at(thread, t.TASK)) if thread else 'none: nobody would do its works'}")
        if int(value["current_work"]):
            print(f"does   the work at {int(value['current_work']):#x}")
        for name, listed in (("work_list", "queued"), ("delayed_work_list", "delayed")):
            for work in m.list_of(value[name], "struct kthread_work", "node"):
                print(f"{listed:7}{function(work['func'])}, the work at {m.address(work):#x}")


class Workqueues(Command):
    """The workqueues and the pools that do their works."""

    name = "workqueues"

    def run(self, words):
        need(words, 0, 0, "workqueues")
        pools = {}
        for wq in m.list_of(m.var("workqueues"), "struct workqueue_struct", "list"):
            active = kept = 0
            for pwq in m.list_of(wq["pwqs"], "struct pool_workqueue", "node"):
                pools[int(pwq["pool"])] = pwq["pool"].dereference()
                active += int(pwq["nr_active"])
                kept += len(list(m.list_nodes(pwq["inactive_works"])))
            print(f"{m.text(wq['name']):20} {active} active, {kept} kept back")
        for pool in sorted(pools.values(), key=lambda pool: int(pool["id"])):
            cpu = int(pool["cpu"])
            where = f"CPU {cpu}" if cpu >= 0 else "any CPU"
            print(f"pool {int(pool['id'])}: {where}, nice {int(pool['nice'])}, {int(pool['nr_workers'])} workers, "
                  f"{int(pool['nr_idle'])} idle")
            for worker in m.list_of(pool["workers"], "struct worker", "node"):
                if int(worker["current_work"]):
                    print(f"  {t.title(worker['task'].dereference())} does {function(worker['current_func'])} "
                          f"of {m.text(worker['current_pwq']['wq']['name'])}")
            for work in m.list_of(pool["worklist"], "struct work_struct", "entry"):
                print(f"  {function(work['func'])} waits")


class Timers(Command):
    """What is set to happen: timers and hrtimers, the first one first.

    timers [CPU]"""

    name = "timers"

    def run(self, words):
        jiffies = int(m.var("jiffies")) & (1 << 64) - 1
        for cpu in cpus_of(words, "timers [CPU]"):
            print(f"CPU {cpu}:")
            found = []
            for base in range(2):
                wheel = m.per_cpu("timer_bases", cpu)[base]["wheel"]
                for i in self.busy(wheel):
                    found += list(m.hlist_of(wheel["bucket"][i], "struct timer_list", "entry"))
            for timer in sorted(found, key=lambda timer: int(timer["expires"])):
                left = int(timer["expires"]) - jiffies
                print(f"  {left:+8} jiffies  {function(timer['function'])}{whose(timer)}")
            bases = m.per_cpu("hrtimer_bases", cpu)["base"]
            low, high = bases.type.range()
            for i in range(low, high + 1):
                for timer in m.tree_of(bases[i]["active"], "struct hrtimer", "node.node"):
                    print(f"  at {t.seconds(int(timer['node']['expires'])):>10} s  {function(timer['function'])}, "
                          f"hrtimer of clock {i}{whose(timer)}")

    def busy(self, wheel):
        """The buckets in which something is."""
        low, high = wheel["busy"].type.range()
        for level in range(low, high + 1):
            bits = int(wheel["busy"][level])
            for slot in range(64):
                if bits >> slot & 1:
                    yield 64 * level + slot


class Dmesg(Command):
    """The kernel's log, or its last N messages.

    dmesg [N]"""

    name = "dmesg"

    def run(self, words):
        need(words, 0, 1, "dmesg [N]")
        lines = list(messages())
        if words:
            lines = lines[-int(words[0]):] if words[0].isdigit() and int(words[0]) else []
        for stamp, line in lines:
            for part in line.split("\n"):
                print(f"[{stamp // 10**9:5}.{stamp % 10**9 // 1000:06}] {part}")


def messages():
    """(time in ns, text) of each message in the log."""
    slots, head = m.var("log_slots"), int(m.var("log_head")["counter"])
    low, high = slots.type.range()
    count = high - low + 1
    stamp, line = 0, None
    for n in range(max(1, head - count), head):
        slot = slots[n % count]
        state, flags = int(slot["state"]["counter"]), int(slot["flags"])
        if state >> 2 != n or state & 3:
            continue
        piece = m.text(slot["text"], int(slot["len"]))
        if flags & 1 or line is None:
            if line is not None:
                yield stamp, line
            stamp, line = int(slot["ts_nsec"]), ""
        line += piece
        if flags & 2:
            yield stamp, line.rstrip("\n")
            line = None
    if line is not None:
        yield stamp, line


Ps()
Rq()
Locks()
KthreadList()
Worker()
Workqueues()
Timers()
Dmesg()
