#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A module that shows its state in /proc, built outside the tree; what the files of /proc look like; sysrq."""

import os
import re
import shutil
import subprocess

from bobbin import BUILD, POWEROFF, TOP, Tap, boot

tap = Tap()
WORK = os.path.join(os.path.abspath(BUILD), "t", "procfile")
CLEAN = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "M")}

SOURCE = r"""
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

static bool forget;
module_param(forget, bool, 0);
static struct proc_dir_entry *dir;
static char word[32] = "nothing\n";

static int counter_show(struct seq_file *m, void *v)
{
	seq_printf(m, "the word is %s", word);
	return 0;
}
static int counter_open(struct inode *inode, struct file *file)
{
	return single_open(file, counter_show, NULL);
}
static ssize_t counter_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	if (len >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, buf, len))
		return -EFAULT;
	word[len] = '\0';
	return len;
}
static const struct proc_ops ops = {
	.proc_open = counter_open, .proc_read = seq_read, .proc_lseek = seq_lseek, .proc_release = single_release,
	.proc_write = counter_write,
};

static void *list_start(struct seq_file *m, loff_t *pos)
{
	return *pos < 1000 ? pos : NULL;
}
static void *list_next(struct seq_file *m, void *v, loff_t *pos)
{
	return ++*pos < 1000 ? pos : NULL;
}
static void list_stop(struct seq_file *m, void *v)
{
}
static int list_show(struct seq_file *m, void *v)
{
	seq_printf(m, "entry %lld\n", *(loff_t *)v);
	return 0;
}
static const struct seq_operations list = {
	.start = list_start, .next = list_next, .stop = list_stop, .show = list_show,
};

static int __init procfile_init(void)
{
	dir = proc_mkdir("student", NULL);
	if (!dir || !proc_create("word", 0644, dir, &ops) || !proc_create_seq("list", 0, dir, &list))
		return -ENOMEM;
	return 0;
}
static void __exit procfile_exit(void)
{
	if (!forget)
		proc_remove(dir);
}
module_init(procfile_init);
module_exit(procfile_exit);
MODULE_LICENSE("GPL");
"""

shutil.rmtree(WORK, ignore_errors=True)
os.makedirs(WORK)
for name, text in (("procfile.c", SOURCE), ("Makefile", "obj-m := procfile.o\n")):
    with open(os.path.join(WORK, name), "w", encoding="utf-8") as f:
        f.write(text)
made = subprocess.run(["make", "-C", TOP, f"M={WORK}", f"O={BUILD}", "modules"], capture_output=True, text=True,
                      env=CLEAN, check=False)
tap.ok(made.returncode == 0 and "warning" not in made.stderr, "the module builds", why=made.stdout + made.stderr)

USE = ["insmod procfile", "cat /proc/student/word", "echo warp > /proc/student/word", "cat /proc/student/word",
       "ls /proc/student", "cat /proc/student/list", "cat /proc/modules", "rmmod procfile", "cat /proc/student/word",
       "insmod procfile forget=1", "rmmod procfile", "ls /proc/student", "insmod procfile", "rmmod procfile"]
run = boot('quiet sh="' + "; ".join(USE) + '; dmesg; poweroff"', icount=True, log="proc-module.log",
           env={"MODULES": f"{WORK}/procfile.ko"})
tap.ok(run.status == POWEROFF, "the machine lives to the end", run)
tap.ok(run.has(r"^the word is nothing\nthe word is warp\nlist\nword\nentry 0$"), "its files are read and written", run)
tap.ok([int(n) for n in re.findall(r"^entry (\d+)$", run.console, re.M)] == list(range(1000)),
       "a list longer than a page comes whole, once", run)
tap.ok(run.has(r"^procfile \d+ 0 - Live 0x[0-9a-f]{16}$"), "/proc/modules has Linux's format", run)
tap.ok(run.has(r"^cat: /proc/student/word: No such file or directory$"), "an unloaded module's files are gone", run)
tap.ok(run.has("procfile: left student in /proc behind; its exit function should have called proc_remove"),
       "one that forgets its files is told so", run)
tap.ok(run.has(r"^ls: /proc/student: No such file or directory$"), "and they are gone all the same", run)
tap.ok(not run.has(r"WARNING|BUG|Oops"), "nothing is complained of", run)

SEE = ["sleep 50 & cat /proc/2/stat /proc/2/wchan", "cat /proc/loadavg", "cat /proc/uptime", "cat /proc/interrupts",
       "cat /proc/kallsyms", "cat /proc/timer_list", "cat /proc/sched_debug", "sysrq w", "sysrq l",
       "echo q > /proc/sysrq-trigger"]
run = boot('quiet sh="' + "; ".join(SEE) + '; echo o > /proc/sysrq-trigger"', icount=True, log="proc.log")
tap.ok(run.status == POWEROFF, "sysrq o switches the machine off", run)
tap.ok(run.has(r"^2 \(kthreadd\) S 0 0 0 0 -1( -?\d+){44}$"), "stat has 52 fields", run)
tap.ok(run.has(r"^kthreadd\d+\.\d\d \d+\.\d\d \d+\.\d\d \d+/\d+ \d+$"), "wchan names the function, loadavg numbers",
       run)
tap.ok(run.has(r"^ +CPU0 +CPU1 +CPU2 +CPU3 +$") and run.has(r"^LOC:( +\d+){4}  Local timer interrupts$"),
       "interrupts: a column for each CPU", run)
names = run.lines(r"^[0-9a-f]{16} [tTwW] \w")
tap.ok(len(names) > 2000 and len(set(names)) == len(names) and names == sorted(names, key=lambda line: line[:16]),
       "kallsyms: every function once, by address", run)
tap.ok(run.has(r"^Timer List Version: v0\.9$")
       and run.has(r"^ # expires at \d+-\d+ nsecs \[in -?\d+ to -?\d+ nsecs\]$"),
       "timer_list: timers with their times", run)
tap.ok(run.has(r"^>R +cat +\d+ "), "sched_debug marks who runs", run)
tap.ok(run.has(r"sysrq: Show Blocked State$") and run.has(r"sysrq: Show backtrace of all active CPUs$"),
       "sysrq says what it does", run)

# docs/proc.md has a row for each file, and no others.
run = boot('quiet sh="echo ==; ls /proc; echo ==; ls /proc/2; echo ==; ls /proc/sys/kernel; echo ==; poweroff"',
           icount=True)
with open("docs/proc.md", encoding="utf-8") as f:
    parts = f.read().split("\n## ")
for part, title in enumerate(("The system", "A thread", "Settings"), 1):
    there = [w for w in run.console.split("==\n")[part].split() if not w.isdigit() and w not in ("sys", "self")]
    rows = [row.split("|")[1] for row in parts[part].splitlines() if row.startswith("| `")]
    told = re.findall(r"`([^`]+)`", "\n".join(rows))
    tap.ok(sorted(there) == sorted(told), f"docs/proc.md: {title}", run, f"there: {there}\ntold: {told}")
tap.done()
