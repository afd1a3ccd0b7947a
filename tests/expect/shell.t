#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The shell as a person has it: typed at a terminal, on the serial line and on the keyboard."""

import random
import re

from bobbin import POWEROFF, PANICKED, Tap, Terminal

tap = Tap()
UP, DOWN, RIGHT, LEFT = "\033[A", "\033[B", "\033[C", "\033[D"
HOME, END, DELETE = "\033[H", "\033[F", "\033[3~"

t = Terminal(smp=4)
tap.ok(t.expect("^bobbin# "), "there is a prompt", t)


def types(keys, answer, name):
    """Types that and Enter. Does a line of its own answer so?"""
    t.type(keys + "\r")
    found = t.expect("^" + re.escape(answer) + "\n")
    tap.ok(found and t.expect("^bobbin# "), name, t)


def says(line, pattern, name):
    answer = t.run(line)
    tap.ok(answer is not None and re.search(pattern, answer, re.M), name, t, repr(answer))


shown = t.run("help")
wide = [line for line in (shown or "").splitlines() if len(line.rstrip()) > 79]
tap.ok(shown and "poweroff" in shown and not wide, "help: no line is wider than a terminal", t, repr(wide))

# ---- editing (Ctrl-A is QEMU's own key, and has to be typed twice)

types("echo ac" + LEFT + "b", "abc", "a character goes in where the cursor is")
types("echo abx\b" + "c", "abc", "Backspace")
types("echo axbc" + LEFT * 3 + DELETE, "abc", "Delete")
types("cho abc" + HOME + "e", "abc", "Home")
types("cho abc\001\001e" + END + "d\002\005e", "abcde", "Ctrl-A, End, Ctrl-B, Ctrl-E")
types("xxxx\025echo abc", "abc", "Ctrl-U")
types("echo abcxx" + LEFT * 2 + "\013", "abc", "Ctrl-K")
types("echo abc def\027\bd", "abcd", "Ctrl-W")
types("echo acb\024", "abc", "Ctrl-T")
types("echo one two" + "\033b" + "and ", "one and two", "Alt-B")
types("echo gr\u00fcn" + LEFT + "\b\u00fc\u00fc" + RIGHT, "gr\u00fc\u00fcn".encode().decode("latin-1"), "UTF-8")
types("nonsense\003echo abc", "abc", "Ctrl-C forgets the line")
digits = "0123456789" * 30
types(f"echo {digits}{HOME}{RIGHT * 5}x", f"x{digits}", "a line longer than the terminal")
types("echo ab" + "\033[1;5Zc\033[99~\033OZd", "abcd", "unknown keys do nothing")

# ---- lines before

t.run("echo first")
t.run("echo second")
types(UP * 2, "first", "up, twice: the line before the last")
types(UP + UP + DOWN + DOWN + "echo new", "new", "and down again: the new one")
types("echo unfinished" + UP + DOWN + " kept", "unfinished kept", "what was typed is kept meanwhile")
types("\022sec\r"[:-1], "second", "Ctrl-R finds a line by a part of it")

# ---- Tab

types("ech\tabc", "abc", "Tab completes a command")
types("demo sta\t\t\025echo abc", "abc", "Tab twice lists what is possible")
tap.ok(re.search(r"^start +status\n", t.console, re.M), "... namely these", t)
t.type("exa\tsto\t")
tap.ok(t.expect("bobbin# examples stop "), "Tab completes an argument, by the command's own words", t)
t.type("\025")
types("man slee\t | grep -c Example", "1", "... or as the command has it")

# ---- the language, and what runs

says("eco hello", "did you mean echo", "a wrong name: the nearest one")
says("echo 'abc", "a quote is not closed", "a quote that is not closed")
says("| head", "no command in front of", "nothing in front of a pipe")
says("ps -ef | grep kthreadd | wc -l", r"^[12]$", "pipes")
says("ps -e | head -1", r"^ +PID TTY +TIME CMD$", "a pipe that ends early")
says("sh -c 'exit 3'; echo $?", "^3$", "$?")
says("ps -o ppid,comm -C sh,ps", r"^ +1 sh\n +\d+ ps$", "commands are the shell's children")
says("time sleep 0.3", r"^real\t0m0\.[3-9]|^real\t\d+m\d+", "time")
says("man sleep", "Example: sleep", "man")
says("examples start; examples crash; echo alive; examples stop", "^alive$", "the shell outlives a fault")

t.type("sleep 1000\r")
t.expect("sleep 1000\n")
t.type("\003")
tap.ok(t.expect(r"^\^C\nbobbin# "), "Ctrl-C ends what sleeps", t)
says("echo $?", "^130$", "... and $? is 130")
t.type("sleep 1000\r\003")
tap.ok(t.expect(r"^\^C\nbobbin# "), "... typed before it has begun to sleep, too", t)
says("echo $?", "^130$", "... with the same $?")
t.type("yes\r")
t.expect("^y\ny\n")
t.type("\003")
tap.ok(t.expect(r"\^C\n(y\n)*bobbin# "), "Ctrl-C ends what prints", t)
t.type("sleep 1000; echo wrong\r")
t.expect("wrong\n")
t.type("\003")
says("echo after", "^after$", "... and what stands behind it")
tap.ok("\nwrong" not in t.console, "... does not run", t)

