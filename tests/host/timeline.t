#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""timeline.html, which tools/trace writes: what is in it, and, where there is a Chromium, what it shows.

The page is asked by a script that the test puts behind its own: it sees the page's names, moves the mouse, presses
keys, and leaves what it saw in the document, which Chromium prints (--dump-dom).
"""

import html as html_module
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../expect"))
# pylint: disable=wrong-import-position
import ftrace
from bobbin import Tap

tap = Tap()
BROWSERS = "chromium", "chromium-browser", "google-chrome"


def page(text, folder):
    """The page, and what it was made with: (html, data)."""
    with open(f"{folder}/trace.ns", "w", encoding="utf-8") as f:
        f.write(text)
    done = subprocess.run(["tools/trace", "--name", "a <trace>", f"{folder}/trace.ns"], capture_output=True, text=True,
                          check=False, timeout=300)
    if done.returncode or done.stderr:
        return done.stderr, {}
    with open(f"{folder}/timeline.html", encoding="utf-8") as f:
        html = f.read()
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    return html, json.loads(found[1]) if found else {}


def ask(browser, html, script, folder):
    """What the script returns, asked of the page in a browser. A browser that does not come up is started again."""
    with open(f"{folder}/asked.html", "w", encoding="utf-8") as f:
        f.write(html.replace("</body>", f'<pre id="answer"></pre><script>{{ const answer = (() => {{ {script} }})();\n'
                             'document.getElementById("answer").textContent = JSON.stringify(answer); }</script>'
                             "</body>"))
    why = ""
    for _ in range(2):
        try:
            done = subprocess.run([browser, "--headless=new", "--no-sandbox", "--disable-gpu",
                                   "--window-size=1280,800", f"--user-data-dir={folder}/profile", "--dump-dom",
                                   f"file://{folder}/asked.html"], capture_output=True, text=True, check=False,
                                  timeout=240)
        except subprocess.TimeoutExpired as e:
            why = str(e)
            continue
        found = re.search(r'<pre id="answer">(.*?)</pre>', done.stdout, re.S)
        if found and found[1]:
            return json.loads(html_module.unescape(found[1]))
        why = done.stderr[-2000:]
    return {"failed": why}


# What is under the mouse at a time (µs after the first event): {"cpu 0": [lines], "42": [lines]}
HOVER = """
const seen = {};
const point = (name, us, y) => {
	const place = at(xOf(us * 1000), y);
	(seen[name] ||= {})[us] = place && place.lines;
};
for (const us of [5, 20, 45, 55, 65, 80, 95, 105]) {
	for (let cpu = 0; cpu < CPUS; cpu++)
		point(`CPU ${cpu}`, us, cpuY(cpu) + 4);
	for (const thread of order)
		point(D.threads.pid[thread], us, threadY(thread) + 9);
}
return seen;
"""

DRIVE = """
const out = {}, box = chart.getBoundingClientRect();
const mouse = (type, x, y, more = {}) => chart.dispatchEvent(new PointerEvent(type,
	{clientX: box.left + x, clientY: box.top + y, bubbles: true, pointerId: 1, ...more}));
const key = (name, target = document.body) =>
	target.dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true}));
const span = () => view.t1 - view.t0;
chart.setPointerCapture = () => {};
glide = look;					/* at once */
const whole = span();
const turn = () => chart.dispatchEvent(new WheelEvent("wheel",
	{clientX: box.left + 500, clientY: box.top + 100, deltaY: -200, cancelable: true}));
