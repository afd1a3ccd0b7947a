/* SPDX-License-Identifier: MIT */
/*
 * The slow half of a spinlock: waiting for one's ticket.
 *
 * A CPU that already holds the lock would wait for itself for ever. That is the one mistake worth a test here: it costs
 * nothing, for only a CPU that has to wait comes this way, and it turns a silent hang into a sentence.
 */
#include <linux/spinlock.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <asm/processor.h>

void raw_spin_wait(raw_spinlock_t *lock, u16 ticket)
{
	if (raw_spin_is_held(lock))
		panic("deadlock: CPU %d takes spinlock %ps, which it holds already", raw_cpu_read(cpu_number), lock);
	/* ORDER(spinlock): acquire, pairs with the release of the unlock. */
	while (smp_load_acquire(&lock->serving) != ticket)
		cpu_relax();
}
EXPORT_SYMBOL(raw_spin_wait);
