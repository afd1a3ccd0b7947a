/* SPDX-License-Identifier: MIT */
/*
 * From the first C instruction to the first threads.
 *
 * start_kernel() runs on CPU 0 with interrupts off, floor by floor: each line below may use what the lines above it
 * have set up, and nothing else. It ends in rest_init(), which forks PID 1 and PID 2 and becomes CPU 0's idle thread.
 * PID 1 does the rest: the other CPUs, the initcalls, and what the user asked for (init.c).
 *
 * PID 1 must be forked first, to get its number, but must not run before there is a kthreadd to ask for threads; so it
 * waits for a completion.
 * Read next: fork.c, kthread.c; then sched/core.c.
 */
#include <linux/cmdline.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kallsyms.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/pid.h>
#include <linux/rcutree.h>
#include <linux/sched/init.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/start_kernel.h>
#include <linux/string.h>
#include <linux/tick.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/upcall.h>
#include <linux/workqueue.h>
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/boot_info.h>
#include <asm/io_apic.h>
#include <asm/pgtable.h>
#include <asm/processor.h>
#include <asm/screen.h>
#include <asm/serial.h>
#include <asm/tsc.h>

/* ---- the command line ---- */

/* Is `str` of a registered parameter this one? "key=" takes a value, "key" takes one or none. */
static bool param_matches(const struct obs_kernel_param *p, const char *param, const char *val)
{
	size_t n = strlen(p->str);

	if (n && p->str[n - 1] == '=')
		return val && strlen(param) == n - 1 && parameqn(param, p->str, n - 1);
	return parameq(param, p->str);
}

/* "name.param" of code that could be a module, but is built in. */
static int take_module_param(char *param, char *val)
{
	const struct kernel_param *p;

	for (p = __start___param; p < __stop___param; p++)
		if (parameq(param, p->name))
			return val || p->ops->flags & KERNEL_PARAM_OPS_FL_NOARG ? p->ops->set(val, p) : -EINVAL;
	return -ENOENT;
}

/* One parameter, in the early or in the late pass; each leaves the other's alone, and the late one misses the
 * unknown. */
static int take_param(char *param, char *val, void *early)
{
	const struct obs_kernel_param *p;
	int err;

	for (p = __setup_start; p < __setup_end; p++) {
		if (!param_matches(p, param, val))
			continue;
		if (!p->early != !early)
			return 0;
		err = p->setup_func(val);
		if (early)
			return err == -ENOENT ? -EINVAL : err;
		return err == 1 ? 0 : -EINVAL;	/* __setup functions say 1 for "taken" */
	}
	return early ? 0 : take_module_param(param, val);
}

static void parse_params(bool early)
{
	static char line[COMMAND_LINE_SIZE], unknown[256];

	strscpy(line, boot_info.cmdline, sizeof(line));
	if (parse_cmdline(line, take_param, early ? unknown : NULL, unknown, sizeof(unknown)))
		pr_warn("command line: unknown or wrong parameter: %s\n", unknown);
}

void __init parse_early_params(void)
{
	parse_params(true);
}

/* ---- PID 1 ---- */

static DECLARE_COMPLETION(kthreadd_done);

static void __init do_initcalls(void)
{
	for (initcall_entry_t *fn = __initcall_start; fn < __initcall_end; fn++) {
		int err = (*fn)();

		if (err)
			pr_err("initcall %ps failed (%pe)\n", *fn, ERR_PTR(err));
	}
}

static int kernel_init(void *unused)
{
	wait_for_completion(&kthreadd_done);
	workqueue_init();
	smp_init();
	do_initcalls();
	system_state = SYSTEM_RUNNING;
	run_init();
}

static void __noreturn rest_init(void)
{
	pid_t pid = user_mode_thread(kernel_init, NULL, CLONE_FS);

	if (pid != 1)
		panic("init could not be made (%d)", pid);
	set_task_comm(find_task_by_vpid(1), "init");
	pid = kernel_thread(kthreadd, NULL, CLONE_FS | CLONE_FILES);
	if (pid != 2)
		panic("kthreadd could not be made (%d)", pid);
	kthreadd_task = find_task_by_vpid(2);
	system_state = SYSTEM_SCHEDULING;
	complete(&kthreadd_done);
	cpu_startup_entry();
}

/* ---- the first C instruction ---- */

static void __init memory_init(void)
{
	unsigned int cpu;

	page_alloc_init();
	paging_init();
	page_alloc_add_high();
	paging_init_cpu();
	kmem_cache_init();
	kasan_init();
	thread_stacks_init();
	screen_init();
	acpi_init();
	setup_per_cpu_areas();
	for_each_possible_cpu(cpu) {
		if (!cpu)
			continue;
		page_alloc_init_cpu(cpu);
		thread_stacks_init_cpu(cpu);
	}
}

static void __init bell_init(void)
{
	apic_init();
	ioapic_init();
	softirq_init();
	rcu_init();
	irq_init();
	time_init();
	timekeeping_init();
	timers_init();
	hrtimers_init();
}

void __noreturn start_kernel(void)
{
	/* A fixed secret for %p: the same address prints alike in every run, for runs repeat here. */
	static const u64 ptr_key[2] = { 0x426f6262696e2c20, 0x7370756e20666f72 };

	const char *lacking;

	kallsyms_init();
	vsprintf_set_ptr_key(ptr_key);
	boot_cpu_init();
	serial_init();
	cpu_init(0);
	boot_info_init();
	lacking = cpu_check();
	if (lacking)
		boot_die("%s", lacking);
	pr_notice("Bobbin, a teaching kernel with Linux's kernel threads\n");
	pr_notice("Command line: %s\n", boot_info.cmdline);
	parse_early_params();
	memory_init();
	pid_init();
	fork_init();
	sched_init();
	bell_init();
	parse_params(false);
	workqueue_init_early();
	sched_cpu_activate(0);
	tick_init();
	local_irq_enable();
	rest_init();
}
