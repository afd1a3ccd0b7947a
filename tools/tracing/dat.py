# SPDX-License-Identifier: MIT
"""trace.dat: the file that `trace-cmd report` reads and KernelShark opens; version 6 of its format.

    magic, version, byte order, size of a long, page size
    header_page, header_event   how a page of the ring buffer and an event's head are laid out
    event formats               for each event of the trace its fields and its print format, out of formats.py
    kallsyms                    the functions that the trace names
    cmdlines                    PID and name of each thread
    CPUs, options, "flyrecord"  where in the file each CPU's pages are
    pages                       as a ring buffer holds them: a time, then events, each with its distance in time

Two things are made up, for the text does not tell them. A function has a name in it and no address: it gets one, and
kallsyms says which. An event's number is its place among those of this trace. An event that none of our formats fits
is kept as text, under its own name.
"""

import re
import struct

from .formats import FLAGS, PREEMPTED, SYMBOLS, TYPES, Format

PAGE = 4096
PAGE_HEAD = 16
MISSED, MISSED_STORED = 1 << 31, 1 << 30    # in a page's commit: events were lost before it; how many is at its end
TIME_EXTEND = 30                            # a distance in time that 27 bits do not hold
LONGEST_TEXT = 3000                         # an event must fit into a page
FIRST_ID = 100
FIRST_FUNCTION = 0xffffffff81000000

HEADER_PAGE = """\
\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;
\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;
"""
HEADER_EVENT = """\
# compressed entry header
\ttype_len    :    5 bits
\ttime_delta  :   27 bits
\tarray       :   32 bits

\tpadding     : type == 29
\ttime_extend : type == 30
\ttime_stamp : type == 31
\tdata max type_len  == 28
"""
COMMON = (("unsigned short", "common_type", 2, False), ("unsigned char", "common_flags", 1, False),
          ("unsigned char", "common_preempt_count", 1, False), ("int", "common_pid", 4, True))


def raw(text):
    """Text as the bytes that it came from."""
    return text.encode("utf-8", "surrogateescape")


def flag_word(words, value):
    """A|B as a number; raises KeyError for a word that is not there."""
    return sum(words[word] for word in value.split("|") if word)


def event_flags(flags):
    """(common_flags, common_preempt_count) of the column d..2. in a line."""
    irqs, resched, context, depth, migrate = (flags + ".....")[:5]
    bits = {"d": 0x01, "b": 0x80, "D": 0x81}.get(irqs, 0)
    bits |= {"N": 0x24, "n": 0x04, "p": 0x20}.get(resched, 0)
    bits |= {"h": 0x08, "s": 0x10, "H": 0x18, "z": 0x40, "Z": 0x48}.get(context, 0)
    return bits, sum(int(digit, 16) << shift for digit, shift in ((depth, 0), (migrate, 4))
                     if digit in "0123456789abcdef")


class Layout:
    """A Format in bytes: its number, where each field is, its descriptor."""

    def __init__(self, form, number):
        self.form, self.number, self.fields, offset = form, number, [], 8
        for name, kind in form.fields.items():
            ctype, size, signed = TYPES[kind][:3]
            align = 1 if kind == "comm" else size
            offset = (offset + align - 1) // align * align
            self.fields.append((name, kind, ctype, offset, size, signed))
            offset += size
        self.size = (offset + 3) // 4 * 4

    def descriptor(self):
        """The text of events/SYSTEM/NAME/format."""
        lines, offset = [f"name: {self.form.name}", f"ID: {self.number}", "format:"], 0
        for ctype, name, size, signed in COMMON:
            lines.append(f"\tfield:{ctype} {name};\toffset:{offset};\tsize:{size};\tsigned:{signed:d};")
            offset += size
        lines.append("")
        for name, kind, ctype, offset, size, signed in self.fields:
            array = "[16]" if kind == "comm" else ""
            lines.append(f"\tfield:{ctype} {name}{array};\toffset:{offset};\tsize:{size};\tsigned:{signed:d};")
        return "\n".join([*lines, "", f"print fmt: {self._print()}", ""])

    def _print(self):
        text, arguments = "", []
        for piece in self.form.pieces:
            if isinstance(piece, str):
                text += piece.replace("%", "%%").replace('"', '\\"')
            else:
                text += TYPES[piece[1]][3]
                arguments.append(self._argument(*piece))
        return ", ".join([f'"{text}"', *arguments])

    @staticmethod
    def _argument(name, kind):
        field = f"REC->{name}"
        if kind == "str":
            return f"__get_str({name})"
        if kind in SYMBOLS:
            pairs = ", ".join(f'{{ {value}, "{word}" }}' for word, value in SYMBOLS[kind].items())
            return f"__print_symbolic({field}, {pairs})"
        if kind in FLAGS:
            pairs = ", ".join(f'{{ 0x{value:x}, "{word}" }}' for word, value in FLAGS[kind].items())
            if kind != "state":
                return f'__print_flags({field}, "|", {pairs})'
            return (f'({field} & 0xff) ? __print_flags({field} & 0xff, "|", {pairs}) : "R", '
                    f'{field} & 0x{PREEMPTED:x} ? "+" : ""')
        return f"(unsigned long long){field}" if kind == "ptr" else field

    def pack(self, event, values, symbols):
        """The event's bytes. Raises KeyError or struct.error for what does not fit."""
        data, tail = bytearray(self.size), b""
        struct.pack_into("<HBBi", data, 0, self.number, *event_flags(event.flags), event.pid)
        for name, kind, _, offset, size, signed in self.fields:
            value = values[name]
            if kind == "comm":
                data[offset:offset + 16] = raw(value)[:15].ljust(16, b"\0")
                continue
            if kind == "str":
                text = raw(value)[:LONGEST_TEXT] + b"\0"
                value, tail = len(text) << 16 | self.size + len(tail), tail + text
            elif kind == "func":
                value = symbols[value]
            elif kind == "ptr":
                value = int(value, 16)
            elif kind in SYMBOLS:
                value = SYMBOLS[kind].get(value, value)
            elif kind == "state":
                value = flag_word({"R": 0, **FLAGS[kind]}, value.rstrip("+")) | PREEMPTED * value.endswith("+")
            elif kind in FLAGS:
                value = flag_word(FLAGS[kind], value)
            letter = "i" if size == 4 else "q"
            struct.pack_into(f"<{letter if signed else letter.upper()}", data, offset, value)
        return bytes(data) + tail


