/* SPDX-License-Identifier: MIT */
/* The short files about the system as a whole: version, cmdline, uptime, loadavg, meminfo. Format: Linux 6.1. */
#include "proc.h"
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/kernel_stat.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/loadavg.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/thread_info.h>
#include <linux/timekeeping.h>
#include <linux/time.h>
#include <linux/utsname.h>
#include <asm/boot_info.h>

#ifdef __clang__
#define COMPILER	__VERSION__
#else
#define COMPILER	"gcc " __VERSION__
#endif

static int show_version(struct seq_file *m, void *v)
{
	const struct new_utsname *u = utsname();

	seq_printf(m, "%s version %s (root@%s) (%s) %s\n", u->sysname, u->release, u->nodename, COMPILER, u->version);
	return 0;
}

static int show_cmdline(struct seq_file *m, void *v)
{
	seq_printf(m, "%s\n", boot_info.cmdline);
	return 0;
}

static void put_seconds(struct seq_file *m, u64 ns, char end)
{
	u64 hundredths = ns / (NSEC_PER_SEC / 100);

	seq_printf(m, "%llu.%02llu%c", hundredths / 100, hundredths % 100, end);
}

/* Since the boot, and what the CPUs have idled since, all together. */
static int show_uptime(struct seq_file *m, void *v)
{
	struct kernel_cpustat stat;
	u64 idle = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		kcpustat_cpu_fetch(&stat, cpu);
		idle += stat.cpustat[CPUTIME_IDLE];
	}
	put_seconds(m, ktime_get_boottime_ns(), ' ');
	put_seconds(m, idle, '\n');
	return 0;
}

static int show_loadavg(struct seq_file *m, void *v)
{
	unsigned long load[3];

	get_avenrun(load, FIXED_1 / 200, 0);
	for (int i = 0; i < 3; i++)
		seq_printf(m, "%lu.%02lu ", LOAD_INT(load[i]), LOAD_FRAC(load[i]));
	seq_printf(m, "%u/%u %d\n", nr_running(), nr_threads_now(), last_pid_given());
	return 0;
}

/* ---- meminfo ---- */

static void put_kb(struct seq_file *m, const char *name, unsigned long pages)
{
	seq_printf(m, "%-16s%8lu kB\n", name, pages << (PAGE_SHIFT - 10));
}

static void put_none(struct seq_file *m, const char *const *names)
{
	for (; *names; names++)
		put_kb(m, *names, 0);
}

static void add_slab(struct kmem_cache *s, void *pages)
{
	struct slabinfo info;

	kmem_cache_get_info(s, &info);
	*(unsigned long *)pages += info.pages;
}

static int show_meminfo(struct seq_file *m, void *v)
{
	static const char *const cached[] = {
		"Buffers:", "Cached:", "SwapCached:", "Active:", "Inactive:", "Active(anon):", "Inactive(anon):",
		"Active(file):", "Inactive(file):", "Unevictable:", "Mlocked:", "SwapTotal:", "SwapFree:", "Dirty:",
		"Writeback:", "AnonPages:", "Mapped:", "Shmem:", "KReclaimable:", NULL
	};
	unsigned long slab = 0, stacks = nr_threads_now() * (THREAD_SIZE / PAGE_SIZE);

	kmem_cache_for_each(add_slab, &slab);
	put_kb(m, "MemTotal:", totalram_pages());
	put_kb(m, "MemFree:", nr_free_pages());
	put_kb(m, "MemAvailable:", nr_free_pages());
	put_none(m, cached);
	put_kb(m, "Slab:", slab);
	put_kb(m, "SReclaimable:", 0);
	put_kb(m, "SUnreclaim:", slab);
	put_kb(m, "KernelStack:", stacks);
	put_kb(m, "VmallocTotal:", (VMALLOC_END - VMALLOC_START) >> PAGE_SHIFT);
	return 0;
}

static int __init proc_system_init(void)
{
	proc_create_single("version", 0, NULL, show_version);
	proc_create_single("cmdline", 0, NULL, show_cmdline);
	proc_create_single("uptime", 0, NULL, show_uptime);
	proc_create_single("loadavg", 0, NULL, show_loadavg);
	proc_create_single("meminfo", 0, NULL, show_meminfo);
	return 0;
}
fs_initcall(proc_system_init);
