/* SPDX-License-Identifier: MIT */
/* rwlock: many readers or one writer, as the trylocks see it. */
#include "promise.h"
#include <linux/smp.h>
#include <linux/spinlock.h>

static DEFINE_RWLOCK(lock);
static int reads, writes;

static void tries(void *unused)
{
	reads = read_trylock(&lock);
	if (reads)
		read_unlock(&lock);
	writes = write_trylock(&lock);
	if (writes)
		write_unlock(&lock);
}

static void look(const char *what)
{
	smp_call_function_single(!smp_processor_id(), tries, NULL, 1);
	say("%s: another CPU may read %d, write %d", what, reads, writes);
}

static void run(void)
{
	unsigned long flags;
	rwlock_t own;

	preempt_disable();
	look("free");
	read_lock(&lock);
	look("read");
	ask(read_trylock(&lock));
	look("read twice");
	ask(write_trylock(&lock));
	read_unlock(&lock);
	look("read once less");
	read_unlock(&lock);
	write_lock(&lock);
	look("written");
	ask(read_trylock(&lock));
	ask(write_trylock(&lock));
	write_unlock(&lock);
	look("free again");
	read_lock_irqsave(&lock, flags);
	ask(irqs_disabled());
	read_unlock_irqrestore(&lock, flags);
	write_lock_bh(&lock);
	ask(in_softirq() != 0);
	write_unlock_bh(&lock);
	ask(irqs_disabled());
	preempt_enable();
	rwlock_init(&own);
	ask(write_trylock(&own));
	write_unlock(&own);
}
promise(run);
