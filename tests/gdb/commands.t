#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""GDB's commands that list: what each says of threads that sleep on every kind of object (tests/sleepers.c)."""

import re

from session import Session, bobbin

tap = bobbin.Tap()

WAITS = {
    "sleep/holder": r"D .* hold_locks +completion sleepers_stay",
    "sleep/mutex": r"D .* want_mutex +mutex sleepers_mutex",
    "sleep/rt_mutex": r"D .* want_rt_mutex +rt_mutex sleepers_rt_mutex",
    "sleep/rwsem": r"D .* want_rwsem +rw_semaphore sleepers_rwsem",
    "sleep/semaphore": r"D .* want_semaphore +semaphore sleepers_semaphore",
    "sleep/event": r"S .* want_event +wait queue sleepers_queue",
    "sleep/done": r"S .* want_completion +completion sleepers_done",
    "sleep/time": r"D .* msleep +time to pass",
    "sleep/abba1": r"D .* want_each_other +mutex sleepers_abba\[1\]",
    "sleep/abba2": r"D .* want_each_other +mutex sleepers_abba\[0\]",
    "sleep/unborn": r"D .* kthread +its first wake_up_process\(\)",
    "sleep/parked": r"P .* kthread_unpark\(\)",
    "sleep/worker": r"S .* sleep_in_kthread_work +completion sleepers_stay",
    "kthreadd": r"S .* kthreadd +a request for a thread",
    "init": r"S .* run_shell +completion",
    "poweroff": r"R .* runs on CPU",
}

SAYS = [
    # what to type, what must be in the answer, what must not
    ("ps", [rf"(?m)^ +\d+ +\d+ {what.split(' ', 1)[0]} .*{name} .*{what.split(' ', 1)[1].removeprefix('.*')}"
            for name, what in WAITS.items()]),
    ("ps -i", [r"swapper/0"]),
    ("ps x y", [r"^usage: ps"]),
    ("why $by(\"sleep/mutex\")", [r"sleep/mutex \(\d+\) sleeps uninterruptibly .* for mutex sleepers_mutex\n"
                                  r"  which sleep/holder \(\d+\) has:\n"
                                  r"sleep/holder .* waiting for completion sleepers_stay"]),
    ("why $by(\"sleep/semaphore\")", [r"waiting for semaphore sleepers_semaphore"]),
    ("why $by(\"sleep/abba1\")", [r"mutex sleepers_abba\[1\]\n  which sleep/abba2 .* has:\n.*mutex sleepers_abba\[0\]\n"
                                  r"  which sleep/abba1 .* has:\n\.\.\. which is sleep/abba1 \(\d+\) again: a circle"]),
    ("why $by(\"poweroff\")", [r"poweroff \(\d+\) runs on CPU \d"]),
    ("why 1", [r"init \(1\) sleeps .* in run_shell\(\), waiting for completion"]),
    ("why 4000", [r"no thread has PID 4000"]),
    ("why kthreadd", [r"kthreadd \(2\) sleeps"]),
    ("why sleep/twin", [r"2 threads are called sleep/twin: say which by its PID, \d+, \d+$"]),
    ("why nobody/here", [r"no thread is called nobody/here, .* No symbol \"nobody\""]),
    ("why", [r"^usage: why PID"]),
    ("task $by(\"sleep/event\")", [r"sleep/event \(\d+\) is switched out, in want_event\(\)", r"#1 .*context_switch"]),
    ("bt", [r"\A#1 .*context_switch", r"#\d+ +.*in want_event \(unused=.*tests/sleepers.c", r"ret_from_fork"]),
    ("up 3", [r"want_event"]),
    ("info locals", [r"__wq_entry"]),
    ("task", [r"sleep/event"]),
    ("task off", []),
    ("bt 2", [r"\A#0 .*kernel_power_off"]),
    ("task nonsense", [r"No symbol \"nonsense\""]),
    ("task init_cred", [r"neither a thread's PID or name nor"]),
    ("task $by(\"poweroff\")", [r"poweroff \(\d+\) runs on CPU", r"kernel_power_off"]),
    ("bt-all 5", [r"swapper/\d|init \(1\)", r"sleep/unborn.*:\n(#.*\n)+",
                   r"kthreadd \(2\), S, CPU \d:\n#0 .*\n#1 .*\n#2 "]),
    ("rq", [r"CPU 0: \d+ runnable, \d+ switches; runs "]),
    ("rq 77", [r"77 is no CPU that is online"]),
    ("waiters sleepers_mutex", [r"mutex sleepers_mutex: sleep/holder \(\d+\) has it\n  sleep/mutex \(\d+\), for",
                                r"1 waiting"]),
    ("waiters &sleepers_rt_mutex", [r"rt_mutex .*: sleep/holder", r"sleep/rt_mutex \(\d+\), for"]),
    ("waiters sleepers_rwsem", [r"sleep/holder \(\d+\) has it\n  sleep/rwsem"]),
    ("waiters sleepers_semaphore", [r"sleep/semaphore \(\d+\), for"]),
    ("waiters sleepers_queue", [r"  sleep/event \(\d+\)", r"1 waiting"]),
    ("waiters sleepers_done", [r"completion, done 0\n  sleep/done"]),
    ("waiters sleepers_stay", [r"sleep/holder", r"sleep/worker", r"3 waiting"]),
    ("waiters sleepers_ready", [r"nobody waits"]),
    ("waiters init_task", [r"nobody can wait for struct task_struct"]),
    ("worker sleepers_worker", [r"thread sleep/worker \(\d+\)\ndoes   the work at .*\n",
                                  r"queued sleep_in_kthread_work\(\)"]),
    ("worker 3", [r"not a struct kthread_worker"]),
    ("workqueues", [r"events +1 active, 0 kept back", r"kworker/\d:\d \(\d+\) does sleep_in_work\(\) of events",
                    r"pool 0: CPU 0, nice 0"]),
    ("timers", [r"CPU 0:", r"jiffies  process_timeout\(\)|jiffies  \w+\(\)"]),
    ("timers", [r"\+\d+ jiffies  \w+\(\), for sleep/time \(\d+\)"]),
    ("timers 9", [r"9 is no CPU"]),
    ("locks", [r"sleep/holder \(\d+\) has semaphore|sleep/holder \(\d+\) has rw_semaphore sleepers_rwsem, rt_mutex "
               r"sleepers_rt_mutex, mutex sleepers_mutex",
               r"sleep/abba1 \(\d+\) waits for mutex sleepers_abba\[1\], which sleep/abba2 \(\d+\) has"]),
    ("kthread-list", [r"nobody waits for a new thread"]),
    ("dmesg 1", [r"\[ +\d+\.\d{6}\] "]),
    ("dmesg", [r"Bobbin"]),
    ("lsmod", [r"^Address +Module"]),
    ("lx-symbols", [r"\A\Z"]),
    ("lx-symbols nowhere/at/all", [r"there is no nowhere/at/all"]),
    ("lx-ps", [r"0x[0-9a-f]{16} +2  kthreadd"]),
    ("lx-dmesg", [r"Bobbin"]),
    ("lx-lsmod", [r"Module"]),
    ("print $lx_task_by_pid(2)->comm", [r"\"kthreadd"]),
    ("print $lx_current().comm", [r"\"poweroff"]),
    ("print $lx_per_cpu(\"runqueues\", 0).cpu", [r"= 0$"]),
    ("bobbin help", [r"ps  +Every thread", r"why  +Why a thread isn't running", r"sched-step",
                     r"trace  +The last events"]),
    ("help ps", [r"ps -i"]),
]

