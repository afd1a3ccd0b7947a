# SPDX-License-Identifier: MIT
"""What a trace says about threads and CPUs: who ran where, since when it could have, who woke it, why it left.

    Schedule(trace)  .threads .cpus .runs .wakes .spans .start .end

A Run is one thread on one CPU from a switch to the next. It was runnable from .ready on: since a wake-up (.wake says
whose), or since it was preempted. Before that it slept. A wake-up's latency lies between sched_waking and the switch
that lets the thread run; where a trace has no sched_waking, sched_wakeup counts.

What was before the first event of a CPU nobody saw: the thread that its first event shows is taken to have run there
from the beginning. Where an event shows another thread than it should (some were lost, or a CPU was off), the run ends
with the last event that was its own, and the next begins where it is seen.
"""

# prev_state -> why a thread left its CPU
REASONS = {
    "R+": "preempted", "R": "gave it up, still runnable", "S": "sleeps", "D": "sleeps, uninterruptibly", "I": "idles",
    "T": "stopped", "t": "traced", "P": "parked", "X": "exited", "Z": "exited", "end": "the trace ends",
    "lost": "left; no event tells when",
}


def reason(state):
    """A few words for a state in which a thread left."""
    return REASONS.get(state) or f"state {state}"


class Thread:
    """.pid, .name, .runs; idle threads have pid 0 and one Thread for each CPU (.cpu)."""

    def __init__(self, pid, name, cpu=None):
        self.pid, self.name, self.cpu = pid, name, cpu
        self.runs, self.wakes, self.migrations = [], [], 0
        self.ready, self.pending, self.prio, self.ended = None, None, None, False

    @property
    def idle(self):
        return self.pid == 0


class Run:
    """.thread had .cpu from .start to .end; .state: in what state it left; .by: who came; .ready, .wake: see above."""

    __slots__ = ("thread", "cpu", "start", "end", "state", "by", "ready", "wake", "prio")

    def __init__(self, thread, cpu, start):
        self.thread, self.cpu, self.start, self.prio = thread, cpu, start, thread.prio
        self.end, self.state, self.by = None, "end", None
        self.ready, self.wake = thread.ready, None


class Wake:
    """At .time on .cpu .waker (from .context: thread, interrupt, softirq) woke .thread; .run: what came of it."""

    __slots__ = ("time", "cpu", "waker", "context", "thread", "run", "new")

    def __init__(self, event, waker, thread, new=False):
        self.time, self.cpu, self.waker, self.thread, self.new = event.time, event.cpu, waker, thread, new
        mark = event.flags[2:3]
        self.context = "interrupt" if mark in "hHzZ" and mark else "softirq" if mark == "s" else "thread"
        self.run = None

    @property
    def latency(self):
        return self.run.start - self.time if self.run else None


class Span:
    """.what (a work's function, an interrupt, a lock) lasted from .start to .end, in .thread or, kind irq, on .cpu."""

    __slots__ = ("kind", "what", "thread", "cpu", "start", "end")

    def __init__(self, kind, what, thread, cpu, start):
        self.kind, self.what, self.thread, self.cpu, self.start, self.end = kind, what, thread, cpu, start, None


# event -> (kind of span, the field that names it; None: the event itself does); its other end is in ENDS
BEGINS = {
    "workqueue_execute_start": ("work", "function"),
    "sched_kthread_work_execute_start": ("work", "function"),
    "contention_begin": ("lock", "lock_addr"),
    "irq_handler_entry": ("irq", "name"),
    "softirq_entry": ("softirq", "vec"),
    "timer_expire_entry": ("timer", "function"),
    "hrtimer_expire_entry": ("hrtimer", "function"),
}
ENDS = {
    "workqueue_execute_end": "work", "sched_kthread_work_execute_end": "work", "contention_end": "lock",
    "irq_handler_exit": "irq", "softirq_exit": "softirq", "timer_expire_exit": "timer",
    "hrtimer_expire_exit": "hrtimer",
}
for _vector in ("local_timer", "reschedule", "call_function", "irq_work", "ipi"):
    BEGINS[f"{_vector}_entry"], ENDS[f"{_vector}_exit"] = ("interrupt", None), "interrupt"
OF_THREADS = ("work", "lock")    # those that go with the thread when it sleeps; the others stay on their CPU