says("sleep 1000 &", r"^\[1\] \d+$", "a job in the background")
says("jobs", r"^\[1\] +Running +sleep 1000$", "jobs lists it")
t.type("fg\r")
t.expect("^sleep 1000\n")
t.type("\003")
tap.ok(t.expect(r"^\^C\nbobbin# "), "fg, and Ctrl-C reaches it", t)
t.type("sleep 1001\r")
t.expect("sleep 1001\n")
t.type("\032")
tap.ok(t.expect(r"^\[1\] \d+\nbobbin# "), "Ctrl-Z leaves it behind", t)
t.type("fg\r")
t.expect("^sleep 1001\n")
t.type("\003")
t.expect("^bobbin# ")
says("sleep 0.2 & wait; echo done", "^done$", "wait")

t.type("watch -n 0.2 echo hello\r")
tap.ok(t.expect(r"\033\[H.*Every 0\.2s: echo hello") and t.expect("hello") and t.expect(r"\033\[HEvery"),
       "watch shows it again and again", t)
t.type("q")
tap.ok(t.expect("^bobbin# "), "... until q", t)

# A message of the kernel while a line is edited: the line is drawn anew behind it.
t.type("sh -c 'sleep 0.5; misuse stop-dead-thread' &\r")
t.expect("^bobbin# ")
t.type("echo half a li")
tap.ok(t.expect(r"stop-dead-thread: done.*\n(.*\n)*?.*bobbin# echo half a li"),
       "a line that is disturbed is drawn anew", t)
types("ne", "half a line", "... and goes on as it was")
t.run("wait")

# ---- the width of the terminal

t.run("stty cols 60")
WIDE = "ps -o pid,ppid,psr,stat,cls,rtprio,ni,time,wchan:20,comm -p 2"
says(WIDE, r"^ +2 .{,55}\n", "ps: lines are cut where the terminal ends")
says(WIDE + " w", r"^ +2 .*kthreadd +kthreadd\n", "... later with w")
says(WIDE + " | head", r"^ +2 .*kthreadd +kthreadd\n", "... and not in a pipe")
t.run("stty cols 80")
answer = t.run("man ps")
tap.ok(answer and "Example: ps -e -o" in answer and "Columns: pid" in answer, "a long manual page comes whole", t)
tap.ok(answer and all(len(line) <= 80 for line in answer.splitlines()), "... and no line of it is too wide", t, answer)

# ---- much, and garbage

lines = [f"echo {i:05} {'x' * 40}" for i in range(200)]
t.type("\r".join(lines) + "\r")
missing = [i for i in range(200) if not t.expect(rf"^{i:05} {'x' * 40}\n")]
tap.ok(not missing, "a text of 10,000 characters, pasted, loses nothing", t, f"missing: {missing[:5]}")
long = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=10000))
types("echo " + long, long, "nor does a line of 10,000 characters")

noise = bytes(c for c in random.Random(7).randbytes(8000) if c not in b"\r\n\001\004")
t.type(noise)
t.type("\003\003\025")
says("echo calm", "^calm$", "garbage does no harm")
noise = bytes(random.Random(8).randbytes(8000)).replace(b"\004", b"").replace(b"\001", b"")
t.type(noise)
t.type("\003\003\025\r")
says("echo quiet", "^quiet$", "nor does garbage with ends of lines in it")
tap.ok(not re.search(r"BUG|Oops|Kernel panic", t.console), "nothing is complained of", t)

# ---- the end

t.type("exit\r")
tap.ok(t.expect("here is another one") and t.expect("^bobbin# "), "exit: init starts another shell", t)
t.type("poweroff\r")
tap.ok(t.end() == POWEROFF, "poweroff", t)

# ---- keyboard and screen

t = Terminal(smp=2)
t.expect("^bobbin# ")
tap.ok(t.screen_shows("^bobbin#") is not None, "the screen shows the prompt", t)
t.keys("e", "c", "h", "o", "spc", "shift-h", "caps_lock", "i", "caps_lock", "shift-1", "left", "x", "ret")
tap.ok(t.expect("^HIx!\n"), "the keyboard types: shift, caps lock, an arrow", t)
tap.ok(t.screen_shows("^HIx!$") is not None, "and the screen shows it", t)
t.keys("up", "home", "ctrl-k", "e", "c", "tab", "1", "2", "ret")
tap.ok(t.expect("^12\n"), "editing keys", t)
t.type("clear\r")
tap.ok(t.screen_shows("^bobbin#$", 0) == 0, "clear", t)
t.type("sleep 1000\r")
t.screen_shows("sleep 1000")
t.keys("ctrl-c")
tap.ok(t.expect(r"^\^C\nbobbin# "), "Ctrl-C of the keyboard ends a command", t)
t.type("seq 60 | more\r")
row = t.screen_shows("--More--")
tap.ok(row is not None and t.screen()[1][row * 80] == 0x70, "more asks, in reverse", t)
t.keys("q")
tap.ok(t.expect("^bobbin# "), "... and q is enough", t)
t.type("poweroff\r")
tap.ok(t.end() == POWEROFF, "poweroff", t)

tap.done()