turn();
out.wheel = span() < whole;
const held = timeAt(500);
turn();
out.held = Math.abs(timeAt(500) - held) < span() / 1000;
const before = [view.t0, timeAt(500)];
mouse("pointerdown", 500, 100); mouse("pointermove", 400, 100); mouse("pointerup", 400, 100);
out.drag = view.t0 > before[0] && Math.abs(timeAt(400) - before[1]) < span() / 1000;
let s = span(); key("w"); out.w = span() < s;
s = span(); key("s"); out.s = span() > s;
s = span(); key("+"); out.plus = span() < s;
let t = view.t0; key("a"); out.a = view.t0 < t;
t = view.t0; key("d"); out.d = view.t0 > t;
t = view.t0; key("ArrowLeft"); out.left = view.t0 < t;
key("0"); out.all = view.t0 === 0 && view.t1 === SPAN;
key("ArrowDown"); out.down = nameOf(view.chosen);
out.panel = $("panel").textContent;
key("."); key("."); out.step = [view.run, runs.thread[view.run]];
key("Escape"); out.escape = view.chosen;
key("/"); out.slash = document.activeElement.id;
$("search").value = "ODD"; $("search").dispatchEvent(new Event("input"));
out.found = $("hits").textContent;
$("find").dispatchEvent(new Event("submit", {cancelable: true})); out.first = [$("hits").textContent, view.run];
key("n", chart); out.second = [$("hits").textContent, view.run];
key("n", chart); out.third = $("hits").textContent;
key("N", chart); out.back = $("hits").textContent;
$("search").value = "tidy"; $("search").dispatchEvent(new Event("input"));
out.work = $("hits").textContent;
$("search").value = "nobody"; $("search").dispatchEvent(new Event("input"));
out.nothing = $("hits").textContent;
key("Escape", chart); key("0", chart);
mouse("pointermove", xOf(20000), cpuY(0) + 8);
out.tip = [$("tip").style.visibility, $("tip").textContent];
mouse("pointerdown", xOf(20000), cpuY(0) + 8); mouse("pointerup", xOf(20000), cpuY(0) + 8);
out.click = nameOf(view.chosen);
key("?"); out.help = $("help").open; $("help").close();
const dark = document.documentElement.classList.contains("dark"); key("t");
out.theme = document.documentElement.classList.contains("dark") !== dark;
$("list").querySelectorAll("th button")[2].click(); out.order = order.map(nameOf);
out.bars = $("panel").querySelectorAll("rect").length;
return out;
"""

# Frames at seven zooms. The time is told, not judged: the machine may be busy.
FRAMES = """
const times = [];
for (const share of [1, 0.3, 0.1, 0.03, 0.01, 0.001, 0.0001])
	for (let k = 0; k < 5; k++) {
		look(SPAN * (0.2 + 0.1 * k) - SPAN * share / 2, SPAN * (0.2 + 0.1 * k) + SPAN * share / 2);
		times.push(draw());
	}
look(0, SPAN);
draw();
const drawn = y => {			/* how many different colours are in a row of pixels */
	const data = below.getImageData(GUTTER, y, plotWidth(), 1).data, seen = new Set();
	for (let i = 0; i < data.length; i += 4)
		seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
	return seen.size;
};
times.sort((a, b) => a - b);
return {median: times[times.length >> 1], worst: times[times.length - 1], cpu: drawn(cpuY(0) + 10),
	thread: drawn(threadY(order[3]) + 8), n: D.events, run: stats.reduce((sum, s) => sum + s.run, 0)};
