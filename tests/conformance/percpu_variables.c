/* SPDX-License-Identifier: MIT */
/* Per-CPU variables: each CPU has its own, made and allocated ones. */
#include "promise.h"
#include <linux/percpu.h>
#include <linux/smp.h>

static DEFINE_PER_CPU(int, counter) = 5;
static DEFINE_PER_CPU(long, sum);

static void add(void *by)
{
	this_cpu_add(counter, (long)by);
	__this_cpu_inc(sum);
}

static void run(void)
{
	int *dynamic = alloc_percpu(int), cpu;
	long all = 0;

	for_each_online_cpu(cpu)
		ask(per_cpu(counter, cpu));
	on_each_cpu(add, (void *)3L, 1);
	for_each_online_cpu(cpu)
		all += per_cpu(counter, cpu) * 10 + per_cpu(sum, cpu);
	ask(all);
	for_each_online_cpu(cpu) {
		ask(*per_cpu_ptr(dynamic, cpu));
		*per_cpu_ptr(dynamic, cpu) = cpu;
	}
	get_cpu_var(counter) = 100;
	ask(this_cpu_add_return(counter, 1));
	ask(this_cpu_xchg(counter, 7));
	ask(this_cpu_cmpxchg(counter, 7, 8));
	ask(this_cpu_read(counter));
	ask(*this_cpu_ptr(dynamic) == smp_processor_id());
	put_cpu_var(counter);
	free_percpu(dynamic);
}
promise(run);
