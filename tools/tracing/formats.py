# SPDX-License-Identifier: MIT
"""The events of a trace, each by one line that says how it reads as text. From this line come

    the pattern that takes the text apart again (Format.parse),
    the descriptor that trace-cmd wants: each field with type, offset and size, and a print format (dat.py).

{name:type} stands for a field. Names are Linux 6.1's, and nearly all types, so that what looks for `next_pid` or
`target_cpu` finds it; timer_start has as fields what its text shows. A type is one of TYPES, or a set of words in
SYMBOLS (one of them) or FLAGS (several, with |). A field that is written twice is stored once. An event that is written
in two ways has two lines.
"""

import re

EVENTS = """
sched sched_switch prev_comm={prev_comm:comm} prev_pid={prev_pid:pid} prev_prio={prev_prio:int} \
prev_state={prev_state:state} ==> next_comm={next_comm:comm} next_pid={next_pid:pid} next_prio={next_prio:int}
sched sched_waking comm={comm:comm} pid={pid:pid} prio={prio:int} target_cpu={target_cpu:cpu}
sched sched_wakeup comm={comm:comm} pid={pid:pid} prio={prio:int} target_cpu={target_cpu:cpu}
sched sched_wakeup_new comm={comm:comm} pid={pid:pid} prio={prio:int} target_cpu={target_cpu:cpu}
sched sched_migrate_task comm={comm:comm} pid={pid:pid} prio={prio:int} orig_cpu={orig_cpu:int} dest_cpu={dest_cpu:int}
sched sched_process_fork comm={parent_comm:comm} pid={parent_pid:pid} child_comm={child_comm:comm} \
child_pid={child_pid:pid}
sched sched_process_exec filename={filename:str} pid={pid:pid} old_pid={old_pid:pid}
sched sched_process_exit comm={comm:comm} pid={pid:pid} prio={prio:int}
sched sched_process_free comm={comm:comm} pid={pid:pid} prio={prio:int}
sched sched_process_wait comm={comm:comm} pid={pid:pid} prio={prio:int}
sched sched_process_hang comm={comm:comm} pid={pid:pid}
sched sched_wait_task comm={comm:comm} pid={pid:pid} prio={prio:int}
sched sched_pi_setprio comm={comm:comm} pid={pid:pid} oldprio={oldprio:int} newprio={newprio:int}
sched sched_stat_runtime comm={comm:comm} pid={pid:pid} runtime={runtime:u64} [ns] vruntime={vruntime:u64} [ns]
sched sched_kthread_stop comm={comm:comm} pid={pid:pid}
sched sched_kthread_stop_ret ret={ret:int}
sched sched_kthread_work_queue_work work struct={work:ptr} function={function:func} worker={worker:ptr}
sched sched_kthread_work_execute_start work struct {work:ptr}: function {function:func}
sched sched_kthread_work_execute_end work struct {work:ptr}: function {function:func}
workqueue workqueue_queue_work work struct={work:ptr} function={function:func} workqueue={workqueue:str} \
req_cpu={req_cpu:int} cpu={cpu:int}
workqueue workqueue_activate_work work struct {work:ptr}
workqueue workqueue_execute_start work struct {work:ptr}: function {function:func}
workqueue workqueue_execute_end work struct {work:ptr}: function {function:func}
timer timer_init timer={timer:ptr}
timer timer_start timer={timer:ptr} function={function:func} expires={expires:ulong} [timeout={timeout:long}] \
cpu={cpu:uint} idx={idx:uint} flags={flags:timer_flags}
timer timer_expire_entry timer={timer:ptr} function={function:func} now={now:ulong} baseclk={baseclk:ulong}
timer timer_expire_exit timer={timer:ptr}
timer timer_cancel timer={timer:ptr}
timer hrtimer_init hrtimer={hrtimer:ptr} clockid={clockid:clock} mode={mode:mode}
timer hrtimer_start hrtimer={hrtimer:ptr} function={function:func} expires={expires:s64} \
softexpires={softexpires:s64} mode={mode:mode} was_armed={was_armed:int}
timer hrtimer_start hrtimer={hrtimer:ptr} function={function:func} expires={expires:s64} \
softexpires={softexpires:s64} mode={mode:mode}
timer hrtimer_expire_entry hrtimer={hrtimer:ptr} function={function:func} now={now:s64}
timer hrtimer_expire_exit hrtimer={hrtimer:ptr}
timer hrtimer_cancel hrtimer={hrtimer:ptr}
timer tick_stop success={success:int} dependency={dependency:str}
irq irq_handler_entry irq={irq:int} name={name:str}
irq irq_handler_exit irq={irq:int} ret={ret:handled}
irq softirq_raise vec={vec:uint} [action={vec:softirq}]
irq softirq_entry vec={vec:uint} [action={vec:softirq}]
irq softirq_exit vec={vec:uint} [action={vec:softirq}]
irq tasklet_entry tasklet={tasklet:func} function={func:func}
irq tasklet_exit tasklet={tasklet:func} function={func:func}
ipi ipi_raise target_mask={target_cpus:str} ({reason:str})
ipi ipi_entry ({reason:str})
ipi ipi_exit ({reason:str})
irq_vectors local_timer_entry vector={vector:int}
irq_vectors local_timer_exit vector={vector:int}
irq_vectors reschedule_entry vector={vector:int}
irq_vectors reschedule_exit vector={vector:int}
irq_vectors call_function_entry vector={vector:int}
irq_vectors call_function_exit vector={vector:int}
irq_vectors irq_work_entry vector={vector:int}
irq_vectors irq_work_exit vector={vector:int}
lock contention_begin {lock_addr:ptr} (flags={flags:lock_flags})
lock contention_end {lock_addr:ptr} (ret={ret:int})
cpuhp cpuhp_enter cpu: {cpu:cpu4} target: {target:int3} step: {idx:int3} ({fun:func})
cpuhp cpuhp_multi_enter cpu: {cpu:cpu4} target: {target:int3} step: {idx:int3} ({fun:func})
cpuhp cpuhp_exit  cpu: {cpu:cpu4}  state: {state:int3} step: {idx:int3} ret: {ret:int}
printk console {msg:str}
"""

