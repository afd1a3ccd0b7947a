/* SPDX-License-Identifier: MIT */
/*
 * sysrq: a look at a kernel that no longer answers, and a way out of it.
 *
 * A key is handled where it arrives: in the keyboard's interrupt with Alt and SysRq held, in the serial line's after a
 * BREAK. No thread has to run for it, so it works while the shell hangs. For the same reason nothing here sleeps or
 * waits for a lock that a hung thread could hold: threads are walked as an RCU reader, and what is printed goes to the
 * log, all of it shown for as long as the key is handled.
 *
 * Names and messages are Linux's. Read next: arch/x86/serial_input.c; Linux's Documentation/admin-guide/sysrq.
 */
#include <linux/sysrq.h>
#include "proc/proc.h"
#include "shell.h"
#include "time/hrtimer_base.h"
#include <linux/array_size.h>
#include <linux/console.h>
#include <linux/export.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/keyboard.h>
#include <asm/serial.h>
#include <asm/stacktrace.h>

/* ---- what the keys do ---- */

static void show_tasks(bool (*which)(struct task_struct *p))
{
	struct task_struct *p;

	rcu_read_lock();
	for_each_process(p)
		if (which(p))
			sched_show_task(p);
	rcu_read_unlock();
}

static bool is_any(struct task_struct *p)
{
	return true;
}

static bool is_blocked(struct task_struct *p)
{
	return task_state_to_char(p) == 'D';
}

static void key_tasks(int key)
{
	show_tasks(is_any);
}

static void key_blocked(int key)
{
	show_tasks(is_blocked);
}

static void show_cpu(void)
{
	struct pt_regs *regs = get_irq_regs();

	pr_info("CPU%d:\n", smp_processor_id());
	if (regs)
		show_regs(regs);
	else
		dump_stack();
}

static void key_backtraces(int key)
{
	trigger_all_cpu_backtrace();
}

static void key_registers(int key)
{
	show_cpu();
}

static void show_timers(int cpu, struct hrtimer_clock_base *base)
{
	struct rb_node *n;

	for (n = rb_first_cached(&base->active); n; n = rb_next(n)) {
		struct hrtimer *timer = rb_entry(n, struct hrtimer, node.node);

		pr_info("cpu%d: %px, %ps, expires at %lld ns\n", cpu, timer, timer->function, timer->node.expires);
	}
}

static void key_timers(int key)
{
	unsigned long flags;
	int cpu;

	for_each_online_cpu(cpu) {
		struct hrtimer_cpu_base *base = per_cpu_ptr(&hrtimer_bases, cpu);

		if (!raw_spin_trylock_irqsave(&base->lock, flags)) {
			pr_info("cpu%d: its timers are locked now\n", cpu);
			continue;
		}
		for (int i = 0; i < NR_BASES; i++)
			show_timers(cpu, &base->base[i]);
		raw_spin_unlock_irqrestore(&base->lock, flags);
	}
}

static void key_memory(int key)
{
	pr_info("Mem-Info: %lu pages RAM, %lu free (%lu kB of %lu kB)\n", totalram_pages(), nr_free_pages(),
		nr_free_pages() << (PAGE_SHIFT - 10), totalram_pages() << (PAGE_SHIFT - 10));
}

static void key_reboot(int key)
{
	console_flush();
	machine_restart(NULL);
}

static void key_power_off(int key)
{
	console_flush();
	machine_power_off();
}

static void key_crash(int key)
{
	panic("sysrq triggered crash");
}

static void key_sync(int key)
{
	console_flush();
}

static void signal_all(int sig)
{
	struct task_struct *p;

	rcu_read_lock();
	for_each_process(p)
		if (!(p->flags & PF_KTHREAD) && p->pid != 1)
			send_sig(sig, p, 1);
	rcu_read_unlock();
}

static void key_terminate(int key)
{
	signal_all(SIGTERM);
}

static void key_kill(int key)
{
	signal_all(SIGKILL);
}

