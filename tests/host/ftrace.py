# SPDX-License-Identifier: MIT
"""Traces to test tools/trace and tools/sched-report with: text as ftrace writes it.

    line(...)              one event
    text(lines, cpus)      with the heading in front
    simulate(count, seed)  a made-up schedule that keeps the rules: who sleeps is woken before it runs
"""

import random

HEAD = """# tracer: nop
#
# entries-in-buffer/entries-written: {kept}/{written}   #P:{cpus}
#
#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
"""


def line(time, cpu, comm, pid, event, fields, flags="d..2.", digits=9):
    """time in ns."""
    secs, ns = divmod(time, 10**9)
    frac = f"{ns:09d}"[:digits]
    return f"{comm if pid else '<idle>':>16}-{pid:<7} [{cpu:03d}] {flags} {secs:5d}.{frac}: {event}: {fields}"


def text(lines, cpus=4, written=None):
    count = sum(not one.startswith("CPU:") for one in lines)
    return HEAD.format(kept=count, written=written or count, cpus=cpus) + "".join(f"{one}\n" for one in lines)


class Simulation:
    """CPUs that run threads at random, and the lines that tell of it."""

    def __init__(self, seed, cpus, threads):
        self.random, self.time = random.Random(seed), 1_000_000_000
        self.threads = [(f"kworker/{n % cpus}:{n // cpus}" if n % 3 == 0 else f"demo/{n}", 40 + n)
                        for n in range(threads)]
        self.current = [("swapper/%d" % cpu, 0) for cpu in range(cpus)]
        self.queues = [[] for _ in range(cpus)]
        self.asleep = list(self.threads)
        self.lines = []

    def say(self, cpu, event, fields, flags="d..2."):
        self.lines.append(line(self.time, cpu, *self.current[cpu], event, fields, flags))
        self.time += self.random.randint(1, 400)

    def switch(self, cpu, state, to):
        prev, nxt = self.current[cpu], to
        self.say(cpu, "sched_switch", f"prev_comm={prev[0]} prev_pid={prev[1]} prev_prio=120 prev_state={state} ==> "
                 f"next_comm={nxt[0]} next_pid={nxt[1]} next_prio=120")
        self.current[cpu] = to

    def wake(self, cpu):
        thread = self.asleep.pop(self.random.randrange(len(self.asleep)))
        to = self.random.randrange(len(self.queues))
        flags = self.random.choice(("d..2.", "d.h1.", "d.s2."))
        fields = f"comm={thread[0]} pid={thread[1]} prio=120 target_cpu={to:03d}"
        self.say(cpu, "sched_waking", fields, flags)
        self.say(cpu, "sched_wakeup", fields, flags)
        self.queues[to].append(thread)

    def work(self, cpu):
        n = self.random.randrange(5)
        self.say(cpu, "workqueue_execute_start", f"work struct {n:016x}: function work_{n}", ".....")
        self.time += self.random.randint(100, 5000)
        self.say(cpu, "workqueue_execute_end", f"work struct {n:016x}: function work_{n}", ".....")

    def interrupt(self, cpu):
        self.say(cpu, "irq_handler_entry", "irq=4 name=serial", "d.h1.")
        self.say(cpu, "irq_handler_exit", "irq=4 ret=handled", "d.h1.")

    def leave(self, cpu):
        prev, queue = self.current[cpu], self.queues[cpu]
        if not prev[1]:
            if queue:
                self.switch(cpu, "R", queue.pop(0))
        elif queue and self.random.random() < 0.4:
            queue.append(prev)
            self.switch(cpu, "R+", queue.pop(0))
        else:
            self.asleep.append(prev)
            state = "I" if prev[0].startswith("kworker") else self.random.choice("SSD")
            self.switch(cpu, state, queue.pop(0) if queue else (f"swapper/{cpu}", 0))

    def step(self):
        cpu = self.random.randrange(len(self.current))
        choice = self.random.random()
        if choice < 0.45 and self.asleep:
            self.wake(cpu)
        elif choice < 0.5:
            self.interrupt(cpu)
        elif choice < 0.6 and self.current[cpu][0].startswith("kworker"):
            self.work(cpu)
        else:
            self.leave(cpu)
        self.time += int(self.random.expovariate(1 / 20000))


def simulate(count, seed=1, cpus=4, threads=24):
    """At least so many lines."""
    machine = Simulation(seed, cpus, threads)
    while len(machine.lines) < count:
        machine.step()
    return machine.lines


# Two threads on two CPUs, each number known. Microseconds after 1 s:
#   ping runs 12..50 on CPU 0 (woken at 0 by an interrupt on CPU 1), 70..90 on CPU 1 (woken at 60 by the odd one), exits
#   odd runs 40..70 on CPU 1 (woken at 30 by ping), is preempted by ping, runs 90..100, sleeps in D
ODD = "odd [x]: y-3"
_PING, _ODD = ("ping", 41), (ODD, 42)
_KNOWN = (
    (0, 1, None, "sched_waking", "comm=ping pid=41 prio=120 target_cpu=000", "d.h2."),
    (2, 1, None, "sched_wakeup", "comm=ping pid=41 prio=120 target_cpu=000", "dNh3."),
    (12, 0, None, _PING, "R"),
    (30, 0, _PING, "sched_waking", f"comm={ODD} pid=42 prio=120 target_cpu=001", "d..2."),
    (32, 0, _PING, "sched_wakeup", f"comm={ODD} pid=42 prio=120 target_cpu=001", "d..3."),
    (40, 1, None, _ODD, "R"),
    (45, 1, _ODD, "workqueue_execute_start", "work struct 00000000f2eec8bd: function tidy_up", "....."),
    (50, 0, _PING, None, "S"),
    (60, 1, _ODD, "sched_waking", "comm=ping pid=41 prio=120 target_cpu=000", "d..2."),
    (61, 1, _ODD, "sched_migrate_task", "comm=ping pid=41 prio=120 orig_cpu=0 dest_cpu=1", "d..2."),
    (62, 1, _ODD, "sched_wakeup", "comm=ping pid=41 prio=120 target_cpu=001", "dN.3."),
    (70, 1, _ODD, _PING, "R+"),
    (88, 1, _PING, "sched_process_exit", "comm=ping pid=41 prio=120", "....."),
    (90, 1, _PING, _ODD, "X"),
    (95, 1, _ODD, "workqueue_execute_end", "work struct 00000000f2eec8bd: function tidy_up", "....."),
    (100, 1, _ODD, None, "D"),
    (110, 0, None, "softirq_raise", "vec=9 [action=RCU]", "d.h1."),
)


def known():
    """The lines of that."""
    lines = []
    for us, cpu, who, event, fields, *flags in _KNOWN:
        idle = f"swapper/{cpu}", 0
        who = who or idle
        if event is None or isinstance(event, tuple):
            to = event or idle
            event, fields, flags = "sched_switch", (
                f"prev_comm={who[0]} prev_pid={who[1]} prev_prio=120 prev_state={fields} ==> next_comm={to[0]} "
                f"next_pid={to[1]} next_prio=120"), ["d..2."]
        lines.append(line(10**9 + us * 1000, cpu, *who, event, fields, flags[0]))
    return lines
