#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Linux 6.1's own GDB scripts on Bobbin: tasks, CPUs, per-CPU variables, lists, trees, modules.

They are Linux's, and not here: LINUX_GDB= names a folder scripts/gdb of a 6.1 source tree, or Debian's package
linux-source-6.1 is installed. Else what they rely on is looked at by itself: the names of variables and members."""

import glob
import os
import re
import subprocess
import tempfile

from session import Session, bobbin

tap = bobbin.Tap()
CMDLINE = 'sh="demo start; sleep 1; poweroff"'
STOP = ["break kernel_power_off", "continue"]
# What the build of Linux makes for its scripts: the constants of a configuration.
CONSTANTS = """python
import sys, types
sys.path.insert(0, %r)
import linux
linux.constants = sys.modules["linux.constants"] = types.ModuleType("linux.constants")
for part in "utils lists tasks cpus rbtree modules".split():
    __import__("linux." + part)
"""
LINUX = [
    ("lx-ps", [r"0x\w+ +2 +kthreadd", r"0x\w+ +\d+ +demo/ping", r"0x\w+ +0 +swapper/0"]),
    ("lx-cpus", [r"Possible CPUs : \[0, 1, 2, 3\]", r"Online CPUs   : \[0, 1, 2, 3\]"]),
    ("print $lx_per_cpu(\"runqueues\", 3).cpu", [r"= 3$"]),
    ("print $lx_per_cpu(\"runqueues\").curr->comm", [r"poweroff"]),
    ("print $lx_current().comm", [r"poweroff"]),
    ("print $lx_task_by_pid(2).comm", [r"kthreadd"]),
    ("print $lx_thread_info($lx_current()).cpu == $lx_current().thread_info.cpu", [r"= 1$"]),
    ("print $lx_thread_info_by_pid(2).flags", [r"= \d+$"]),
    ("lx-list-check init_task.tasks", [r"list is consistent: \d+ node"]),
    ("lx-list-check workqueues", [r"list is consistent: \d+ node"]),
    ("print $container_of(init_task.tasks.next, \"struct task_struct\", \"tasks\")->comm", [r"init"]),
    ("python print(len([w for w in linux.lists.list_for_each_entry(gdb.parse_and_eval('workqueues'), "
     "gdb.lookup_type('struct workqueue_struct').pointer(), 'list')]) > 3)", [r"True"]),
    ("print $lx_rb_first(&$lx_per_cpu(\"runqueues\", 0).cfs.tasks_timeline.rb_root)", [r"rb_node \*|No entry in tree"]),
    ("lx-lsmod", [r"Address +Module"]),
]
NAMES = [
    ("print init_task.thread_group.next == &init_task.thread_group", [r"= 1$"]),
    ("print $lx_task_by_pid(2)->thread_group.next == &$lx_task_by_pid(2)->thread_group", [r"= 1$"]),
    ("print sizeof(__per_cpu_offset[0])", [r"= 8$"]),
    ("print ((struct task_struct *)*(long *)((long)&current_task + __per_cpu_offset[0]))->thread_info.cpu", [r"= 0$"]),
    ("print sizeof(__cpu_possible_mask.bits) == sizeof(__cpu_online_mask.bits)", [r"= 1$"]),
    ("print (long)&((struct task_struct *)0)->thread_info", [r"= 0$"]),
    ("ptype struct list_head", [r"struct list_head \*next"]),
    ("ptype struct hlist_head", [r"struct hlist_node \*first"]),
    ("ptype atomic_long_t", [r"counter"]),
    ("ptype struct rb_root", [r"struct rb_node \*rb_node"]),
    ("print sizeof(((struct module *)0)->core_layout.base)", [r"= 8$"]),
]


def scripts(folder):
    """Linux's scripts/gdb, None where there are none."""
    if os.environ.get("LINUX_GDB"):
        return os.environ["LINUX_GDB"]
    found = sorted(glob.glob("/usr/src/linux-source-6.1*.tar.xz"))
    if found:
        subprocess.run(["tar", "-C", folder, "-xJf", found[0], "--wildcards", "*/scripts/gdb/linux/*"], check=False,
                       stdin=subprocess.DEVNULL)
    found = glob.glob(f"{folder}/*/scripts/gdb")
    return os.path.abspath(found[0]) if found else None


def check(what, asked, setup):
    run = Session(STOP + setup + [command for command, _ in asked], CMDLINE, test=False)
    for (command, patterns), said in zip(asked, run.said[len(STOP + setup):] + [""] * len(asked)):
        missing = [p for p in patterns if not re.search(p, said, re.M)]
        tap.ok(not missing and "Traceback" not in said and "Python Exception" not in said, f"{what}: {command}", None,
               f"no /{missing[0] if missing else 'error'}/ in:\n{said}")


check("what Linux's scripts rely on", NAMES, [])
with tempfile.TemporaryDirectory() as tmp:
    linux = scripts(tmp)
    if linux:
        check("Linux's scripts", LINUX, ["python exec(%r)" % (CONSTANTS % linux).removeprefix("python\n")])
    else:
        tap.skip("Linux's scripts", "Linux's GDB scripts are not here: apt-get install linux-source-6.1, or LINUX_GDB=")
tap.done()
