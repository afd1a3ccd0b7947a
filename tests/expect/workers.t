#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What docs/workers.md shows is what the command `workers` prints; but for the nanoseconds, which will change."""

import os
import re

from bobbin import CHECKED, POWEROFF, Tap, boot

tap = Tap()
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "../../docs/workers.md"), encoding="utf-8") as f:
    shown = re.search(r"```\n(8 jobs, each computes.*?)\n```", f.read(), re.S).group(1)

run = boot('quiet sh="workers; poweroff"', icount=True)
tap.ok(run.status == POWEROFF, "workers: ends", run)


def facts(text):
    """Who was how concurrent, in which order, in how many milliseconds; which unbound worker it was is chance."""
    lines = re.findall(r"^  (\w[\w ]*?) +(\d+) at once, begun (\d+) ended (\d+) in (\d+)\.\d ms", text, re.M)
    return [line[:2] if line[0] == "unbound workqueue" else line[:4] if CHECKED else line for line in lines]


tap.ok(len(facts(shown)) == 8, "the page shows four teams, twice")
tap.ok(facts(run.console) == facts(shown), "the page shows what happens", run)
tap.ok(run.has(r"^      kworker/0:0 +jobs 01234567  CPU 0$"), "one worker does all jobs that compute", run)
tap.ok(len(run.lines(r"^      kworker/0:\d +jobs \d  CPU 0$")) == 8, "eight workers do eight jobs that sleep", run)
cost = dict(re.findall(r"^  (\w[\w ]*?) +(\d+) ns", run.console, re.M))
if CHECKED:
    tap.skip("queueing and waiting costs less than on Linux 6.1", "the checks cost more")
else:
    tap.ok(len(cost) == 4 and int(cost["workqueue"]) < 7862, "queueing and waiting costs less than on Linux 6.1", run)
tap.done()
