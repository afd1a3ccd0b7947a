/* SPDX-License-Identifier: MIT */
/*
 * The slow half of a spinlock: waiting for one's ticket.
 *
 * A CPU that already holds the lock would wait for itself for ever. That is the one mistake worth a test here: it costs
 * nothing, for only a CPU that has to wait comes this way, and it turns a silent hang into a sentence.
 *
 * And into a way on, mostly. Say that `serving` is s, our first ticket, and that the second one, t, is the newest. Then
 * one cmpxchg takes t back and sets `serving` to s - 1: the inner unlock makes it s again, the outer one s + 1, as if
 * there had been one locking. Once somebody has drawn a ticket after t it cannot be taken back, and in an interrupt
 * the first locking may be that of the thread which we stand on, in the middle of its work: then it is a panic.
 *
 * The other one: somebody unlocks what he does not hold, and the next ticket is passed over. Who draws that would wait
 * for ever; it sees that its turn is over, says so, and draws another, and the lock is in order again.
 *
 * Read next: rwlock.c; mutex.c for locks that sleep.
 */
#include <linux/spinlock.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/upcall.h>
#include <trace/events/lock.h>
#include <asm/processor.h>

DEFINE_PER_CPU(raw_spinlock_t *, spin_taken[SPIN_DEPTH_MAX]);
EXPORT_SYMBOL(spin_taken);

/* Return: true if the second locking was made one with the first. */
static bool merge_with_first(raw_spinlock_t *lock, u16 ticket)
{
	u32 serving = READ_ONCE(lock->serving);
	u32 now = serving | (u32)(u16)(ticket + 1) << 16, merged = (u16)(serving - 1) | (u32)ticket << 16;

	/* ORDER(spinlock): we hold it; the ticket is given back to who draws next. */
	return in_task() && cmpxchg(&lock->tickets, now, merged) == now;
}

/* Return: another ticket. */
static noinline u16 draw_again(raw_spinlock_t *lock)
{
	WARN(1, "spinlock \"%s\" was unlocked by somebody who did not hold it: each spin_unlock() needs a spin_lock() "
	     "before it, on every way there. Nobody was kept out meanwhile; from now on it is in order again\n",
	     lock->dep_map.name);
	return xadd(&lock->next, 1);
}

void raw_spin_wait(raw_spinlock_t *lock, u16 ticket)
{
	u16 serving;

	if (raw_spin_is_held(lock)) {
		if (!merge_with_first(lock, ticket))
			panic("deadlock: CPU %d takes spinlock \"%s\", which it holds already%s",
			      raw_cpu_read(cpu_number), lock->dep_map.name, !in_task() ? "; in an interrupt: who "
			      "takes it in a thread must do so by spin_lock_irqsave()" : "");
		WARN(1, "thread %s takes spinlock \"%s\" again, which it holds already: it would wait for itself for "
		     "ever. Going on as if it had been taken once. Take it in the outer function only, or split off "
		     "a function that expects it taken\n", upcall_current_comm(), lock->dep_map.name);
		return;
	}
	trace_contention_begin(lock, LCB_F_SPIN);
	/* ORDER(spinlock): acquire, pairs with the release of the unlock. */
	while ((serving = smp_load_acquire(&lock->serving)) != ticket) {
		if (unlikely((s16)(serving - ticket) > 0))
			ticket = draw_again(lock);
		cpu_relax();
	}
	trace_contention_end(lock, 0);
}
EXPORT_SYMBOL(raw_spin_wait);

int atomic_dec_and_lock(atomic_t *atomic, spinlock_t *lock)
{
	if (atomic_add_unless(atomic, -1, 1))
		return 0;
	spin_lock(lock);
	if (atomic_dec_and_test(atomic))
		return 1;
	spin_unlock(lock);
	return 0;
}
EXPORT_SYMBOL(atomic_dec_and_lock);

int _atomic_dec_and_lock_irqsave(atomic_t *atomic, spinlock_t *lock, unsigned long *flags)
{
	if (atomic_add_unless(atomic, -1, 1))
		return 0;
	spin_lock_irqsave(lock, *flags);
	if (atomic_dec_and_test(atomic))
		return 1;
	spin_unlock_irqrestore(lock, *flags);
	return 0;
}
EXPORT_SYMBOL(_atomic_dec_and_lock_irqsave);