INTEGER = r"-?\d+"
# C type, size, signed, print format, pattern
TYPES = {
    "comm": ("char", 16, True, "%s", r".{0,15}?"),
    "str": ("__data_loc char[]", 4, True, "%s", r".*?"),
    "func": ("void *", 8, False, "%ps", r"\S+(?: \[\w+\])?"),
    "ptr": ("void *", 8, False, "%016llx", r"[0-9a-f]{16}"),
    "state": ("long", 8, True, "%s%s", r"[A-Za-z|]+\+?"),
    "pid": ("pid_t", 4, True, "%d", INTEGER),
    "int": ("int", 4, True, "%d", INTEGER),
    "int3": ("int", 4, True, "%3d", rf" *{INTEGER}"),
    "cpu": ("int", 4, True, "%03d", INTEGER),
    "cpu4": ("unsigned int", 4, False, "%04u", r"\d+"),
    "uint": ("unsigned int", 4, False, "%u", r"\d+"),
    "long": ("long", 8, True, "%ld", INTEGER),
    "ulong": ("unsigned long", 8, False, "%lu", r"\d+"),
    "s64": ("s64", 8, True, "%lld", INTEGER),
    "u64": ("u64", 8, False, "%llu", r"\d+"),
}
MODES = [f"{base}{end}" for end in ("", "|PINNED", "|SOFT", "|PINNED|SOFT", "|HARD", "|PINNED|HARD")
         for base in ("ABS", "REL")]
SYMBOLS = {
    "clock": {"CLOCK_REALTIME": 0, "CLOCK_MONOTONIC": 1, "CLOCK_BOOTTIME": 7, "CLOCK_TAI": 11},
    "mode": {word: (n // 2 % 2) * 2 + n % 2 + n // 4 * 4 for n, word in enumerate(MODES)},
    "handled": {"unhandled": 0, "handled": 1},
    "softirq": {word: n for n, word in enumerate(
        "HI TIMER NET_TX NET_RX BLOCK IRQ_POLL TASKLET SCHED HRTIMER RCU".split())},
}
FLAGS = {
    "state": {"S": 1, "D": 2, "T": 4, "t": 8, "X": 16, "Z": 32, "P": 64, "I": 128},
    "timer_flags": {"M": 0x40000, "D": 0x80000, "P": 0x100000, "I": 0x200000},
    "lock_flags": {"SPIN": 1, "READ": 2, "WRITE": 4, "RT": 8, "PERCPU": 16, "MUTEX": 32},
}
PREEMPTED = 0x100    # the + of "R+"

for _kind in SYMBOLS:
    TYPES[_kind] = ("int", 4, True, "%s", "|".join(re.escape(word) for word in SYMBOLS[_kind]))
for _kind in ("timer_flags", "lock_flags"):
    TYPES[_kind] = ("unsigned int", 4, False, "%s", r"[A-Z|]*")


class Format:
    """One event: .name, .system, .pieces (text and (field, type) by turns), .fields ({name: type}, each once)."""

    def __init__(self, system, name, template):
        self.system, self.name = system, name
        self.pieces = [tuple(p[1:-1].split(":")) if p.startswith("{") else p
                       for p in re.split(r"(\{\w+:\w+\})", template)]
        self.fields, pattern = {}, ""
        for piece in self.pieces:
            if isinstance(piece, str):
                pattern += re.escape(piece)
            elif piece[0] in self.fields:
                pattern += f"(?:{TYPES[piece[1]][4]})"
            else:
                self.fields[piece[0]] = piece[1]
                pattern += f"({TYPES[piece[1]][4]})"
        self.match = re.compile(pattern, re.DOTALL).fullmatch
        self.numbers = [TYPES[kind][4].endswith("d+") or TYPES[kind][4] == INTEGER for kind in self.fields.values()]

    def parse(self, text):
        """{field: number or text}; None if the text does not read like this event's."""
        m = self.match(text)
        if not m:
            return None
        return {name: int(value) if number else value
                for name, value, number in zip(self.fields, m.groups(), self.numbers)}


def _read(table):
    formats = {}
    for line in table.strip().splitlines():
        system, name, template = line.split(" ", 2)
        formats.setdefault(name, []).append(Format(system, name, template))
    return formats


FORMATS = _read(EVENTS)


def parse(name, text):
    """(the Format that this event is written in, its fields); (None, None) if there is none."""
    for known in FORMATS.get(name, ()):
        fields = known.parse(text)
        if fields is not None:
            return known, fields
    return None, None
