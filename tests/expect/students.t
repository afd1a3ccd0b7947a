#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Modules as students write them: what is wrong is said in a sentence when they are built, or when they run."""

import os
import re
import shutil
import subprocess

from bobbin import BUILD, POWEROFF, TOP, Tap, boot

tap = Tap()
WORK = os.path.join(os.path.abspath(BUILD), "t", "students")
CLEAN = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "M")}
END = '\nmodule_init(a);\nmodule_exit(b);\nMODULE_LICENSE("GPL");\n'

# ---- what does not build: the source, and what is said

WRONG = {
    "typo": ("#include <linux/module.h>\nstatic int a(void) { return kthread_shuld_stop(); }",
             r"Bobbin has no kthread_shuld_stop\(\). It has kthread_should_stop\(\)"),
    "include": ("#include <linux/module.h>\nstatic int a(void) { msleep(10); return 0; }",
                r"msleep\(\) is declared in <linux/delay\.h>\."),
    "printf": ('#include <linux/module.h>\nstatic int a(void) { printf("hello"); return 0; }',
               r"printf\(\) is no function of a kernel: pr_info\(\)"),
    "malloc": ("#include <linux/module.h>\nstatic void *a(void) { return malloc(10); }", r"malloc\(\) is no .*kmalloc"),
    "stdio": ("#include <stdio.h>", r"<stdio\.h> is the C library's, .*<linux/printk\.h>"),
    "device": ("#include <linux/cdev.h>", r"no device files; .* /proc: <linux/proc_fs\.h>"),
    "usb": ("#include <linux/usb.h>", r"Bobbin has no <linux/usb\.h>\. There are no drivers"),
    "old_lock": ("#include <asm/semaphore.h>", r"It has <linux/semaphore\.h>"),
    "daemon": ('#include <linux/module.h>\nstatic int a(void) { daemonize("d"); return 0; }',
               r"daemonize\(\) is of an older Linux(.|\n)*ccflags-y \+= -include linux/old_names\.h"),
}