class Schedule:
    """All of a trace; see above."""

    def __init__(self, trace):
        self.trace, self.cpus = trace, trace.cpus
        self.threads, self.runs, self.wakes, self.spans = {}, [], [], []
        self.start, self.end = trace.events[0].time, trace.events[-1].time
        self._current = [None] * self.cpus
        self._seen = [self.start] * self.cpus
        self._open = {}
        handlers = {name[len("_on_"):]: getattr(self, name) for name in dir(self) if name.startswith("_on_")}
        for event in trace.events:
            self._believe(event)
            self._seen[event.cpu] = event.time
            if event.fields is None:
                continue
            handler = handlers.get(event.name)
            if handler:
                handler(event, event.fields)
            elif event.name in BEGINS:
                self._begin(event)
            elif event.name in ENDS:
                self._finish(event)
        for run in self._current:
            if run:
                self._leave(run, self.end, "end")
        self.runs.sort(key=lambda r: r.start)
        self.spans = sorted((s for s in self.spans if s.end is not None), key=lambda s: s.start)

    def thread(self, pid, name, cpu):
        """The thread of a PID; it has the name that was heard last."""
        key = ("idle", cpu) if pid == 0 else pid
        found = self.threads.get(key)
        if not found:
            found = self.threads[key] = Thread(pid, name, cpu if pid == 0 else None)
        if pid == 0:
            found.name = f"swapper/{cpu}"
        elif name and name != "<...>":
            found.name = name
        return found

    def _believe(self, event):
        """Each line says who runs: it is news at the beginning, and where events were lost."""
        run = self._current[event.cpu]
        if event.name == "sched_switch" and event.fields:
            now = self.thread(event.fields["prev_pid"], event.fields["prev_comm"], event.cpu)
        else:
            now = self.thread(event.pid, "" if event.pid in self.threads else event.comm, event.cpu)
        if run and run.thread is now:
            return
        if run:
            self._leave(run, self._seen[event.cpu], "lost")
        self._current[event.cpu] = Run(now, event.cpu, event.time if run else self.start)
        now.ready = None

    def _leave(self, run, time, state):
        run.end, run.state = time, state
        run.thread.runs.append(run)
        self.runs.append(run)

    def _on_sched_switch(self, event, fields):
        run, state = self._current[event.cpu], fields["prev_state"]
        prev, run.prio = run.thread, fields["prev_prio"]
        self._leave(run, event.time, state)
        if state.startswith("R"):
            prev.ready, prev.pending = event.time, None
        else:                                   # a wake-up that came while it was on its way to sleep
            prev.ready = event.time if prev.pending else None
            prev.ended = state[0] in "XZ"
        thread = self.thread(fields["next_pid"], fields["next_comm"], event.cpu)
        thread.prio = fields["next_prio"]
        new = self._current[event.cpu] = Run(thread, event.cpu, event.time)
        run.by = thread
        if thread.pending:
            new.wake, thread.pending.run = thread.pending, new
        thread.ready = thread.pending = None

    def _woken(self, event, fields, new=False):
        """sched_waking, or a wake-up of which no waking was seen."""
        thread = self.thread(fields["pid"], fields["comm"], fields["target_cpu"])
        waker = self._current[event.cpu].thread
        wake = Wake(event, waker, thread, new)
        self.wakes.append(wake)
        thread.wakes.append(wake)
        thread.pending, thread.prio = wake, fields["prio"]
        running = any(run and run.thread is thread for run in self._current)
        if not running and thread.ready is None:
            thread.ready = event.time

    _on_sched_waking = _woken

    def _on_sched_wakeup(self, event, fields):
        thread = self.thread(fields["pid"], fields["comm"], fields["target_cpu"])
        running = any(run and run.thread is thread for run in self._current)
        if running:                             # it had not gone to sleep yet, and need not any more
            thread.pending = None
        elif not thread.pending and thread.ready is None:
            self._woken(event, fields)

    def _on_sched_wakeup_new(self, event, fields):
        self._woken(event, fields, new=True)

    def _on_sched_migrate_task(self, event, fields):
        self.thread(fields["pid"], fields["comm"], fields["orig_cpu"]).migrations += 1

    def _on_sched_process_fork(self, event, fields):
        self.thread(fields["child_pid"], fields["child_comm"], event.cpu)

    def _span_key(self, event, kind):
        return kind, self._current[event.cpu].thread if kind in OF_THREADS else event.cpu

    def _begin(self, event):
        kind, field = BEGINS[event.name]
        what = event.fields[field] if field else event.name.removesuffix("_entry")
        if kind == "softirq":
            what = event.text.partition("action=")[2].rstrip("]")
        thread = self._current[event.cpu].thread
        span = Span(kind, str(what), thread, event.cpu, event.time)
        self._open.setdefault(self._span_key(event, kind), []).append(span)
        self.spans.append(span)

    def _finish(self, event):
        stack = self._open.get(self._span_key(event, ENDS[event.name]))
        if stack:
            stack.pop().end = event.time

    # ---------------------------------------------------------------- questions

    def busy(self, cpu):
        """How long a CPU ran threads, ns."""
        return sum(r.end - r.start for r in self.runs if r.cpu == cpu and not r.thread.idle)