# A thread by its name, for the lines above.
FIND = """python
class By(gdb.Function):
    def __init__(self):
        super().__init__("by")
    def invoke(self, name):
        from bobbin import tasks
        return [int(p["pid"]) for p in tasks.all_tasks() if tasks.comm(p) == name.string()][0]
By()
"""

for smp in 1, 4:
    setup = ["python exec(%r)" % FIND.removeprefix("python\n"), "break kernel_power_off", "continue"]
    run = Session(setup + [command for command, _ in SAYS], 'sh="sleepers; poweroff"', smp=smp)
    for (command, patterns), said in zip(SAYS, run.said[len(setup):] + [""] * len(SAYS)):
        missing = [p for p in patterns if not re.search(p, said)]
        tap.ok(not missing and "Traceback" not in said, f"{command}, on {smp} CPUs", None,
               f"no /{missing[0] if missing else 'error'}/ in:\n{said}")
    cpus = f"0-{smp - 1}" if smp > 1 else "0"
    said = Session(setup + ["lx-cpus", "info threads"], 'sh="sleepers; poweroff"', smp=smp).said
    tap.ok(re.search(rf"(?m)^online   : {cpus}$", "".join(said)), f"lx-cpus, on {smp} CPUs", None, "".join(said))
    tap.ok(re.search(r'"runs poweroff \(\d+\)"', "".join(said)), f"info threads, on {smp} CPUs", None, "".join(said))

# Where make debug stops first there is no thread yet; and then they come.
born = ["ps", "why 2", "info threads", "sched-step 5", "ps", "why 2"]
said = Session(["break start_kernel", "continue", *born], "quiet").said[2:]
for command, pattern, i in [("ps", "no threads yet", 0), ("why 2", "no threads yet", 1),
                            ("info threads", r'"runs swapper/0 \(0\)"', 2),
                            ("sched-step 5", r"(?m)^CPU 0: swapper/0 \(0\) -> init \(1\); (.*\n){4}CPU 0: ", 3),
                            ("ps", r"(?m)^ +2 +0 [RS] .* kthreadd ", 4), ("why 2", r"^kthreadd \(2\) ", 5)]:
    tap.ok(len(said) > i and re.search(pattern, said[i]) and "Python" not in said[i],
           f"{command}, {'at start_kernel' if i < 4 else 'five switches later'}", None, "".join(said))

tap.done()
