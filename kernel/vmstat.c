/* SPDX-License-Identifier: MIT */
/* free and vmstat: memory, and what the CPUs do, in columns. Format: procps. What Bobbin does not have (swap, a cache
 * of files, disks) is 0. */
#include "shell.h"
#include <linux/console.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/irq.h>
#include <linux/kernel.h>
#include <linux/kernel_stat.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>

/* ---- free ---- */

/* "22Gi", "8.5Mi", "0B": three characters and the unit, at most one decimal. */
static const char *human(u64 bytes, char *buf, size_t size)
{
	static const char units[] = "BKMGT";
	int unit = 0;
	u64 tenths = bytes * 10;

	while (tenths >= 10240 && units[unit + 1]) {
		tenths /= 1024;
		unit++;
	}
	if (!unit)
		snprintf(buf, size, "%lluB", bytes);
	else if (tenths < 100)
		snprintf(buf, size, "%llu.%llu%ci", tenths / 10, tenths % 10, units[unit]);
	else
		snprintf(buf, size, "%llu%ci", tenths / 10, units[unit]);
	return buf;
}

/* shift: of the unit; -1: as is best read. */
static void print_amount(u64 bytes, int shift)
{
	char buf[24];

	if (shift >= 0)
		console_printf("%12llu", bytes >> shift);
	else
		console_printf("%12s", human(bytes, buf, sizeof(buf)));
}

static void print_row(const char *name, const u64 *bytes, int n, int shift)
{
	console_printf("%-8s", name);
	for (int i = 0; i < n; i++)
		print_amount(bytes[i], shift);
	console_printf("\n");
}

static int print_free(int shift, bool total)
{
	u64 all = (u64)totalram_pages() << PAGE_SHIFT, left = (u64)nr_free_pages() << PAGE_SHIFT;
	u64 memory[] = { all, all - left, left, 0, 0, left }, swap[] = { 0, 0, 0 };

	console_printf("               total        used        free      shared  buff/cache   available\n");
	print_row("Mem:", memory, 6, shift);
	print_row("Swap:", swap, 3, shift);
	if (total)
		print_row("Total:", memory, 3, shift);
	return 0;
}

static int run_free(int argc, char **argv)
{
	static const char letters[] = "bkmg";
	bool total = false;
	int shift = 10;

	for (int i = 1; i < argc; i++) {
		const char *o = argv[i], *at = o[0] == '-' && o[1] && !o[2] ? strchr(letters, o[1]) : NULL;

		if (at) {
			shift = 10 * (at - letters);
		} else if (!strcmp(o, "-h")) {
			shift = -1;
		} else if (!strcmp(o, "-t")) {
			total = true;
		} else {
			console_printf("free: %s is not known here; free knows -b -k -m -g -h and -t\n", o);
			return -EINVAL;
		}
	}
	return print_free(shift, total);
}

/* ---- vmstat ---- */

struct counts {
	u64	ns, interrupts, switches, system, idle;
};

static void take_counts(struct counts *c)
{
	struct kernel_cpustat stat;
	int cpu;

	*c = (struct counts){ .ns = ktime_get_ns(), .switches = nr_context_switches() };
	for_each_online_cpu(cpu) {
		kcpustat_cpu_fetch(&stat, cpu);
		c->system += stat.cpustat[CPUTIME_SYSTEM] + stat.cpustat[CPUTIME_SOFTIRQ];
		c->idle += stat.cpustat[CPUTIME_IDLE];
		for (unsigned int vector = 0; vector < NR_VECTORS; vector++)
			c->interrupts += irq_vector_count(cpu, vector);
	}
}

static void print_counts(const struct counts *new, const struct counts *old)
{
	u64 ns = max(new->ns - old->ns, 1ULL), system = new->system - min(new->system, old->system);
	u64 idle = new->idle - min(new->idle, old->idle), all = max(system + idle, 1ULL);

	console_printf("%2u  0      0 %6lu      0      0    0    0     0     0 %4llu %4llu  0 %2llu %2llu  0  0\n",
		       nr_running(), nr_free_pages() << (PAGE_SHIFT - 10),
		       (new->interrupts - old->interrupts) * NSEC_PER_SEC / ns,
		       (new->switches - old->switches) * NSEC_PER_SEC / ns, system * 100 / all, idle * 100 / all);
}

static int run_vmstat(int argc, char **argv)
{
	struct counts old = { 0 }, new;
	u64 delay = 0;
	long n = argc > 1 ? -1 : 1;

	if (argc > 3 || (argc > 1 && shell_parse_seconds(argv[1], &delay)) ||
	    (argc > 2 && (kstrtol(argv[2], 10, &n) || n < 1))) {
		console_printf("vmstat: seconds between two lines, and how many, as in: vmstat 1 5\n");
		return -EINVAL;
	}
	console_printf("procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n");
	console_printf(" r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n");
	for (;;) {
		take_counts(&new);
		print_counts(&new, &old);
		old = new;
		if ((n > 0 && !--n) || shell_sleep(delay))
			return 0;
	}
}

SHELL_COMMAND(free, run_free, "[-b|-k|-m|-g|-h] [-t]", "memory: total, used, free, available",
	"  In KiB; -m: MiB, -h: as is best read. Counts what the page allocator hands out, in whole pages.\n"
	"  Example: free -h", .group = "machine");
SHELL_COMMAND(vmstat, run_vmstat, "[SECONDS [LINES]]", "threads, memory, interrupts, switches and CPUs",
	"  The first line is since the boot, each other one since the one before. Example: vmstat 1 5",
	.group = "machine");
