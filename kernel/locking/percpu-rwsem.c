/* SPDX-License-Identifier: MIT */
/*
 * Reader-writer semaphores for readers who are many and writers who are rare.
 *
 * A reader counts itself on its own CPU: no locked instruction, no cache line that goes from CPU to CPU. It may leave
 * on another CPU than it came on, so a single counter means nothing; their sum is the number of readers.
 *
 *	reader				writer
 *	preemption off			mutex: one writer at a time
 *	no mark? count itself		set the mark
 *	preemption on			wait for a grace period: now every reader has either counted itself before,
 *					or sees the mark; from here on the sum can only fall
 *					sleep until the sum is 0
 *
 * A reader that sees the mark takes the writer's mutex, counts itself and gives the mutex back: so readers and writers
 * who wait stand in one line, and what mutexes know (names, owners, circles, hung threads) holds here as well.
 * A reader that leaves and sees the mark wakes the writer, who adds up again.
 *
 * ORDER(percpu-rwsem): what the last reader did is before the writer's section: by the grace period if he left without
 * seeing the mark, else by the lock of last_reader. What the writer did is before a reader's section: who does not see
 * the mark reads it after the writer's release of it.
 *
 * Rejected: what Linux does, to keep the mark for some time after a writer, in case another one comes.
 * Read next: ww_mutex.c.
 */
#include <linux/percpu-rwsem.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <trace/events/lock.h>

int __percpu_init_rwsem(struct percpu_rw_semaphore *sem, const char *name, struct lock_class_key *key)
{
	sem->read_count = alloc_percpu(unsigned int);
	if (!sem->read_count)
		return -ENOMEM;
	sem->writing = false;
	__mutex_init(&sem->writers, name, key);
	init_waitqueue_head(&sem->last_reader);
	return 0;
}
EXPORT_SYMBOL(__percpu_init_rwsem);

static unsigned int readers(struct percpu_rw_semaphore *sem)
{
	unsigned int cpu, sum = 0;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(sem->read_count, cpu));
	return sum;
}

bool percpu_is_read_locked(struct percpu_rw_semaphore *sem)
{
	return readers(sem) != 0 && !percpu_is_write_locked(sem);
}
EXPORT_SYMBOL(percpu_is_read_locked);

void percpu_free_rwsem(struct percpu_rw_semaphore *sem)
{
	if (!sem->read_count)
		return;
	if (WARN(sem->writing || readers(sem), "percpu_free_rwsem() of \"%s\" while %s: what they give back must "
		 "be there still, so its memory is kept\n", sem->writers.own.dep_map.name,
		 sem->writing ? "a writer has it" : "readers have it"))
		return;
	/* The last reader is counted off, but may still be waking the writer, who has been and gone. */
	synchronize_rcu();
	free_percpu(sem->read_count);
	sem->read_count = NULL;
}
EXPORT_SYMBOL(percpu_free_rwsem);

/* ---- readers who meet a writer ---- */

void __sched percpu_rwsem_wait_to_read(struct percpu_rw_semaphore *sem)
{
	if (WARN(mutex_is_held(&sem->writers), "thread %s (%d) takes percpu_rw_semaphore \"%s\" for reading, which it "
		 "holds for writing: it would wait for itself for ever. Going on as if nobody held it\n", current->comm,
		 current->pid, sem->writers.own.dep_map.name)) {
		this_cpu_inc(*sem->read_count);
		current->read_holds++;
		return;
	}
	/* As a reader: lockdep has heard of it. */
	lockdep_release(&sem->writers.own.dep_map);
	trace_contention_begin(sem, LCB_F_PERCPU | LCB_F_READ);
	mutex_lock(&sem->writers);
	trace_contention_end(sem, 0);
	this_cpu_inc(*sem->read_count);
	current->read_holds++;
	mutex_unlock(&sem->writers);
	lockdep_acquire(&sem->writers.own.dep_map, 0, LOCKDEP_SHARED | LOCKDEP_TRY);
}
EXPORT_SYMBOL(percpu_rwsem_wait_to_read);

void percpu_rwsem_reader_left(struct percpu_rw_semaphore *sem)
{
	if (WARN(!current->read_holds, "thread %s (%d) calls percpu_up_read() on \"%s\", but holds nothing for "
		 "reading. It stays as it is\n", current->comm, current->pid, sem->writers.own.dep_map.name))
		return;
	current->read_holds--;
	/* ORDER(percpu-rwsem): what the reader did, then the count. */
	smp_mb();
	this_cpu_dec(*sem->read_count);
	wake_up(&sem->last_reader);
}
EXPORT_SYMBOL(percpu_rwsem_reader_left);

/* ---- writers ---- */

static bool is_last_reader_gone(struct percpu_rw_semaphore *sem)
{
	if (readers(sem))
		return false;
	/* ORDER(percpu-rwsem): the count, then what the reader did. */
	smp_mb();
	return true;
}

void __sched percpu_down_write(struct percpu_rw_semaphore *sem)
{
	might_sleep();
	mutex_lock(&sem->writers);
	WRITE_ONCE(sem->writing, true);
	/* ORDER(percpu-rwsem): the mark, then every reader who has not seen it is counted. */
	synchronize_rcu();
	if (is_last_reader_gone(sem))
		return;
	trace_contention_begin(sem, LCB_F_PERCPU | LCB_F_WRITE);
	wait_event(sem->last_reader, is_last_reader_gone(sem));
	trace_contention_end(sem, 0);
}
EXPORT_SYMBOL(percpu_down_write);

void percpu_up_write(struct percpu_rw_semaphore *sem)
{
	/* ORDER(percpu-rwsem): what was written, then the mark goes; but not if this is not the last unlock. */
	if (mutex_is_held(&sem->writers) && !sem->writers.again)
		smp_store_release(&sem->writing, false);
	mutex_unlock(&sem->writers);
}
EXPORT_SYMBOL(percpu_up_write);