static int chosen_level;	/* by a digit, to stay */

static void key_loglevel(int key)
{
	chosen_level = key - '0';
	pr_info("Loglevel set to %d\n", chosen_level);
}

/* ---- the table ---- */

static const struct sysrq_key {
	char		from, to;
	void		(*handler)(int key);
	const char	*help, *action;
} keys[] = {
	{ '0', '9', key_loglevel, "loglevel(0-9)", "Changing Loglevel" },
	{ 'b', 'b', key_reboot, "reboot(b)", "Resetting" },
	{ 'c', 'c', key_crash, "crash(c)", "Trigger a crash" },
	{ 'e', 'e', key_terminate, "terminate-all-tasks(e)", "Terminate All Tasks" },
	{ 'i', 'i', key_kill, "kill-all-tasks(i)", "Kill All Tasks" },
	{ 'l', 'l', key_backtraces, "show-backtrace-all-active-cpus(l)", "Show backtrace of all active CPUs" },
	{ 'm', 'm', key_memory, "show-memory-usage(m)", "Show Memory" },
	{ 'o', 'o', key_power_off, "poweroff(o)", "Power Off" },
	{ 'p', 'p', key_registers, "show-registers(p)", "Show Regs" },
	{ 'q', 'q', key_timers, "show-all-timers(q)", "Show clockevent devices & pending hrtimers (no others)" },
	{ 's', 's', key_sync, "sync(s)", "Emergency Sync" },
	{ 't', 't', key_tasks, "show-task-states(t)", "Show State" },
	{ 'w', 'w', key_blocked, "show-blocked-tasks(w)", "Show Blocked State" },
};

static const struct sysrq_key *find_key(int key)
{
	for (int i = 0; i < ARRAY_SIZE(keys); i++)
		if (key >= keys[i].from && key <= keys[i].to)
			return &keys[i];
	return NULL;
}

static void show_help(void)
{
	pr_info("sysrq: HELP : ");
	for (int i = 0; i < ARRAY_SIZE(keys); i++)
		pr_cont("%s ", keys[i].help);
	pr_cont("\n");
}

void handle_sysrq(int key)
{
	const struct sysrq_key *k = find_key(key);
	int level = console_loglevel;

	console_loglevel = CONSOLE_LOGLEVEL_DEBUG;
	if (k) {
		pr_info("sysrq: %s\n", k->action);
		k->handler(key);
	} else {
		show_help();
	}
	console_loglevel = k && k->handler == key_loglevel ? chosen_level : level;
}
EXPORT_SYMBOL(handle_sysrq);

/* ---- ways to it ---- */

static ssize_t write_trigger(struct file *file, const char *buf, size_t size, loff_t *pos)
{
	if (size)
		handle_sysrq(*buf);
	return size;
}

static const struct proc_ops trigger_ops = { .proc_write = write_trigger };

static int run_sysrq(int argc, char **argv)
{
	if (argc != 2 || strlen(argv[1]) != 1) {
		console_printf("sysrq: which key? As in: sysrq t (sysrq h lists them)\n");
		return -EINVAL;
	}
	handle_sysrq(argv[1][0]);
	return 0;
}

static int __init sysrq_init(void)
{
	proc_create("sysrq-trigger", 0200, NULL, &trigger_ops);
	serial_after_break = handle_sysrq;
	keyboard_sysrq = handle_sysrq;
	return 0;
}
fs_initcall(sysrq_init);

SHELL_COMMAND(sysrq, run_sysrq, "KEY", "look at, or end, a kernel that does not answer",
	"  t: all threads, w: blocked ones, l: what each CPU does, p: registers, q: timers, m: memory, 0-9: what is\n"
	"  shown of the log, e, i: end or kill all commands, b: reboot, o: power off, c: panic, h: all keys. When not\n"
	"  even the shell answers: Alt-SysRq-KEY on the keyboard, or BREAK (QEMU: Ctrl-a b), then the key.\n"
	"  Example: sysrq w", .group = "machine");
