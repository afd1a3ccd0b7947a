/* SPDX-License-Identifier: MIT */
/*
 * The slow half of a reader-writer spinlock.
 *
 *	state:	readers (bits 9 and up) | a writer waits (bit 8) | a writer has it (bits 0 to 7)
 *
 * A reader counts itself first and looks then. If a writer has the lock, or waits for it, the reader takes itself back
 * and goes to the queue, a ticket lock: whoever holds that is the one who waits at the door, all others stand behind
 * him in the order in which they came. So neither side starves the other.
 *
 *	reader at the door	counts itself again, waits until no writer has the lock
 *	writer at the door	sets RW_WAITING, which sends new readers to the queue, and waits for the last reader
 *
 * A reader in an interrupt does not queue: the thread under it may hold the lock for reading, and a writer at the door
 * waits for that thread. It stays counted and waits only for a writer who has the lock already.
 *
 * ORDER(rwlock): all changes of state but one are locked instructions. The exception is the writer's unlock, a store
 * of one byte that nobody else writes.
 * Read next: include/linux/seqlock.h.
 */
#include <linux/rwlock.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/upcall.h>
#include <trace/events/lock.h>
#include <asm/processor.h>

/* What nobody could end: this CPU has it for writing. */
static void check_not_own(rwlock_t *lock)
{
	if (rw_write_is_held(lock))
		panic("deadlock: thread %s on CPU %d wants rwlock \"%s\", which that CPU holds for writing already",
		      upcall_current_comm(), raw_cpu_read(cpu_number), lock->queue.dep_map.name);
}

/* The queue is a spinlock within the lock: lockdep has heard of the whole already, and preemption is off. */
static void enter_queue(raw_spinlock_t *queue)
{
	u16 ticket = xadd(&queue->next, 1);

	/* ORDER(spinlock): acquire; who left the door before us has changed state for good. */
	while (smp_load_acquire(&queue->serving) != ticket)
		cpu_relax();
}

static void leave_queue(raw_spinlock_t *queue)
{
	/* ORDER(spinlock): release. */
	smp_store_release(&queue->serving, (u16)(queue->serving + 1));
}

static void wait_for_writer(rwlock_t *lock)
{
	/* ORDER(rwlock): acquire, pairs with the writer's unlock. */
	while (smp_load_acquire(&lock->state) & RW_WRITER)
		cpu_relax();
}

void rw_read_wait(rwlock_t *lock)
{
	check_not_own(lock);
	trace_contention_begin(lock, LCB_F_SPIN | LCB_F_READ);
	if (in_interrupt()) {
		wait_for_writer(lock);
	} else {
		xadd(&lock->state, -RW_READER);
		enter_queue(&lock->queue);
		xadd(&lock->state, RW_READER);
		wait_for_writer(lock);
		leave_queue(&lock->queue);
	}
	trace_contention_end(lock, 0);
}
EXPORT_SYMBOL(rw_read_wait);

void rw_write_wait(rwlock_t *lock)
{
	check_not_own(lock);
	trace_contention_begin(lock, LCB_F_SPIN | LCB_F_WRITE);
	enter_queue(&lock->queue);
	xadd(&lock->state, RW_WAITING);
	/* ORDER(rwlock): a locked cmpxchg: acquire. */
	while (READ_ONCE(lock->state) != RW_WAITING || cmpxchg(&lock->state, RW_WAITING, RW_WRITER) != RW_WAITING)
		cpu_relax();
	leave_queue(&lock->queue);
	trace_contention_end(lock, 0);
}
EXPORT_SYMBOL(rw_write_wait);
