#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Modules: built by kbuild's interface outside of the tree, loaded, used, unloaded, refused."""

import os
import re
import shutil
import struct
import subprocess

from bobbin import BUILD, POWEROFF, TOP, Tap, boot

tap = Tap()
WORK = os.path.join(os.path.abspath(BUILD), "t", "modules")
CLEAN = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "M")}


def build(folder, *goals):
    return subprocess.run(["make", "-C", TOP, f"M={folder}", f"O={BUILD}", *goals], capture_output=True, text=True,
                          env=CLEAN, check=False)


def folder(name, **files):
    """A folder of a student's: files by name, dots written as __."""
    path = os.path.join(WORK, name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    for file, text in files.items():
        with open(os.path.join(path, file.replace("__", ".")), "w", encoding="utf-8") as f:
            f.write(text)
    return path


def run(modules, commands, name, quiet=False, **machine):
    r = boot(f'{"quiet " if quiet else ""}sh="{commands}; poweroff"', icount=True, log=f"modules-{name}.log",
             env={"MODULES": " ".join(modules)}, **machine)
    tap.ok(r.status == POWEROFF, f"{name}: the machine lives to the end", r)
    return r


def in_order(r, *patterns):
    at = 0
    for pattern in patterns:
        m = re.compile(pattern, re.M).search(r.console, at)
        if not m:
            return False
        at = m.end()
    return True


# ---- building

shutil.rmtree(WORK, ignore_errors=True)
os.makedirs(os.path.dirname(WORK), exist_ok=True)
shutil.copytree("tests/modules", WORK + "/all")
ALL = WORK + "/all"
made = build(ALL, "modules")
tap.ok(made.returncode == 0 and "warning" not in made.stderr, "make M=folder modules builds a tutorial's Makefile",
       why=made.stdout + made.stderr)
NAMES = ("api everything params provider user pair refuses leaves ended percpu faults forgets "
         "meet_queue meet_completion news trio deferred driver")
ko = {n: f"{ALL}/{n}.ko" for n in NAMES.split()}
tap.ok(all(os.path.exists(p) for p in ko.values()), "every module of obj-m has its .ko")
if shutil.which("clang"):
    shutil.copytree("tests/modules", WORK + "/clang")
    made = build(WORK + "/clang", "CC=clang", "modules")
    tap.ok(made.returncode == 0 and "warning" not in made.stderr, "and with clang", why=made.stdout + made.stderr)
else:
    tap.skip("and with clang", "there is no clang")
again = build(ALL, "modules")
tap.ok("CC" not in again.stdout, "a second make compiles nothing", why=again.stdout)
dest = os.path.join(WORK, "installed")
installed = build(ALL, "modules_install", f"INSTALL_MOD_PATH={dest}")
tap.ok(installed.returncode == 0 and os.path.exists(f"{dest}/lib/modules/6.1.0-bobbin/updates/user.ko"),
       "modules_install puts them where kbuild would", why=installed.stderr)

SOURCE = '#include <linux/module.h>\n{}static int __init a(void) {{ {} return 0; }}\nmodule_init(a);\n{}'
LICENSE = 'MODULE_LICENSE("GPL");\n'
bad = build(folder("undefined", Makefile="obj-m := x.o\n",
                   x__c=SOURCE.format("int kthread_stopp(void *);\n", "kthread_stopp(0);", LICENSE)), "modules")
tap.ok(bad.returncode != 0 and re.search(r'"kthread_stopp".*undefined.*kthread_stop\b', bad.stderr),
       "an undefined symbol is named with the nearest one", why=bad.stderr)
bad = build(folder("hidden", Makefile="obj-m := x.o\n",
                   x__c=SOURCE.format("void start_kernel(void);\n", "start_kernel();", LICENSE)), "modules")
tap.ok(bad.returncode != 0 and "does not export it" in bad.stderr, "a symbol that is not exported is called that",
       why=bad.stderr)
bad = build(folder("header", Makefile="obj-m := x.o\n", x__c='#include <linux/kthreads.h>\n'), "modules")
tap.ok(bad.returncode != 0 and "<linux/kthread.h>" in bad.stderr, "a missing header: what there is instead",
       why=bad.stderr)
bad = build(folder("license", Makefile="obj-m := x.o\n", x__c=SOURCE.format("", "", "")), "modules")
tap.ok(bad.returncode != 0 and "MODULE_LICENSE" in bad.stderr, "a missing licence is an error", why=bad.stderr)
bad = build(folder("nothing"), "modules")
tap.ok(bad.returncode != 0 and "no Makefile" in bad.stderr, "a folder without a Makefile", why=bad.stderr)

sub = folder("sub", Makefile="obj-m := top.o deep/\nEXTRA_CFLAGS := -DDEEP=1\n",
             top__c=SOURCE.format("#if DEEP != 1\n#error flags\n#endif\n", 'pr_info("top\\n");', LICENSE))
os.mkdir(sub + "/deep")
with open(sub + "/deep/Kbuild", "w", encoding="utf-8") as f:
    f.write("obj-m += below.o\nbelow-y := one.o\nCFLAGS_one.o := -DONE\n")
with open(sub + "/deep/one.c", "w", encoding="utf-8") as f:
    f.write(SOURCE.format("#ifndef ONE\n#error flags\n#endif\n", 'pr_info("below\\n");', LICENSE))
made = build(sub, "modules")
tap.ok(made.returncode == 0 and os.path.exists(sub + "/deep/below.ko"), "subfolders, Kbuild files, flags for one file",
       why=made.stderr)
build(sub, "clean")
left = sorted(os.listdir(sub)) + sorted(os.listdir(sub + "/deep"))
tap.ok(left == ["Makefile", "deep", "top.c", "Kbuild", "one.c"],
       "clean leaves what was there before", why=str(left))

# ---- loading

for how in ("kernel", "iso"):
    r = run([ko["pair"]], "insmod pair; sleep 1; ps -C pair_left,pair_right; lsmod; rmmod pair; lsmod", f"pair-{how}",
            boot=how)
    tap.ok(in_order(r, "left says 1 of 3", "right says 1 of 3", "right says 3 of 3", "pair_left", r"^pair +\d+  0$",
                    "left gave 11", "right gave 22", r"^Module +Size +Used by\n\["),
           f"{how}: loaded, listed, unloaded", r)

r = run([ko["params"]], "modinfo params; modinfo -F license params; insmod params; rmmod params; "
        "insmod params a_byte=255 a_short=-7 a_ushort=8 an_int=0x10 a_uint=9 a_long=-1 a_ulong=2 'a_text=two words' "
        "a_bool an_inverted=1 word=ten numbers=7,8 texts=p,q twice=21; rmmod params; "
        "insmod params a_byte=256; insmod params numbers=1,2,3,4,5; insmod params word=muchtoolong; "
        "insmod params nosuch=1; lsmod", "params")
tap.ok(all(map(r.has, [r"^filename: +params", r"^version: +1\.2$", r"^description: +a parameter of each type$",
                       r"^license: +Dual MIT/GPL$", r"^name: +params$", r"^vermagic: +6\.1\.0-bobbin SMP",
                       r"^parm: +an_int:a number, with its sign \(int\)$", r"^parm: +word:string$",
                       r"^Dual MIT/GPL$"])),
       "modinfo prints what kmod's does", r)
tap.ok(in_order(r, r"params: 1 -2 3 -4 5 -6 7$", r"params: eight 0 1 nine twice 0$", r"0 numbers 1 2 3 4, texts x y$"),
       "without parameters: the values of the source", r)
tap.ok(in_order(r, r"params: 255 -7 8 16 9 -1 2$", r"params: two words 1 0 ten twice 42$",
                r"2 numbers 7 8 3 4, texts p q$"), "each type takes its value", r)
tap.ok(in_order(r, r"`256' invalid for parameter `a_byte'", "Numerical result out of range",
                "can only take 4 arguments", "`muchtoolong' too large for parameter `word'",
                r"unknown parameter 'nosuch' ignored"),
       "wrong values are refused and named, an unknown name is ignored", r)

r = run([ko["provider"], ko["user"]], "insmod user; insmod provider; insmod user; lsmod; rmmod provider; rmmod user; "
        "rmmod provider; modprobe user; lsmod; modprobe -r user; lsmod", "symbols")
tap.ok(in_order(r, r"user: Unknown symbol provider_add \(err -2\)", "Unknown symbol in module", "provider: here",
                r"2 \+ 3 = 5, call 1", r"^provider +\d+  1 user$", "rmmod: ERROR: Module provider is in use by: user",
                r"4 \+ 5 = 9, call 2", "called 2 times", "provider: here", "call 1$", r"^Module.*\n\["),
       "symbols between modules: needed, counted, let go; modprobe brings both", r)

r = run([ko["api"]], "insmod api; rmmod api; lsmod", "api")
tap.ok(in_order(r, r"[3-9]\d\d names of the core and \d{3} more are there", r"^Module.*\n\["),
       "every name that published modules use is there and found", r)

r = run([ko["refuses"]], "insmod refuses; insmod refuses err=0; rmmod refuses; lsmod; insmod refuses", "refuses")
tap.ok(in_order(r, "could not insert module refuses: No such device", "has no module_exit", r"^refuses +\d+  0$",
                "File exists"),
       "an init that fails leaves nothing; without an exit a module stays", r)

r = run([ko["leaves"]],
        "insmod leaves; rmmod leaves; lsmod; insmod leaves; sleep 3; rmmod leaves; lsmod; insmod leaves",
        "leaves")
tap.ok(in_order(r, "without a look", r"still runs? its code", r"^leaves .*threads still run", "File exists",
                "the thread ends", r"^Module.*\n\["), "code that a thread still runs is kept, and the thread named", r)
tap.ok(r.has(r"left_behind \(pid \d+\)"), "the thread is named with its pid", r)

r = run([ko["ended"]], "insmod ended; sleep 1; rmmod ended; lsmod", "ended")
tap.ok(in_order(r, "nothing to do", "stop gives 5", r"^Module.*\n\["), "stopping a thread that has ended: explained", r)

r = run([ko["faults"]], "insmod faults; lsmod; insmod faults; rmmod faults; lsmod; insmod faults in_exit=1; lsmod; "
        "rmmod faults; echo == dead; lsmod; rmmod faults; lsmod; insmod faults in_exit=1", "faults")
tap.ok(in_order(r, r"in faults_init|faults_init\+0x", r"^faults .*died in there: rmmod", "File exists",
                r"faults: insmod \(pid \d+\) died in its init function", "timer", r"^Module.*\n(?!faults )"),
       "a module whose init function faults is told of, and rmmod takes it away", r)
tap.ok(in_order(r, r"^Module.*\nfaults +\d+  0$", "faults: exit", "== dead", r"^faults .*died in there: rmmod",
                r"faults: rmmod \(pid \d+\) died in its exit function", r"^Module.*\n(?!faults )"),
       "nor does a fault in the exit function keep it for ever", r)

LEFT = {"interrupt handler": "irq_fn", "delayed work": "delayed_fn", "work": "work_fn", "timer": "timer_fn",
        "delayed kthread_work": "kdelayed_fn", "hrtimer": "hrtimer_fn", "tasklet": "tasklet_fn"}
STOP = {"interrupt handler": "free_irq", "delayed work": "cancel_delayed_work_sync", "work": "cancel_work_sync",
        "timer": "del_timer_sync", "delayed kthread_work": "kthread_cancel_delayed_work_sync",
        "hrtimer": "hrtimer_cancel", "tasklet": "tasklet_kill"}
for smp in (1, 4):
    r = run([ko["forgets"]], "insmod forgets; rmmod forgets; sleep 3; lsmod; insmod forgets; rmmod forgets",
            f"forgets-{smp}", smp=smp)
    tap.ok(len(r.lines("module forgets goes, and has left behind what would call its functions later")) == 2 and
           all(len(r.lines(rf"forgets: {what} \w+ is left, its function is {fn} \[forgets\]: {STOP[what]}\(\) is"))
               == 2 for what, fn in LEFT.items()),
           f"{smp} CPUs: what a module leaves behind is told of, and what should have been called", r)
    tap.ok(in_order(r, r"^Module.*\n\[") and not r.has("CALLED"), "and taken off: none of it is called", r)
    if smp == 1:  # nobody can end a grace period before rmmod looks
        tap.ok(in_order(r, *["RCU callback .* its function is rcu_fn .*barrier", "RCU has called"] * 3, "^Module"),
               "an RCU callback is told of and waited for, and those that it queues", r)
r = run([ko["forgets"]], "insmod forgets is_static=1; rmmod forgets; echo == fails; insmod forgets fail=1; lsmod; "
        "insmod forgets busy=1; sleep 0.5; rmmod forgets; lsmod; sleep 2; rmmod forgets; lsmod; sleep 2",
        "forgets-more")
tap.ok(in_order(r, "timer_fn .*del_timer_sync", "== fails", "init too, if it fails", "timer_fn .*del_timer_sync",
                "Input/output error", r"^Module.*\n(?!forgets )") and not r.has("CALLED"),
       "one of its variables, and when init fails, too", r)
tap.ok(in_order(r, r"Module forgets has ended, but kworker/\S+ \(pid \d+\) still runs its code: rmmod again",
                "^forgets .*threads still run", "the work ends", r"^Module.*\n(?!forgets )"),
       "a work that runs keeps the module until it ends", r)

for smp in (1, 4):
    r = run([ko["percpu"]], "insmod percpu; rmmod percpu; insmod percpu; free", f"percpu-{smp}", smp=smp)
    tap.ok(len(r.lines("percpu: 42 on each CPU")) == 2, f"{smp} CPUs: per-CPU variables begin anew each time", r)

if shutil.which("clang"):
    CLANG = "params pair trio deferred news driver everything percpu".split()
    r = run([f"{WORK}/clang/{n}.ko" for n in CLANG], "; ".join(f"insmod {n}; sleep 1; rmmod {n}" for n in CLANG) +
            "; lsmod", "clang")
    tap.ok(in_order(r, "params: eight 0 1", "left gave 11", "2 turns$", "at once", "3 rounds$", "5 5 5 handled",
                    "everything: 5 steps, error 0", "percpu: 42 on each CPU", r"^Module.*\n\["),
           "modules by clang run as those by gcc", r)

for smp in (1, 4):
    r = run([ko["everything"]], "insmod everything; rmmod everything; lsmod", f"everything-{smp}", smp=smp)
    tap.ok(in_order(r, "everything: 5 steps, error 0", r"^Module.*\n\["),
           f"{smp} CPUs: a little of everything works", r)

# ---- the kinds of program that books and blogs show

SHOWN = "meet_queue meet_completion news trio deferred driver".split()
r = run([ko[n] for n in SHOWN], "; ".join(f"insmod {n}; sleep 0.5; rmmod {n}" for n in SHOWN) + "; lsmod", "shown")
tap.ok(in_order(r, "both are at 10$", "both are at 20$", "both are at 30$", "gives 1$", "gives 2$"),
       "a pair that meets every ten counts, over a wait queue", r)
tap.ok(in_order(r, "met at 10$", "met at 20$", "met at 30$", "they counted to 31 and 31"), "and over completions", r)
tap.ok(in_order(r, *(f"round {n}, freed by the last reader" for n in (1, 2, 3)), "3 rounds$"),
       "a producer and two consumers over complete_all()", r)
tap.ok(in_order(r, "trio: 2 lost its patience", r"trio: [01] had its turn", r"trio: [01] had its turn", "2 turns$"),
       "three threads on a private queue, one with a time-out", r)
tap.ok(in_order(r, "deferred: at once", "deferred: a little later$", "at once was not pending", "later was not pending",
                "never was pending"), "works at once, later and never", r)
tap.ok(in_order(r, "device 0 is handled by driver_io, policy 1", "device 2 is", "driver: 5 5 5 handled"),
       "one real-time worker for three devices", r)
tap.ok(in_order(r, "5 5 5 handled", r"^Module.*\n\["), "all of them are unloaded", r)

# ---- the page that explains it

with open("docs/modules.md", encoding="utf-8") as f:
    page = f.read()
source = re.search(r"^\$ cat hello\.c\n(.*?)^\$ cat Makefile\n(.*?)\n\n", page, re.M | re.S)
hello = folder("page", hello__c=source.group(1), Makefile=source.group(2) + "\n")
made = build(hello, "modules")
tap.ok(made.returncode == 0, "docs/modules.md: its module builds", why=made.stderr)
r = run([hello + "/hello.ko"], re.search(r'sh="(.*?); poweroff"', page).group(1), "page")
tap.ok(in_order(r, r"hello 1$", r"hello 2$", r"work gave 2$"), "docs/modules.md: its commands do what it says", r)

# ---- files that are no modules

with open(ko["pair"], "rb") as f:
    good = f.read()
BAD = {
    "cut": (good[:len(good) // 2], "cut off"),
    "empty": (b"", "no ELF file"),
    "text": (b"#!/bin/sh\nexit 0\n" * 50, "no ELF file"),
    "bits32": (good[:4] + b"\1" + good[5:], "32 bits"),
    "arm": (good[:18] + b"\xb7\0" + good[20:], "another machine"),
    "program": (good[:16] + b"\2\0" + good[18:], "no relocatable file"),
    "magic": (good.replace(b"vermagic=6.1.0-bobbin", b"vermagic=5.9.0-bobbin"), "version magic '5.9.0-bobbin"),
    "noname": (good.replace(b"name=pair", b"nome=pair"), "does not say what it is called"),
}


def without_relocations(file, section):
    """The module, its tables as they would be if somebody had taken a section's relocations out of the file."""
    with open(file, "rb") as f:
        data = bytearray(f.read())
    table, = struct.unpack_from("<Q", data, 40)
    count, names = struct.unpack_from("<HH", data, 60)
    strings, = struct.unpack_from("<Q", data, table + 64 * names + 24)
    for i in range(count):
        at = table + 64 * i
        name, = struct.unpack_from("<I", data, at)
        if data[strings + name:].split(b"\0")[0] == b".rela" + section:
            struct.pack_into("<I", data, at + 4, 1)
    return bytes(data)


BAD["nameless"] = (without_relocations(ko["provider"], b".ksymtab"), "the name of a symbol that it exports is not")
BAD["typeless"] = (without_relocations(ko["params"], b"__param"), "the name of a parameter is not where it should be")
paths = []
for name, (data, _) in BAD.items():
    paths.append(f"{WORK}/{name}.ko")
    with open(paths[-1], "wb") as f:
        f.write(data)
r = run(paths, "; ".join(f"echo == {n}; insmod {n}" for n in BAD) + "; lsmod", "bad")
for name, (_, why) in BAD.items():
    tap.ok(in_order(r, f"^== {name}$", re.escape(why)), f"{name}.ko is refused: {why}", r)

# ---- again and again

# Each command was a thread, which is freed a grace period after its end: a second is enough for the last of them.
# The first rounds fill what each CPU keeps for the next ones.
with open(WORK + "/rounds.sh", "w", encoding="utf-8") as f:
    f.write("insmod pair;rmmod pair\n" * 15 + "sleep 1;free\n" + "insmod pair;rmmod pair\n" * 1000 + "sleep 1;free\n")
    f.write("lsmod;ps -e\n")
r = run([ko["pair"], WORK + "/rounds.sh"], "source rounds.sh", "rounds", quiet=True)
used = [int(line.split()[2]) for line in r.lines(r"^Mem:")]
# KASAN frees the last 256 objects of each CPU later, and which these are differs: half a KiB per round would show.
slack = 512 if os.environ.get("KASAN") else 16
tap.ok(len(used) == 2 and used[1] <= used[0] + slack, "a thousand rounds with two threads each leave no memory behind",
       r, f"KiB used: {used}")
tap.ok(r.has(r"^Module +Size +Used by\n +PID") and not r.lines("pair_"), "no module, and no thread", r)

tap.done()