class Pages:
    """One CPU's ring buffer."""

    def __init__(self):
        self.pages, self.data, self.time, self.last, self.missed = [], bytearray(), 0, 0, 0

    def add(self, time, payload, lost):
        payload += b"\0" * (-len(payload) % 4)
        head = struct.pack("<I", 0) if len(payload) <= 112 else struct.pack("<II", 0, len(payload) + 4)
        if lost or not self.data or len(self.data) + len(head) + len(payload) + 8 > PAGE - PAGE_HEAD - 8:
            self.close()
            self.time = self.last = time
            self.missed = lost
        delta, self.last = time - self.last, time
        if delta >> 27:
            self.data += struct.pack("<II", TIME_EXTEND | (delta & 0x7ffffff) << 5, delta >> 27)
            delta = 0
        kind = len(payload) // 4 if len(head) == 4 else 0
        self.data += struct.pack("<I", kind | delta << 5) + head[4:] + payload

    def close(self):
        if not self.data:
            return
        commit = len(self.data)
        if self.missed:
            commit |= MISSED
        if self.missed > 0:
            commit |= MISSED_STORED
            self.data += struct.pack("<Q", self.missed)
        page = struct.pack("<QQ", self.time, commit) + self.data
        self.pages.append(page.ljust(PAGE, b"\0"))
        self.data, self.missed = bytearray(), 0


class Symbols(dict):
    """Function -> the address that it gets."""

    def __missing__(self, name):
        self[name] = FIRST_FUNCTION + 16 * len(self)
        return self[name]

    def text(self):
        return "".join(f"{address:016x} T {name.replace(' [', chr(9) + '[')}\n" for name, address in self.items())


class Dat:
    """A trace in this format."""

    def __init__(self, trace):
        self.layouts, self.symbols, self.names = {}, Symbols(), {}
        self.cpus = [Pages() for _ in range(trace.cpus)]
        time = 0
        for event in trace.events:
            # Readers go by time, and where it is the same by CPU. Where the text has only microseconds, the order of
            # its lines tells more: it is kept in the nanoseconds.
            time = max(event.time, time + 1) if trace.digits < 9 else event.time
            self.cpus[event.cpu].add(time, self._bytes(event), event.lost)
            if event.pid and event.comm != "<...>":
                self.names[event.pid] = event.comm
        for cpu in self.cpus:
            cpu.close()

    def _layout(self, form):
        if form not in self.layouts:
            self.layouts[form] = Layout(form, FIRST_ID + len(self.layouts))
        return self.layouts[form]

    def _bytes(self, event):
        if event.format:
            try:
                return self._layout(event.format).pack(event, event.fields, self.symbols)
            except (KeyError, struct.error):
                pass
        form = next((f for f in self.layouts if (f.system, f.name) == ("text", event.name)), None)
        form = form or Format("text", event.name, "{text:str}")
        return self._layout(form).pack(event, {"text": event.text}, self.symbols)

    def _formats(self):
        systems = {}
        for layout in self.layouts.values():
            systems.setdefault(layout.form.system, []).append(layout.descriptor().encode())
        out = struct.pack("<I", len(systems))
        for system, descriptors in systems.items():
            out += system.encode() + b"\0" + struct.pack("<I", len(descriptors))
            out += b"".join(struct.pack("<Q", len(d)) + d for d in descriptors)
        return out

    def bytes(self):
        names = b"".join(b"%d %s\n" % (pid, re.sub(rb"[\n\0]", b" ", raw(name)))
                         for pid, name in sorted(self.names.items()))
        symbols = raw(self.symbols.text())
        out = b"\x17\x08\x44tracing6\0" + struct.pack("<BBI", 0, 8, PAGE)
        for name, text in (("header_page", HEADER_PAGE), ("header_event", HEADER_EVENT)):
            out += name.encode() + b"\0" + struct.pack("<Q", len(text)) + text.encode()
        out += struct.pack("<I", 0) + self._formats()
        out += struct.pack("<I", len(symbols)) + symbols + struct.pack("<I", 0)
        out += struct.pack("<Q", len(names)) + names + struct.pack("<I", len(self.cpus))
        out += b"options  \0" + struct.pack("<H", 0) + b"flyrecord\0"
        place = (len(out) + 16 * len(self.cpus) + PAGE - 1) // PAGE * PAGE
        data = b""
        for cpu in self.cpus:
            out += struct.pack("<QQ", place + len(data), PAGE * len(cpu.pages))
            data += b"".join(cpu.pages)
        return out.ljust(place, b"\0") + data


def write(trace, path):
    """Writes the file."""
    data = Dat(trace).bytes()
    with open(path, "wb") as f:
        f.write(data)
