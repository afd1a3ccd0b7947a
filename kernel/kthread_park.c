/* SPDX-License-Identifier: MIT */
/*
 * Parking: a thread waits in a place of its own choosing until it is let go on. And threads that belong to a CPU.
 *
 *	who parks it				the thread
 *	------------				----------
 *	set SHOULD_PARK, wake it		... kthread_should_park()?
 *	wait for `parked`			kthread_parkme():
 *						  state = PARKED, SHOULD_PARK still set?
 *						  complete `parked`, schedule()
 *	wait until it is off its CPU
 *	... kthread_unpark():
 *	clear SHOULD_PARK
 *	wake it from state PARKED		look again at SHOULD_PARK; RUNNING
 *
 * PARKED is a special state: no ordinary wake-up ends it, whoever still holds a pointer to the thread. The thread takes
 * it under pi_lock, then looks at the bit; kthread_unpark() clears the bit, then wakes under pi_lock: one of the two
 * sees the other. A parked thread can be stopped: kthread_stop() unparks it, after its own bit is set.
 *
 * A per-CPU thread (kthread_set_per_cpu()) is bound to one CPU and stays bound while that CPU is away, parked. If it is
 * made before its CPU is up, or stopped while it is away, it runs elsewhere for a moment, because it cannot run there:
 * the scheduler takes the binding away, and kthread_unpark() gives it back.
 *
 * A thread may end instead. Then its end answers, if anybody has ever asked it to park (HAS_PARKER), or who asks sees
 * that it is ending: one of the two sees the other. Mostly nobody has, and a thread's end need not answer.
 *
 * Two may park a thread at the same time by mistake: the second is told -EBUSY. `parked` may hold an answer that nobody
 * waited for (a thread that parks itself is its own asker), so who waits looks whether the thread is really parked.
 *
 * Locking: none; atomic bits and the completion. Read next: smpboot.c, who uses both.
 */
#include "kthread.h"
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched/init.h>
#include <linux/upcall.h>

/* ---- threads of a CPU ---- */

void kthread_set_per_cpu(struct task_struct *p, int cpu)
{
	struct kthread *k = to_kthread(p);

	if (!k)
		return;
	WARN_ONCE(!(p->flags & PF_NO_SETAFFINITY), "kthread_set_per_cpu() on %s (%d), which is not bound: "
		  "kthread_bind() it first\n", p->comm, p->pid);
	if (cpu < 0) {
		clear_bit(KTHREAD_IS_PER_CPU, &k->flags);
		return;
	}
	k->cpu = cpu;
	set_bit(KTHREAD_IS_PER_CPU, &k->flags);
}

bool kthread_is_per_cpu(struct task_struct *p)
{
	struct kthread *k = find_kthread(p);

	return k && test_bit(KTHREAD_IS_PER_CPU, &k->flags);
}

/* A parked per-CPU thread may have lost its binding while its CPU was away. */
static void bind_again(struct task_struct *p, unsigned int cpu)
{
	if (cpumask_equal(p->cpus_ptr, cpumask_of(cpu)))
		return;
	if (WARN_ONCE(!wait_task_inactive(p, TASK_PARKED), "thread %s (%d) of CPU %u is unparked, but has not parked\n",
		      p->comm, p->pid, cpu))
		return;
	kthread_set_cpus(p, cpumask_of(cpu));
}

/* ---- the thread ---- */

bool __kthread_should_park(struct task_struct *p)
{
	struct kthread *k = to_kthread(p);

	return k && test_bit(KTHREAD_SHOULD_PARK, &k->flags);
}
EXPORT_SYMBOL(__kthread_should_park);

bool kthread_should_park(void)
{
	struct kthread *self = to_kthread(current);

	return self && test_bit(KTHREAD_SHOULD_PARK, &self->flags);
}
EXPORT_SYMBOL(kthread_should_park);

bool kthread_should_stop_or_park(void)
{
	struct kthread *k = find_kthread(current);

	return k && (READ_ONCE(k->flags) & (BIT(KTHREAD_SHOULD_STOP) | BIT(KTHREAD_SHOULD_PARK)));
}

void __sched __kthread_parkme(struct kthread *self)
{
	for (;;) {
		/* A special state: an ordinary wake-up must not end it. */
		set_special_state(TASK_PARKED);
		if (!test_bit(KTHREAD_SHOULD_PARK, &self->flags))
			break;
		/* No preemption until we are off: who waits for `parked` then waits for that. */
		preempt_disable();
		complete(&self->parked);
		schedule_preempt_disabled();
		preempt_enable();
	}
	__set_current_state(TASK_RUNNING);
}

void kthread_parkme(void)
{
	struct kthread *self = to_kthread(current);

	if (self)
		__kthread_parkme(self);
}
EXPORT_SYMBOL(kthread_parkme);

/* ---- who parks it ---- */

void kthread_unpark(struct task_struct *p)
{
	struct kthread *k = to_kthread(p);

	if (!k || !test_bit(KTHREAD_SHOULD_PARK, &k->flags))
		return;
	if (test_bit(KTHREAD_IS_PER_CPU, &k->flags))
		bind_again(p, k->cpu);
	clear_bit(KTHREAD_SHOULD_PARK, &k->flags);
	/* The thread sees the bit clear, or is in its state already and gets this: both go through its pi_lock. */
	wake_up_state(p, TASK_PARKED);
}
EXPORT_SYMBOL(kthread_unpark);

/* Until p is parked and off its CPU. False: it ends instead. A third party may have unparked it again: true. */
static bool wait_until_parked(struct task_struct *p, struct kthread *k)
{
	do {
		wait_for_completion(&k->parked);
		/* Its end answers, too, so that nobody waits for ever. */
		if (p->flags & PF_EXITING)
			return false;
	} while (!wait_task_inactive(p, TASK_PARKED) && test_bit(KTHREAD_SHOULD_PARK, &k->flags));
	return true;
}

int kthread_park(struct task_struct *p)
{
	struct kthread *k = to_kthread(p);

	if (!k)
		return -EINVAL;
	if (WARN(p->flags & PF_EXITING, "kthread_park() on %s (%d), which has ended\n", p->comm, p->pid))
		return -ENOSYS;
	if (WARN_ONCE(test_and_set_bit(KTHREAD_SHOULD_PARK, &k->flags), "kthread_park() on %s (%d), which is parked "
		      "already: kthread_unpark() must come in between\n", p->comm, p->pid))
		return -EBUSY;
	if (p == current)
		return 0;
	/* ORDER(park-exit): the bit, then the look whether it ends. It: that it ends, then the bit. */
	set_bit(KTHREAD_HAS_PARKER, &k->flags);
	smp_mb__after_atomic();
	if (READ_ONCE(p->flags) & PF_EXITING)
		return -ENOSYS;
	wake_up_process(p);
	return wait_until_parked(p, k) ? 0 : -ENOSYS;
}
EXPORT_SYMBOL(kthread_park);
