# SPDX-License-Identifier: MIT
"""The names of Linux's own GDB scripts: lx-ps, lx-dmesg, lx-lsmod, lx-cpus, $lx_current() and so on."""

import gdb

from bobbin import Command, need
from bobbin import memory as m
from bobbin import tasks as t
from bobbin import show


class LxPs(Command):
    """The tasks: address, PID and name."""

    name = "lx-ps"

    def run(self, words):
        print(f"{'TASK':>18} {'PID':>6}  COMM")
        for p in t.all_tasks():
            print(f"{m.address(p):#018x} {int(p['pid']):6}  {t.comm(p)}")


class LxDmesg(show.Dmesg):
    """The kernel's log."""

    name = "lx-dmesg"


class LxCpus(Command):
    """The CPUs that are possible, present, online and active."""

    name = "lx-cpus"

    def run(self, words):
        for title in ("possible", "present", "online", "active"):
            print(f"{title:8} : {m.mask_text(m.cpus(f'__cpu_{title}_mask'))}")


class Lsmod(Command):
    """The modules that are loaded: address, name, size, users."""

    name = "lsmod"

    def run(self, words):
        need(words, 0, 0, self.name)
        print(f"{'Address':18} {'Module':20} {'Size':>7}  Used by")
        for mod in m.list_of(m.var("modules"), "struct module", "list"):
            base, size = int(mod["core_layout"]["base"]), int(mod["core_layout"]["size"])
            users = ",".join(m.text(use["user"]["name"]) for use in
                             m.list_of(mod["users"], "struct module_use", "user_node"))
            print(f"{base:#018x} {m.text(mod['name']):20} {size:7}  {int(mod['refcnt']['counter']) - 1} {users}")


class LxLsmod(Lsmod):
    """The modules that are loaded."""

    name = "lx-lsmod"


class LxCurrent(gdb.Function):
    """$lx_current([CPU]): the task that runs on a CPU, the selected one by default."""

    def __init__(self):
        super().__init__("lx_current")

    def invoke(self, cpu=-1):
        return t.current(None if int(cpu) < 0 else int(cpu))


class LxPerCpu(gdb.Function):
    """$lx_per_cpu("variable"[, CPU]): a CPU's copy of a per-CPU variable."""

    def __init__(self):
        super().__init__("lx_per_cpu")

    def invoke(self, name, cpu=-1):
        return m.per_cpu(name.string(), m.this_cpu() if int(cpu) < 0 else int(cpu))


class LxTaskByPid(gdb.Function):
    """$lx_task_by_pid(PID): the task, as a pointer."""

    def __init__(self):
        super().__init__("lx_task_by_pid")

    def invoke(self, pid):
        return t.by_pid(int(pid)).address


LxPs()
LxDmesg()
LxCpus()
Lsmod()
LxLsmod()
LxCurrent()
LxPerCpu()
LxTaskByPid()
