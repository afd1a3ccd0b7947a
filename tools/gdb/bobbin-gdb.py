# SPDX-License-Identifier: MIT
"""Bobbin's GDB commands: `make debug` loads this; elsewhere `source tools/gdb/bobbin-gdb.py`.

`help bobbin` lists the commands. What each file is about:

    bobbin/memory.py    variables, per-CPU copies, lists, trees, names of addresses
    bobbin/tasks.py     threads: which there are, in what state, on which stack
    bobbin/unwind.py    a switched-out thread as GDB's own backtrace, `up`, `info locals`
    bobbin/waits.py     what a thread waits for
    bobbin/show.py      the commands that list: ps, why, rq, locks, timers, workqueues...
    bobbin/modules.py   symbols of loaded modules
    bobbin/stops.py     the commands that stop: break-switch, sched-step...
    bobbin/back.py      going back: sched-back
    bobbin/linux.py     the names of Linux's own scripts: lx-ps, $lx_current()
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bobbin  # noqa: E402,F401
