/* SPDX-License-Identifier: MIT */
/* /proc/stat: what the CPUs have spent their time on, and how often what has happened, since the boot. */
#include "proc.h"
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/kernel_stat.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/timekeeping.h>

/* In the order of the file, which is not that of the numbers. */
static void put_cpu_times(struct seq_file *m, const u64 *ns)
{
	static const enum cpu_usage_stat order[] = {
		CPUTIME_USER, CPUTIME_NICE, CPUTIME_SYSTEM, CPUTIME_IDLE, CPUTIME_IOWAIT, CPUTIME_IRQ, CPUTIME_SOFTIRQ,
		CPUTIME_STEAL, CPUTIME_GUEST, CPUTIME_GUEST_NICE,
	};

	for (int i = 0; i < NR_STATS; i++)
		seq_put_decimal_ull(m, " ", nsec_to_clock_t(ns[order[i]]));
	seq_putc(m, '\n');
}

static void put_cpus(struct seq_file *m)
{
	struct kernel_cpustat stat, sum = { .cpustat = { 0 } };
	int cpu;

	for_each_possible_cpu(cpu) {
		kcpustat_cpu_fetch(&stat, cpu);
		for (int i = 0; i < NR_STATS; i++)
			sum.cpustat[i] += stat.cpustat[i];
	}
	seq_puts(m, "cpu ");
	put_cpu_times(m, sum.cpustat);
	for_each_online_cpu(cpu) {
		kcpustat_cpu_fetch(&stat, cpu);
		seq_printf(m, "cpu%d", cpu);
		put_cpu_times(m, stat.cpustat);
	}
}

static u64 vector_sum(unsigned int vector)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += irq_vector_count(cpu, vector);
	return sum;
}

/* All interrupts together, then line by line. */
static void put_interrupts(struct seq_file *m)
{
	u64 sum = 0;

	for (unsigned int vector = 0; vector < NR_VECTORS; vector++)
		sum += vector_sum(vector);
	seq_put_decimal_ull(m, "intr ", sum);
	for (int irq = 0; irq < NR_DEVICE_VECTORS; irq++)
		seq_put_decimal_ull(m, " ", vector_sum(FIRST_DEVICE_VECTOR + irq));
	seq_putc(m, '\n');
}

static u64 softirq_sum(unsigned int nr)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += softirq_count_of(cpu, nr);
	return sum;
}

static void put_softirqs(struct seq_file *m)
{
	u64 sum = 0;

	for (unsigned int nr = 0; nr < NR_SOFTIRQS; nr++)
		sum += softirq_sum(nr);
	seq_put_decimal_ull(m, "softirq ", sum);
	for (unsigned int nr = 0; nr < NR_SOFTIRQS; nr++)
		seq_put_decimal_ull(m, " ", softirq_sum(nr));
	seq_putc(m, '\n');
}

static int show_stat(struct seq_file *m, void *v)
{
	struct timespec64 boot;

	getboottime64(&boot);
	put_cpus(m);
	put_interrupts(m);
	seq_printf(m, "ctxt %llu\nbtime %lld\n", nr_context_switches(), boot.tv_sec);
	seq_printf(m, "processes %lu\nprocs_running %u\nprocs_blocked 0\n", nr_processes_ever(), nr_running());
	put_softirqs(m);
	return 0;
}

static int __init proc_stat_init(void)
{
	proc_create_single("stat", 0, NULL, show_stat);
	return 0;
}
fs_initcall(proc_stat_init);