def folder(name, objects, **files):
    path = os.path.join(WORK, name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    files["Makefile"] = files.get("Makefile", "") + f"obj-m := {objects}\n"
    for file, text in files.items():
        with open(os.path.join(path, file.replace("__", ".")), "w", encoding="utf-8") as f:
            f.write(text)
    return path


def build(path, *options):
    done = subprocess.run(["make", *options, "-C", TOP, f"M={path}", f"O={BUILD}", "modules"], env=CLEAN, text=True,
                          capture_output=True, check=False)
    return done.returncode, done.stdout + done.stderr


wrong = folder("wrong", " ".join(f"{n}.o" for n in WRONG) + " lost.o",
               **{f"{n}__c": text + "\n" for n, (text, _) in WRONG.items()})
status, said = build(wrong, "-k")
tap.ok(status != 0, "what is wrong does not build")
for name, (_, pattern) in WRONG.items():
    tap.ok(re.search(pattern, said), f"{name}: {pattern}", why=said[-3000:])
tap.ok("The Makefile lists lost.o, but there is no " in said, "a file that is not there is named", why=said[-3000:])

HEAD = "#include <linux/module.h>\nstatic void b(void) { }\n"
unlinked = folder("unlinked", "mine.o first.o",
                  first__c='#include <linux/module.h>\nint main(void) { return 0; }\nMODULE_LICENSE("GPL");\n',
                  mine__c=HEAD + "void my_own(void);\nstatic int a(void) { my_own(); return 0; }" + END)
status, said = build(unlinked)
tap.ok(status != 0 and re.search(r'"my_own".*if it is your own, its file must be in mine-objs', said),
       "an own function without its file: where that is to be listed", why=said)
tap.ok("main(), which nobody calls" in said, "main() is not how a module begins", why=said)

half = folder("half", "half.o",
              half__c=HEAD + "volatile long n;\nstatic int a(void) { n = n * 0.5; return 0; }" + END)
status, said = build(half)
tap.ok(status != 0 and re.search("[Ff]loating-point numbers", said),
       "floating-point numbers are not for kernels", why=said)

# ---- what builds, and is wrong when it runs

TIMER = "#include <linux/timer.h>\nstatic void f(struct timer_list *t) { }\nstatic DEFINE_TIMER(t, f);\n"
RUNS = {
    "timer": (TIMER, "mod_timer(&t, jiffies + HZ);", "",
              ["module timer goes, and has left behind .*What init has started, exit must stop",
               r"timer: timer \w+ is left, its function is f \[timer\]: del_timer_sync\(\) is missing"]),
    "work": ("#include <linux/workqueue.h>\nstatic void f(struct work_struct *w) { }\n"
             "static DECLARE_DELAYED_WORK(w, f);\n",
             "schedule_delayed_work(&w, HZ);", "",
             ["module work goes, and has left behind .*What init has started, exit must stop",
              r"work: delayed work \w+ is left, its function is f \[work\]: cancel_delayed_work_sync\(\) is"]),
    "hrtimer": ("#include <linux/hrtimer.h>\nstatic struct hrtimer t;\n"
                "static enum hrtimer_restart f(struct hrtimer *t) { return HRTIMER_NORESTART; }\n",
                "hrtimer_init(&t, CLOCK_MONOTONIC, HRTIMER_MODE_REL); t.function = f;"
                "hrtimer_start(&t, ms_to_ktime(900), HRTIMER_MODE_REL);", "",
                ["module hrtimer goes, and has left behind .*What init has started, exit must stop",
                 r"hrtimer: hrtimer \w+ is left, its function is f \[hrtimer\]: hrtimer_cancel\(\) is missing"]),
    "locked": ("#include <linux/spinlock.h>\nstatic DEFINE_SPINLOCK(l);\n", "spin_lock(&l);", "",
               ["the init function of module locked returned with preemption imbalance"]),
    "masked": ("#include <linux/irqflags.h>\n", "", "local_irq_disable();",
               ["the exit function of module masked returned with disabled interrupts"]),
    "positive": ("", "if (jiffies) return 1;", "", ["its init function returned 1; it should be 0, or a negative"]),
}
runs = folder("runs", " ".join(f"{n}.o" for n in RUNS), **{
    f"{n}__c": f"#include <linux/module.h>\n{head}static int __init a(void) {{ {init} return 0; }}\n"
               f"static void __exit b(void) {{ {leave} }}" + END for n, (head, init, leave, _) in RUNS.items()})
status, said = build(runs)
tap.ok(status == 0 and "warning" not in said, "these build", why=said)

# An old module as it is: a thread made by kernel_thread(), stopped by a signal.
OLD = '''#include <linux/module.h>
#include <linux/sched.h>
#include <linux/completion.h>
static int pid;
static DECLARE_COMPLETION(gone);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static int thread(void *unused)
{
	daemonize("old_thread");
	allow_signal(SIGTERM);
	interruptible_sleep_on(&queue);
	printk(KERN_INFO "old: woken, signal %d\\n", signal_pending(current));
	complete_and_exit(&gone, 0);
}
static int a(void) { pid = kernel_thread(thread, NULL, CLONE_KERNEL); return pid < 0 ? pid : 0; }
static void b(void) { kill_proc(pid, SIGTERM, 1); wait_for_completion(&gone); }
'''
old = folder("old", "old.o", Makefile="ccflags-y += -include linux/old_names.h\n", old__c=OLD + END)
status, said = build(old)
tap.ok(status == 0 and "warning" not in said, "an old module builds by the switch", why=said)

modules = [f"{runs}/{n}.ko" for n in RUNS] + [f"{old}/old.ko"]
commands = "; ".join(f"echo == {n}; insmod {n}; rmmod {n}" for n in RUNS)
commands += "; echo == old; insmod old; sleep 0.1; ps -C old_thread; rmmod old; sleep 1; echo == all; lsmod; poweroff"
r = boot(f'sh="{commands}"', icount=True, log="students.log", env={"MODULES": " ".join(modules)})
tap.ok(r.status == POWEROFF, "the machine lives to the end", r)
parts = dict(zip(re.findall(r"^== (\w+)$", r.console, re.M), re.split(r"^== \w+$", r.console, flags=re.M)[1:]))
for name, (_, _, _, patterns) in RUNS.items():
    tap.ok(all(re.search(p, parts.get(name, "")) for p in patterns), f"{name}: {patterns[0]}", r)
tap.ok(re.search(r" old_thread$(.|\n)*old: woken, signal 1$", parts.get("old", ""), re.M),
       "the old module's thread runs", r)
tap.ok(re.search(r"^Module +Size +Used by\n\[", parts.get("all", ""), re.M), "all of them are unloaded", r)
tap.done()
