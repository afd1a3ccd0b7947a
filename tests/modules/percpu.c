// SPDX-License-Identifier: MIT
/*
 * Per-CPU variables of a module begin with their value on every CPU.
 *
 * judge: compared
 */
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/smp.h>

static DEFINE_PER_CPU(int, counter) = 40;
static atomic_t sum = ATOMIC_INIT(0);

static void count(void *arg)
{
	this_cpu_add(counter, 2);
	atomic_add(this_cpu_read(counter), &sum);
}

static int __init percpu_init(void)
{
	on_each_cpu(count, NULL, 1);
	pr_info("percpu: %d on each CPU\n", atomic_read(&sum) / num_online_cpus());
	return 0;
}

static void __exit percpu_exit(void)
{
}

module_init(percpu_init);
module_exit(percpu_exit);
MODULE_LICENSE("GPL");