"""


def behaviour(browser, html, folder):
    seen = ask(browser, html, HOVER, folder)
    ping, odd = "ping (41)", f"{ftrace.ODD} (42)"
    expected = {
        ("CPU 0", "5"): ["CPU 0 is idle", "for 12.0 µs, from 1.000000 s."],
        ("CPU 0", "20"): [ping, "Ran 38.0 µs on CPU 0, from 1.000012 s.",
                          "Woken by an interrupt on CPU 1; had the CPU 12.0 µs later.",
                          "Left because it sleeps (S).", f"Woken again after 10.0 µs by {odd} on CPU 1."],
        ("CPU 1", "65"): [odd, "Ran 30.0 µs on CPU 1, from 1.000040 s.",
                          f"Woken by {ping} on CPU 0; had the CPU 10.0 µs later.",
                          f"Left because it was preempted by {ping}.", "Had a CPU again after 20.0 µs.",
                          "Inside: tidy_up"],
        ("CPU 1", "80"): [ping, "Ran 20.0 µs on CPU 1, from 1.000070 s.",
                          f"Woken by {odd} on CPU 1; had the CPU 10.0 µs later.", "Left because it exited (X)."],
        ("CPU 1", "95"): [odd, "Ran 10.0 µs on CPU 1, from 1.000090 s.", "Had waited 20.0 µs for the CPU.",
                          "Left because it sleeps, uninterruptibly (D).", "Nobody woke it in this trace.",
                          "Inside: tidy_up"],
        ("41", "5"): [ping, "Could run from 1.000000 s on, and waited 12.0 µs for a CPU.",
                      "Woken by an interrupt on CPU 1."],
        ("41", "55"): [ping, "Left because it sleeps (S).", f"Woken again after 10.0 µs by {odd} on CPU 1.",
                       "Left CPU 0 at 1.000050 s."],
        ("42", "80"): [odd, "Could run from 1.000070 s on, and waited 20.0 µs for a CPU.",
                       "It had been preempted, or gave up the CPU."],
    }
    for (row, us), lines in expected.items():
        got = seen.get(row, {}).get(us)
        tap.ok(got == lines, f"hover over {row} after {us} µs says it", why=f"{got}\n{lines}\n{seen.get('failed', '')}")

    born, _ = page(ftrace.text(ftrace.known(), 2).replace("sched_waking: comm=ping", "sched_wakeup_new: comm=ping", 1),
                   folder)
    got = ask(browser, born, HOVER, folder).get("CPU 0", {}).get("20") or ["", "", ""]
    tap.ok(got[2] == "Born, and first woken by an interrupt on CPU 1; had the CPU 12.0 µs later.",
           "a thread's first run says so", why=str(got))

    out = ask(browser, html, DRIVE, folder)
    for what, name in (("wheel", "the wheel zooms"), ("held", "... and what is under the mouse stays there"),
                       ("drag", "dragging moves"), ("w", "w zooms in"), ("s", "s zooms out"), ("plus", "+ zooms in"),
                       ("a", "a goes back"), ("d", "d goes on"), ("left", "so does the arrow, back"),
                       ("all", "0 shows all"), ("help", "? shows the keys"), ("theme", "t changes light and dark")):
        tap.ok(out.get(what) is True, name, why=str(out))
    tap.ok(out.get("down") == "ping" and "58.0 µs" in out.get("panel", "") and "12.0 µs" in out["panel"],
           "the arrow down chooses a thread, and the panel shows its numbers", why=str(out))
    tap.ok(out.get("step", [0, 1])[1] == 0 and out.get("escape") == -1, "full stop goes from run to run, Esc lets go",
           why=str(out))
    tap.ok(out.get("slash") == "search" and out.get("found") == "2 runs", "/ and a name find its runs", why=str(out))
    tap.ok([out.get("first", [0])[0], out.get("second", [0])[0], out.get("third"), out.get("back")] ==
           ["1 of 2", "2 of 2", "1 of 2", "2 of 2"], "Enter, n and N go from hit to hit, and round", why=str(out))
    tap.ok(out.get("work") and out["work"] != "nothing" and out.get("nothing") == "nothing",
           "work items are found, too; what is not there is not", why=str(out))
    tap.ok(out.get("tip", [""])[0] == "visible" and "Left because it sleeps (S)." in out["tip"][1]
           and out.get("click") == "ping", "the mouse over a run shows it, a click chooses the thread", why=str(out))
    tap.ok(out.get("order") == ["ping", ftrace.ODD] and out.get("bars", 0) > 0,
           "the list sorts by run time; the histogram has bars", why=str(out))

    large, _ = page(ftrace.text(ftrace.simulate(100000, threads=40)), folder)
    out = ask(browser, large, FRAMES, folder)
    tap.ok(out.get("n", 0) >= 100000 and out.get("cpu", 0) > 20 and out.get("thread", 0) > 3,
           "100,000 events are drawn at every zoom", why=str(out))
    tap.note(f"a frame: median {out.get('median', -1):.1f} ms, worst {out.get('worst', -1):.1f} ms")


with tempfile.TemporaryDirectory() as work:
    made, data = page(ftrace.text(ftrace.known(), 2), work)
    tap.ok(made and data, "the page is made", why=made[:1000])
    tap.ok(not re.search(r"https?://(?!www\.w3\.org/2000/svg\")|@import|<link|src=|fetch\(|XMLHttpRequest", made),
           "it asks nobody for anything")
    names = data.get("threads", {}).get("name", [])
    table = data.get("runs", {})
    places, time = [], 0
    for n, step in enumerate(table.get("start", [])):
        time += step
        places.append((names[table["thread"][n]], table["cpu"][n], time // 1000, (time + table["length"][n]) // 1000,
                       data["states"][table["state"][n]][0], table["wait"][n] // 1000))
    tap.ok(places == [("ping", 0, 12, 50, "S", 12), (ftrace.ODD, 1, 40, 70, "R+", 10), ("ping", 1, 70, 90, "X", 10),
                      (ftrace.ODD, 1, 90, 100, "D", 20)], "each run is in it: who, where, when, why it ended, its wait",
           why=str(places))
    evil = "</script><b>"
    other, data = page(ftrace.text([line.replace(f"{ftrace.ODD:>16}", f"{evil:>16}").replace(ftrace.ODD, evil)
                                    for line in ftrace.known()], 2), work)
    tap.ok(evil in data.get("threads", {}).get("name", []) and other.count("</script>") == made.count("</script>"),
           "a thread's name cannot end the script", why=str(data)[:1000])
    chromium = next((b for b in BROWSERS if shutil.which(b)), None)
    if not chromium:
        tap.skip("what the page shows, and how it takes mouse and keys", "there is no Chromium here")
    elif ask(chromium, "<body></body>", "return {alive: 1};", work) != {"alive": 1}:
        tap.skip("what the page shows, and how it takes mouse and keys", f"{chromium} does not run here")
    else:
        behaviour(chromium, made, work)

tap.done()
