# SPDX-License-Identifier: MIT
"""The trace, read out of memory: of a stopped machine, or of a dump of one that died.

The rings are those of kernel/trace/ring.c, the records are described by the formats of the events themselves
(<linux/tracepoint.h>): each % of a format stands for one word of the record, %s for the words that a text needs.
"""

import re
import struct

import gdb

from bobbin import Command, need
from bobbin import memory as m

SLOT = struct.Struct("<QQ16siHBB")
FIELD = re.compile(r"%[^a-zA-Z%]*(?:ll|l)?(?:ps|[a-z])")
TEXT = 0xffff       # TRACE_TEXT
DEFAULT = 20


def events():
    """[(name, format)] in the order that records count in; the words of a format are looked at once only."""
    kind = m.type_of("struct trace_event")
    start = m.address(gdb.parse_and_eval("&__trace_events_start"))
    end = m.address(gdb.parse_and_eval("&__trace_events_end"))
    found = []
    for addr in range(start, end, kind.sizeof):
        event = m.at(addr, "struct trace_event")
        found.append((event["name"].string(), event["format"].string()))
    return found


class Record:
    """One slot of a ring."""

    size = None

    def __init__(self, cpu, number, data):
        self.cpu, self.words = cpu, data[SLOT.size:]
        state, self.time, comm, self.pid, self.event, self.flags, self.preempt = SLOT.unpack_from(data)
        self.comm = comm.split(b"\0")[0].decode("utf-8", "replace") if self.pid else "<idle>"
        self.whole = state == number << 2


def slots_of(cpu, most):
    """The newest slots of a CPU, oldest first."""
    ring = m.per_cpu("trace_ring", cpu)
    base, mask, head = int(ring["slots"]), int(ring["mask"]), int(ring["head"])
    size = m.type_of("struct trace_slot").sizeof
    first = max(head - mask, int(ring["cleared"]) + 1, head - most + 1, 1)
    inferior = gdb.selected_inferior()
    for n in range(first, head + 1) if base else ():
        data = inferior.read_memory(base + (n & mask) * size, size).tobytes()
        record = Record(cpu, n, data)
        if record.whole:
            yield record


def flag_letters(r):
    """As ftrace's latency format."""
    off, soft_off = r.flags & 0x01, r.flags & 0x80
    need_one, need_two = r.flags & 0x04, r.flags & 0x20
    nmi, hard, soft = r.flags & 0x40, r.flags & 0x08, r.flags & 0x10
    return "".join((
        ("D" if soft_off else "d") if off else "b" if soft_off else ".",
        "N" if need_one and need_two else "n" if need_one else "p" if need_two else ".",
        ("Z" if hard else "z") if nmi else ("H" if hard else "s") if soft else "h" if hard else ".",
        f"{r.preempt:x}" if r.preempt else ".", "."))


def fields(form, words):
    """A format with the record's words put in."""
    at = 0

    def put(match):
        nonlocal at
        spec = match.group(0)
        if spec.endswith("s") and not spec.endswith("ps"):
            text = words[at:].split(b"\0")[0]
            at += (len(text) // 8 + 1) * 8
            return text.decode("utf-8", "replace")
        value = struct.unpack_from("<Q", words, at)[0]
        at += 8
        if spec.endswith("ps"):
            return m.symbol_at(value) or f"{value:#x}"
        if spec.endswith("p"):
            return f"{value:016x}"
        bits = 64 if "l" in spec else 32
        value &= (1 << bits) - 1
        if spec[-1] in "di" and value >> bits - 1:
            value -= 1 << bits
        return re.sub(r"ll|l", "", spec).replace("u", "d") % value

    return FIELD.sub(put, form)


def line_of(r, table):
    name, form = table[r.event]
    head = f"{r.comm:>16}-{r.pid:<7} [{r.cpu:03}] {flag_letters(r)} {r.time // 10**9:5}.{r.time % 10**9 // 1000:06}: "
    if form:
        return f"{head}{name}: {fields(form, r.words)}"
    caller = struct.unpack_from("<Q", r.words)[0]
    return f"{head}{m.symbol_at(caller) or name}: {r.text.rstrip()}"


def records(most):
    """The newest records of all CPUs, by time; the texts that go on in further slots put together."""
    found = []
    for cpu in m.cpus("__cpu_possible_mask"):
        last = None
        for r in slots_of(cpu, most + 12):
            if r.event == TEXT:
                if last is not None:
                    last.text += r.words.split(b"\0")[0].decode("utf-8", "replace")
                continue
            last = r
            r.text = r.words[8:].split(b"\0")[0].decode("utf-8", "replace")
            found.append(r)
    return sorted(found, key=lambda r: (r.time, r.cpu))[-most:]


class Trace(Command):
    """The last events of all CPUs' traces, as `trace show` prints them; addresses are not hashed.

    trace [N]           N is 20 if it isn't given
    The trace is switched on in the shell (trace on), or by trace_event=sched on the command line."""

    name = "trace"

    def run(self, words):
        need(words, 0, 1, "trace [N]")
        if words and not (words[0].isdigit() and int(words[0])):
            raise gdb.GdbError(f"{words[0]} is no number of events")
        found = records(int(words[0]) if words else DEFAULT)
        if not found:
            print("The trace is empty: `trace on` in the shell, or trace_event=sched on the command line, fill it.")
        table = events()
        for r in found:
            print(line_of(r, table))


Trace()
