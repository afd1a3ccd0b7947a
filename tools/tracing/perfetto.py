# SPDX-License-Identifier: MIT
"""trace.json: the Trace Event Format, which ui.perfetto.dev and chrome://tracing open.

    process 1 "CPUs"       a track for each CPU: a slice for each run of a thread; its interrupts on a track below
    process 2 "Threads"    a track for each thread: running, runnable, asleep; arrows from who woke it
    process 3 "Work"       what threads were doing: work items, locks they waited for
    counters               threads that could run and do not, on each CPU; busy CPUs

Times are microseconds with three digits behind the point: nanoseconds, where the trace has them.
"""

import json

from .schedule import OF_THREADS, reason

CPUS, THREADS, WORK = 1, 2, 3
IRQ_TRACKS = 1000    # tid of the interrupts of CPU 0


def us(ns):
    return round(ns / 1000, 3)


def text(name):
    """A name as JSON may have it: bytes that are no UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Writer:
    """Collects the events of one schedule."""

    def __init__(self, model):
        self.model, self.out = model, []
        self._names()
        for run in model.runs:
            self._run(run)
        for thread in model.threads.values():
            if not thread.idle:
                self._states(thread)
        for number, wake in enumerate(model.wakes):
            self._arrow(number, wake)
        for span in model.spans:
            self._span(span)
        self._counters()

    def _name(self, pid, tid, name, order=None):
        self.out.append({"ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "args": {"name": text(name)}})
        if order is not None:
            self.out.append({"ph": "M", "name": "thread_sort_index", "pid": pid, "tid": tid,
                             "args": {"sort_index": order}})

    def _names(self):
        for pid, name in ((CPUS, "CPUs"), (THREADS, "Threads"), (WORK, "Work")):
            self.out.append({"ph": "M", "name": "process_name", "pid": pid, "tid": 0, "args": {"name": name}})
            self.out.append({"ph": "M", "name": "process_sort_index", "pid": pid, "tid": 0,
                             "args": {"sort_index": pid}})
        for cpu in range(self.model.cpus):
            self._name(CPUS, cpu, f"CPU {cpu}", 2 * cpu)
        for cpu in sorted({s.cpu for s in self.model.spans if s.kind not in OF_THREADS}):
            self._name(CPUS, IRQ_TRACKS + cpu, f"CPU {cpu} interrupts", 2 * cpu + 1)
        for thread in self.model.threads.values():
            if not thread.idle:
                self._name(THREADS, thread.pid, thread.name)
        for thread in {s.thread for s in self.model.spans if s.kind in OF_THREADS}:
            self._name(WORK, self._tid(thread), thread.name)

    def _tid(self, thread):
        """Idle threads share their PID; their tracks are told apart by the CPU."""
        return IRQ_TRACKS * 1000 + thread.cpu if thread.idle else thread.pid

    def _slice(self, pid, tid, name, start, end, /, **args):
        self.out.append({"ph": "X", "pid": pid, "tid": tid, "name": text(name), "ts": us(start),
                         "dur": us(end - start), **({"args": args} if args else {})})

    def _run(self, run):
        if run.thread.idle:
            return
        args = {"pid": run.thread.pid, "left": reason(run.state)}
        if run.prio is not None:
            args["prio"] = run.prio
        if run.by:
            args["next"] = text(run.by.name)
        if run.ready is not None:
            args["waited us"] = us(run.start - run.ready)
        if run.wake:
            args["woken by"] = self._waker(run.wake)
        self._slice(CPUS, run.cpu, run.thread.name, run.start, run.end, **args)

    @staticmethod
    def _waker(wake):
        return text(wake.waker.name) if wake.context == "thread" else f"{wake.context} on CPU {wake.cpu}"

    def _states(self, thread):
        before = None
        for run in thread.runs:
            if before and before.state != "lost":
                ready = run.start if run.ready is None else run.ready
                if ready > before.end:
                    self._slice(THREADS, thread.pid, reason(before.state), before.end, ready)
            if run.ready is not None and run.start > run.ready:
                self._slice(THREADS, thread.pid, "runnable", run.ready, run.start)
            self._slice(THREADS, thread.pid, "running", run.start, run.end, cpu=run.cpu, left=reason(run.state))
            before = run
        if before and before.state not in ("end", "lost") and not thread.ended:
            ready = thread.ready if thread.ready is not None else self.model.end
            if ready > before.end:
                self._slice(THREADS, thread.pid, reason(before.state), before.end, ready)
        if thread.ready is not None:
            self._slice(THREADS, thread.pid, "runnable", thread.ready, self.model.end)

    def _arrow(self, number, wake):
        """From the waker's slice to the run that came of it. An interrupt's arrow starts on its CPU's track."""
        if not wake.run:
            return
        by_thread = wake.context == "thread" and not wake.waker.idle
        common = {"name": "wakes", "cat": "wake", "id": number}
        self.out.append({"ph": "s", "pid": THREADS if by_thread else CPUS, "ts": us(wake.time),
                         "tid": wake.waker.pid if by_thread else wake.cpu, **common})
        self.out.append({"ph": "f", "bp": "e", "pid": THREADS, "tid": wake.thread.pid, "ts": us(wake.run.start),
                         **common})

    def _span(self, span):
        name = f"{span.kind} {span.what}" if span.kind != "work" else span.what
        if span.kind in OF_THREADS:
            self._slice(WORK, self._tid(span.thread), name, span.start, span.end)
        else:
            self._slice(CPUS, IRQ_TRACKS + span.cpu, name, span.start, span.end)

    def _counters(self):
        """Each change, as +1 and -1 in the order of time; only the last of one moment is written."""
        changes = []
        for run in self.model.runs:
            if run.thread.idle:
                continue
            changes += [(run.start, "busy CPUs", 1), (run.end, "busy CPUs", -1)]
            if run.ready is not None and run.start > run.ready:
                waiting = f"waiting for CPU {run.cpu}"
                changes += [(run.ready, waiting, 1), (run.start, waiting, -1)]
        values, moment = {}, {}
        for time, name, step in sorted(changes):
            values[name] = values.get(name, 0) + step
            moment[time, name] = values[name]
        for (time, name), value in moment.items():
            self.out.append({"ph": "C", "pid": CPUS, "tid": 0, "name": name, "ts": us(time),
                             "args": {"threads": value}})


def write(model, path):
    """Writes the file; one event a line, so that it can be read and compared."""
    lines = ",\n".join(json.dumps(e, separators=(",", ":")) for e in Writer(model).out)
    with open(path, "w", encoding="utf-8") as f:
        f.write(f'{{"displayTimeUnit":"ns","traceEvents":[\n{lines}\n]}}\n')
