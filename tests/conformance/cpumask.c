/* SPDX-License-Identifier: MIT */
/* Sets of CPUs, as four CPUs have them. */
#include "promise.h"
#include <linux/cpumask.h>
#include <linux/smp.h>

static struct cpumask a, b, c;

static void run(void)
{
	unsigned int cpu;

	ask(num_online_cpus());
	ask(num_possible_cpus());
	ask(num_present_cpus());
	ask(cpu_online(3));
	say("online %*pbl", nr_cpu_ids, cpumask_bits(cpu_online_mask));
	cpumask_clear(&a);
	cpumask_setall(&b);
	ask(cpumask_weight(&b) >= nr_cpu_ids);
	cpumask_set_cpu(1, &a);
	cpumask_set_cpu(3, &a);
	ask(cpumask_first(&a));
	ask(cpumask_next(1, &a));
	ask(cpumask_next(3, &a) >= nr_cpu_ids);
	ask(cpumask_first_zero(&a));
	ask(cpumask_next_zero(0, &a));
	ask(cpumask_and(&c, &a, cpumask_of(0)));
	ask(cpumask_empty(&c));
	cpumask_or(&c, &a, cpumask_of(0));
	ask(cpumask_weight(&c));
	for_each_cpu(cpu, &c)
		say("in c: %u", cpu);
	for_each_cpu_not(cpu, &c)
		if (cpu < 4)
			say("not in c: %u", cpu);
	ask(cpumask_subset(&a, &c));
	ask(cpumask_intersects(&a, &c));
	ask(cpumask_equal(&a, &c));
	ask(cpumask_test_and_set_cpu(2, &a));
	ask(cpumask_test_and_clear_cpu(2, &a));
	ask(cpumask_any(&a) < 4);
	ask(cpumask_any_but(&a, 1));
	ask(cpumask_last(&a));
	ask(cpulist_parse("0,2-3", &c));
	say("%*pbl", 4, cpumask_bits(&c));
	ask(cpulist_parse("x", &c));
	ask(cpumask_parse("5", &c));
	say("%*pbl", 4, cpumask_bits(&c));
	for_each_online_cpu(cpu)
		say("online %u", cpu);
}
promise(run);
