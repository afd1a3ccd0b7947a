# SPDX-License-Identifier: MIT
"""What a trace says: the parts of tools/trace and tools/sched-report.

    formats   the events: how each is written as text, and which fields that are
    text      trace.txt -> Event by Event
    schedule  events -> who ran where and when, who woke whom, why it left the CPU
    perfetto, dat, page   the same as trace.json, trace.dat and timeline.html
"""
