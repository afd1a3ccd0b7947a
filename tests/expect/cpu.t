#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The shell's cpu command: CPUs go offline and online, with their threads; those not started at boot, too."""

import re

from bobbin import POWEROFF, Tap, boot

tap = Tap()
PS = "ps -e -o psr,stat,comm"

run = boot(f'sh="cpu off 2; cpu; {PS}; poweroff"', smp=4, icount=True)
tap.ok(run.status == POWEROFF, "cpu off: the machine goes on", run)
tap.ok(run.has(r"CPU 2 is now offline") and run.has(r"^cpu2 +offline$"), "cpu off: it is offline", run)
tap.ok(all(run.has(rf"^ +2 P +{name}/2$") for name in ("cpuhp", "migration", "ksoftirqd")),
       "cpu off: its own threads are parked", run)
tap.ok(not run.has(r"^ +2 [^SDIP]"), "cpu off: no thread runs there (one that sleeps may have been there last)", run)

# demo/2 is bound to CPU 2, and was there.
run = boot('sh="demo start; sleep 1; demo status; cpu off 2; sleep 1; demo status; demo stop; poweroff"', smp=4,
           icount=True)
turns = [(int(n), cpu)
         for n, cpu in re.findall(r"^ +demo/2 +(\d+) turns on its CPU, now on CPU (\d)", run.console, re.MULTILINE)]
tap.ok(len(turns) == 2 and turns[0][1] == "2", "cpu off: a thread bound to it was at work there", run, str(turns))
tap.ok(len(turns) == 2 and turns[1][0] > turns[0][0] and turns[1][1] in "013", "cpu off: and goes on elsewhere", run,
       str(turns))
tap.ok(run.has(r"process \d+ \(demo/2\) no longer affine to cpu2"), "cpu off: which is said", run)

run = boot(f'sh="cpu off 2; cpu on 2; cpu; {PS}; poweroff"', smp=4, icount=True)
tap.ok(run.has(r"^cpu2 +online$"), "cpu on: it is online again", run)
tap.ok(all(run.has(rf"^ +2 S +{name}/2$") for name in ("cpuhp", "migration", "ksoftirqd")),
       "cpu on: its threads are back", run)

run = boot('sh="cpu off 0; cpu off 7; cpu on 1; cpu off; poweroff"', smp=2, icount=True)
tap.ok(run.has(r"cpu0 does not go offline: CPU 0"), "cpu off 0 is refused", run)
tap.ok(run.has(r"cpu7 does not go offline: there is no such CPU"), "a CPU that is not there is named", run)
tap.ok(run.has(r"cpu1 does not go online: it is online already"), "what is so already is said", run)
tap.ok(run.has(r"right would be: cpu, "), "wrong arguments are answered with right ones", run)

run = boot(f'maxcpus=2 sh="cpu on 3; cpu; {PS}; poweroff"', smp=4, icount=True)
tap.ok(run.has(r"smp: 2 CPUs online"), "maxcpus starts so many", run)
tap.ok(run.has(r"^cpu3 +online$") and run.has(r"^cpu2 +offline$"), "and others later", run)
tap.ok(run.has(r"^ +3 S +cpuhp/3$") and not run.has(r"cpuhp/2"), "a CPU never started has no threads", run)

tap.done()
