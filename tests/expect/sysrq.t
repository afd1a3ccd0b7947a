#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sysrq: Alt-SysRq and a key on the keyboard, and a BREAK and a key on the serial line, whatever the threads do."""

from bobbin import POWEROFF, Tap, Terminal

tap = Tap()

SHOWN = {
    "t": r"sysrq: Show State\n(?s:.*)task:kthreadd ",
    "w": r"sysrq: Show Blocked State\n",
    "l": r"sysrq: Show backtrace of all active CPUs\n(?s:.*)NMI backtrace for CPU \d",
    "q": r"sysrq: Show clockevent devices & pending hrtimers \(no others\)\n",
    "p": r"sysrq: Show Regs\n(?s:.*)CPU\d",
    "m": r"sysrq: Show Memory\n(?s:.*)Mem-Info: \d+ pages RAM",
    "h": r"sysrq: HELP : loglevel\(0-9\) reboot\(b\)",
}

t = Terminal(smp=2, limit=100)
t.expect("^bobbin# ")
for key, shows in SHOWN.items():
    t.keys(f"alt-sysrq-{key}")
    tap.ok(t.expect(shows), f"Alt-SysRq-{key}", t)
t.keys("a", "l", "t", "ret")
tap.ok(t.expect("sh: alt: command not found"), "the key itself is not typed, and later ones are letters again", t)
for key, shows in SHOWN.items():
    t.expect("^bobbin# ")  # the line is drawn anew behind what was printed
    t.monitor("chardev-send-break serial0")
    t.type(key)
    tap.ok(t.expect(shows), f"BREAK {key}", t)
t.type("\001b" + "m")
tap.ok(t.expect(SHOWN["m"]), "BREAK as QEMU sends it for Ctrl-a b", t)
says = t.run("echo calm")
tap.ok(says and "calm\n" in says, "what comes after that is typed again", t)

# While much is printed: each look at the port for room takes the BREAK's mark away. (Between taking it and writing it
# down are two instructions, in which the handler may come: a person would press again, too.)
t.type("yes\r")
t.expect("^y\ny\n")
for _ in range(5):
    t.monitor("chardev-send-break serial0")
    t.type("m")
    came = t.expect(SHOWN["m"] + "|^(y\n){3000}")
    if came and "sysrq" in came.group():
        break
tap.ok(came and "sysrq" in came.group(), "BREAK while the console is busy", t)
t.type("\003")
t.expect(r"\^C\n(y\n)*bobbin# ")

# A real-time thread that never sleeps has the shell's CPU; the other one is off.
t.run("cpu off 1")
t.type("chrt -f 99 yes | wc -l\r")
t.expect("wc -l\n")
t.keys("alt-sysrq-p")
tap.ok(t.expect(SHOWN["p"]), "Alt-SysRq-p while a real-time thread has the only CPU", t)
t.monitor("chardev-send-break serial0")
t.type("o")
tap.ok(t.end() == POWEROFF and t.expect("sysrq: Power Off"), "BREAK o switches the machine off", t)

for how in ("Alt-SysRq-b", "BREAK b"):
    t = Terminal(smp=2, limit=100)
    t.expect("^bobbin# ")
    if how == "BREAK b":
        t.monitor("chardev-send-break serial0")
        t.type("b")
    else:
        t.keys("alt-sysrq-b")
    tap.ok(t.end() == POWEROFF and t.expect("sysrq: Resetting"), f"{how} resets it (QEMU ends, by -no-reboot)", t)

tap.done()
