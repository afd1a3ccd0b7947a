#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""top on a terminal of 80x24: what a person sees, and what the keys do. The terminal is the few sequences it needs."""

import re

from bobbin import POWEROFF, Tap, Terminal

ROWS, COLS = 24, 80
tap = Tap()


class Screen:
    """Lines of text, as the bytes so far have left them."""

    def __init__(self, data):
        self.lines, self.row, self.col, self.wide = [""] * ROWS, 0, 0, False
        for escape, letter, char in re.findall(r"\033\[([0-9;]*)([A-Za-z])|([^\033])", data, re.S):
            if letter:
                self.obey(letter, [int(n) for n in escape.split(";") if n])
            else:
                self.put(char)

    def obey(self, letter, numbers):
        if letter == "H":
            self.row, self.col = [n - 1 for n in (numbers + [1, 1])[:2]]
        elif letter == "K":
            self.lines[self.row] = self.lines[self.row][:self.col]
        elif letter == "J":
            self.lines[self.row] = self.lines[self.row][:self.col]
            self.lines[self.row + 1:] = [""] * (ROWS - self.row - 1)

    def put(self, char):
        if char == "\r":
            self.col = 0
        elif char == "\n":
            if self.row == ROWS - 1:
                self.lines = self.lines[1:] + [""]
            self.row = min(self.row + 1, ROWS - 1)
        elif char >= " ":
            self.wide |= self.col >= COLS
            line = self.lines[self.row].ljust(self.col)
            self.lines[self.row] = line[:self.col] + char + line[self.col + 1:]
            self.col += 1


def look(term, pattern):
    """The screen as soon as it shows the pattern in a whole picture (each begins at home), or None."""
    while term.expect(r"\033\[H"):
        start = term.seen
        if not term.expect(r"COMMAND[^\n]*\n[^\x1b]+"):
            return None
        m = term.expect(r"(?=\033\[H)")
        if not m:
            return None
        text = term.raw.decode("latin-1").replace("\r", "")[start:m.start()]
        screen = Screen("\033[H" + text.replace("\n", "\r\n"))
        if re.search(pattern, "\n".join(screen.lines), re.M):
            return screen
    return None


def rows(screen):
    """The list: PID, %CPU and command of each line under the headline."""
    head = next((i for i, line in enumerate(screen.lines) if line.startswith("  PID USER")), ROWS)
    found = [re.match(r" *(\d+) root +\S+ +-?\d+ +0 +0 +0 \w +(\d+\.\d) +0\.0 +\d+:\d\d\.\d\d (\S.*)$", line)
             for line in screen.lines[head + 1:]]
    return [(int(m[1]), float(m[2]), m[3].strip()) for m in found if m]


term = Terminal(cmdline="sh=true", smp=2, limit=200)
tap.ok(term.expect("^bobbin# ") is not None, "there is a prompt")
term.type("top -d 0.3\r")
screen = look(term, r"%Cpu\(s\):")
tap.ok(screen is not None, "top shows a picture", why=term.console[-2000:])
if screen:
    lines = screen.lines
    tap.ok(re.match(r"top - \d\d:\d\d:\d\d up .*,  1 user,  load average: \d+\.\d\d, \d+\.\d\d, \d+\.\d\d$", lines[0]),
           "first line: time, uptime, load average", why=lines[0])
    tap.ok(re.match(r"Tasks: +\d+ total, +\d+ running, +\d+ sleeping, +0 stopped, +0 zombie$", lines[1]),
           "second line: tasks", why=lines[1])
    tap.ok(re.match(r"%Cpu\(s\): .* us,.* sy,.* ni,.* id,.* wa,.* hi,.* si,.* st", lines[2]), "third line: CPUs",
           why=lines[2])
    tap.ok(lines[3].startswith("MiB Mem :") and lines[4].startswith("MiB Swap:"), "memory", why=lines[3])
    tap.ok(lines[6].rstrip() == "  PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND",
           "the headline is that of procps", why=lines[6])
    tap.ok(len(rows(screen)) == ROWS - 7 or not lines[-1], "the list fills the screen, and no more",
           why="\n".join(lines))
    tap.ok(not screen.wide, "no line is wider than the screen")
term.type("N")
screen = look(term, r"^ +\d+ root")
pids = [pid for pid, _, _ in rows(screen)] if screen else []
for _ in range(5):
    if pids == sorted(pids, reverse=True) and pids:
        break
    screen = look(term, r"^ +\d+ root")
    pids = [pid for pid, _, _ in rows(screen)] if screen else []
tap.ok(pids and pids == sorted(pids, reverse=True), "N sorts by PID, the highest first", why=str(pids))
term.type("R")
tap.ok(look(term, r"COMMAND *\n +1 root .* init") is not None, "R turns it around: init is the first")
term.type("1")
tap.ok(look(term, r"^%Cpu0  :.*\n%Cpu1  :") is not None, "1 shows each CPU")
term.type("r2\r7\r")
tap.ok(look(term, r"^ +2 root +27   7 .*kthreadd") is not None, "r gives a thread another nice value")
term.type("r2\r99\r")
tap.ok(look(term, r"'99' is no nice value: -20 to 19") is not None, "a mistake is explained above the list")
term.type("k")
term.expect(r"PID to signal/kill \[default pid = \d+\] ")
shown = Screen(term.raw.decode("latin-1")).lines
tap.ok(shown[6].startswith("PID to signal/kill [default pid = ") and shown[7].startswith("  PID USER"),
       "k asks between summary and list, which stays", why="\n".join(shown))
term.type("2\r")
term.expect(r"Send pid 2 signal \[15/sigterm\] ")
shown = Screen(term.raw.decode("latin-1")).lines
tap.ok(shown[6].rstrip() == "Send pid 2 signal [15/sigterm]" and shown[5].startswith("MiB Swap"),
       "and nothing of the first question is left beside the second", why="\n".join(shown))
term.type("15\r")
tap.ok(look(term, r"kthreadd \(2\) ignores it") is not None, "k says why nothing comes of a signal")
term.type("x")
tap.ok(look(term, r"Unknown command 'x' - try 'h' for help") is not None, "an unknown key is told so")
term.type("h")
tap.ok(term.expect("Help for interactive commands") is not None, "h explains the keys")
term.type(" ")
tap.ok(look(term, r"^%Cpu0  :") is not None, "any key goes back to the list")
term.type("q")
tap.ok(term.expect("^bobbin# ") is not None, "q ends it: there is the prompt again")
term.type("poweroff\r")
tap.ok(term.end() == POWEROFF, "the machine goes off")
tap.done()
