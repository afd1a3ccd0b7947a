# SPDX-License-Identifier: MIT
"""Reads a trace as ftrace writes it, Bobbin's or Linux's:

    # tracer: nop
    # entries-in-buffer/entries-written: 2/2   #P:4
         kworker/u8:0-9       [001] d..2.    42.501923: sched_waking: comm=... pid=...
    CPU:1 [LOST 12 EVENTS]
              <idle>-0       [000] d.h1.    42.730001: irq_handler_entry: irq=4 name=serial

A thread's name may contain anything: spaces, brackets, colons, dashes, even a new line. So a line is recognised from
its middle, "-PID [CPU] flags time: event:", with at most 15 characters of name in front.

What cannot be understood is left out and told in .complaints, one sentence each; a file with nothing in it to
understand raises Bad. Times are kept in nanoseconds, in as many digits as the file has.
"""

import re

from .formats import FORMATS, parse

LINE = re.compile(r"\s*(?P<comm>.{1,16}?)-(?P<pid>\d+)\s+(?:\(\s*[-\d]+\)\s+)?\[(?P<cpu>\d+)\]\s+"
                  r"(?:(?P<flags>[^\s:]{4,5})\s+)?(?P<secs>\d+)\.(?P<frac>\d{1,9}): (?P<name>\w+):(?: (?P<text>.*))?",
                  re.DOTALL)
LOST = re.compile(r"CPU:(\d+) \[LOST(?: (\d+))? EVENTS\]")
WRITTEN = re.compile(r"# entries-in-buffer/entries-written: (\d+)/(\d+)")


class Bad(Exception):
    """No trace; says why in a sentence."""


class Event:
    """One line: .time (ns), .cpu, .pid and .comm of who ran there, .flags, .name and .text of the event,
    .format and .fields (None, if it is none of ours), .lost (events lost on this CPU just before it; -1: nobody knows
    how many)."""

    __slots__ = ("time", "cpu", "pid", "comm", "flags", "name", "text", "format", "fields", "lost")

    def __init__(self, m, lost):
        self.time = int(m["secs"]) * 10**9 + int(m["frac"].ljust(9, "0"))
        self.cpu, self.pid, self.comm = int(m["cpu"]), int(m["pid"]), m["comm"]
        self.flags, self.name, self.text, self.lost = m["flags"] or "", m["name"], m["text"] or "", lost
        self.format, self.fields = parse(self.name, self.text)


def _whole(m):
    """Whether a line begins where a line begins, not in the middle of a name with a new line in it: the name has 16
    columns (of bytes)."""
    return len(m.string[:m.end("comm")].encode("utf-8", "surrogateescape")) >= 16


class Trace:
    """.events in the order of time, .cpus (how many), .digits (of a second), .lost, .complaints."""

    def __init__(self, lines):
        self.events, self.complaints, self.digits = [], [], 0
        self.promised, self.overwritten, self.cpus, self.lost = None, 0, 0, 0
        self._lost, self._rest, self._strange = {}, None, []
        for number, line in enumerate(lines, 1):
            self._line(number, line)
        self._drop_rest()
        self._check()

    def _line(self, number, line):
        m = LINE.fullmatch(line)
        if self._rest and not (m and _whole(m)):
            joined = LINE.fullmatch(f"{self._rest[1]}\n{line}")
            if joined:
                m, self._rest = joined, None
        if m:
            self._drop_rest()
            event = Event(m, self._lost.pop(int(m["cpu"]), 0))
            self.events.append(event)
            self.cpus = max(self.cpus, event.cpu + 1)
            self.digits = max(self.digits, len(m["frac"]))
            return
        self._drop_rest()
        lost, written = LOST.match(line), WRITTEN.match(line)
        if lost:
            count = int(lost[2]) if lost[2] else -1
            self._lost[int(lost[1])] = count
            self.lost += max(count, 0)
        elif written:
            self.promised, self.overwritten = int(written[1]), int(written[2]) - int(written[1])
            cpus = re.search(r"#P:(\d+)", line)
            self.cpus = max(self.cpus, int(cpus[1]) if cpus else 0)
        elif line.strip() and not line.startswith("#"):
            self._rest = number, line

    def _drop_rest(self):
        """A line that was nothing by itself, nor began the next: the event before goes on, or it is damage."""
        if not self._rest:
            return
        (number, line), self._rest = self._rest, None
        last = self.events[-1] if self.events else None
        if last and last.fields is None:
            whole = f"{last.text}\n{line}"
            last.format, last.fields = parse(last.name, whole)
            if last.format:
                last.text = whole
                return
        self._strange.append((number, line))

    def _check(self):
        if self._strange:
            number, line = self._strange[0]
            more = f", and {len(self._strange) - 1} more" if len(self._strange) > 1 else ""
            self.complaints.append(f"line {number} is no event and was left out: {line.strip()[:60]!r}{more}.")
        torn = [e for e in self.events if e.fields is None and e.name in FORMATS]
        if torn:
            self.complaints.append(f"{torn[0].name} at {torn[0].time / 1e9:.6f} does not read as it should: "
                                   f"{torn[0].text[:60]!r}" + (f", and {len(torn) - 1} more." if torn[1:] else "."))
        if self.promised is not None and len(self.events) < self.promised:
            self.complaints.append(f"it promises {self.promised} events and has {len(self.events)}: cut off?")
        if any(a.time > b.time for a, b in zip(self.events, self.events[1:])):
            self.complaints.append("its events are not in the order of time; they were sorted.")
            self.events.sort(key=lambda e: e.time)


def read(path):
    """The Trace in a file; raises Bad."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as f:
            text = f.read()
    except OSError as e:
        raise Bad(f"{path} cannot be read: {e.strerror}.") from e
    if "\0" in text[:4096]:
        raise Bad(f"{path} is not text; what is wanted is a trace.txt, as `make trace` writes it.")
    if not text.strip():
        raise Bad(f"{path} is empty: nothing was traced.")
    trace = Trace(text.replace("\r", "").split("\n"))
    if not trace.events:
        raise Bad(f"{path} has no event in it" + (
            ", only the heading: nothing happened while the trace was on." if "# tracer:" in text else
            "; a line of a trace looks like `sh-27 [001] d..2. 1.234567: sched_waking: comm=...`."))
    return trace
