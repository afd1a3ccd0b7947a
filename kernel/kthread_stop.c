/* SPDX-License-Identifier: MIT */
/*
 * How kernel threads end.
 *
 * kthread_stop() sets a bit, wakes the thread, waits for its `exited` completion, and reads its result. All that lies
 * in struct kthread, which lives as long as the task_struct; so the stopper must have a reference, and takes one.
 * ORDER(should-stop): the bit is set before the wake-up; a thread that sets its state, then tests the bit, sees it or
 * is woken. TIF_NOTIFY_SIGNAL goes with it: from then on the thread's interruptible waits end as if a signal had come,
 * so a loop that is deep in one comes back to ask kthread_should_stop().
 *
 * A thread that ended by itself, and that somebody then stops without having kept a reference, is the most common
 * mistake of all. Linux then works on freed memory. Here the last GRAVES of such threads are kept, each without its
 * stack, and kthread_stop() finds its thread there and explains.
 *
 * Locking: graves_lock for the graves. Read next: exit.c.
 */
#include "kthread.h"
#include "kthread_worker.h"
#include <linux/export.h>
#include <linux/freezer.h>
#include <linux/kernel.h>
#include <linux/sched/shake.h>
#include <linux/sched/task.h>
#include <linux/upcall.h>
#include <trace/events/kthread.h>

#define GRAVES	64

static DEFINE_RAW_SPINLOCK(graves_lock);
static LIST_HEAD(graves);
static unsigned int nr_graves;

/* ---- the thread ---- */

bool kthread_should_stop(void)
{
	struct kthread *self = to_kthread(current);

	/* ORDER(should-stop): the thread's end: read after the state that it has set. */
	return self && test_bit(KTHREAD_SHOULD_STOP, &self->flags);
}
EXPORT_SYMBOL(kthread_should_stop);

void __noreturn kthread_exit(long result)
{
	struct kthread *self = to_kthread(current);

	if (self)
		self->result = result;
	do_exit(0);
}

void __noreturn kthread_complete_and_exit(struct completion *comp, long code)
{
	if (comp)
		complete(comp);
	kthread_exit(code);
}
EXPORT_SYMBOL(kthread_complete_and_exit);

/* ---- those that ended by themselves ---- */

static struct task_struct *take_oldest_grave(unsigned int keep)
{
	struct task_struct *p = NULL;
	struct kthread *k;
	unsigned long flags;

	raw_spin_lock_irqsave(&graves_lock, flags);
	if (nr_graves > keep) {
		k = list_first_entry(&graves, struct kthread, grave);
		list_del_init(&k->grave);
		nr_graves--;
		p = k->task;
	}
	raw_spin_unlock_irqrestore(&graves_lock, flags);
	return p;
}

static void forget_graves(unsigned int keep)
{
	struct task_struct *p;

	while ((p = take_oldest_grave(keep)))
		put_task_struct(p);
}

void kthread_forget_dead(void)
{
	forget_graves(0);
}

/* From do_exit(): a kthread that nobody has asked to stop is kept for a while, in case somebody will. */
void kthread_will_exit(struct task_struct *p)
{
	struct kthread *k = find_kthread(p);

	if (!k)
		return;
	/* ORDER(park-exit): PF_EXITING is set; then the bit is looked at. Who parks it: the bit, then PF_EXITING. */
	smp_mb();
	if (unlikely(test_bit(KTHREAD_HAS_PARKER, &k->flags)))
		complete_all(&k->parked);
	if (k->worker)
		kthread_worker_lost(k->worker);
	if (!k->threadfn || test_bit(KTHREAD_SHOULD_STOP, &k->flags))
		return;
	k->kept = refcount_read(&p->usage) > 1;		/* one is its own */
	get_task_struct(p);
	raw_spin_lock_irq(&graves_lock);
	list_add_tail(&k->grave, &graves);
	nr_graves++;
	raw_spin_unlock_irq(&graves_lock);
	forget_graves(GRAVES);
}

/* Out of its grave, with the reference that kept it there. */
static bool exhume(struct kthread *k)
{
	unsigned long flags;
	bool found;

	/* It is over, so nobody puts it there any more. */
	if (list_empty(&k->grave))
		return false;
	raw_spin_lock_irqsave(&graves_lock, flags);
	found = !list_empty(&k->grave);
	if (found) {
		list_del_init(&k->grave);
		nr_graves--;
	}
	raw_spin_unlock_irqrestore(&graves_lock, flags);
	return found;
}

/* ---- who stops it ---- */

/* What nobody can stop is refused with a sentence. Return: 0 if p may be stopped. */
static int check_may_stop(struct task_struct *p)
{
	if (WARN(!is_task_struct(p), "kthread_stop(%px): this is not a thread. If it was one, it ended by itself and "
		 "its task_struct is freed: keep a reference with get_task_struct() before it can end\n", p))
		return -ESRCH;
	if (WARN(p == current, "thread %s (%d) calls kthread_stop() on itself: it would wait for its own end for ever. "
		 "Return from the thread function instead\n", p->comm, p->pid))
		return -EDEADLK;
	if (WARN(!kthread_func(p), "kthread_stop() on %s (%d), which kthread_create() has not made: stop only what "
		 "kthread_create() or kthread_run() returned\n", p->comm, p->pid))
		return -EINVAL;
	return 0;
}

int kthread_stop(struct task_struct *p)
{
	struct kthread *k;
	int ret;

	might_sleep();
	ret = check_may_stop(p);
	if (ret)
		return ret;
	trace_sched_kthread_stop(p);
	get_task_struct(p);
	k = find_kthread(p);
	/* ORDER(should-stop): the bit, then the wake-up (a full barrier); the thread: its state, then the bit. */
	set_bit(KTHREAD_SHOULD_STOP, &k->flags);
	if (unlikely(test_bit(KTHREAD_SHOULD_PARK, &k->flags)))
		kthread_unpark(p);
	set_tsk_thread_flag(p, TIF_NOTIFY_SIGNAL);
	wake_up_process(p);
	if (unlikely(current->flags & PF_SUSPEND_TASK))
		freezer_let_go(p);
	shake_point();
	WRITE_ONCE(current->stops, p);
	wait_for_completion(&k->exited);
	WRITE_ONCE(current->stops, NULL);
	ret = k->result;
	if (exhume(k)) {
		WARN(!k->kept, "thread %s (%d) had ended by itself (it returned %d) when "
		     "kthread_stop() was called, and nobody kept a reference: on Linux this is a use after free. Call "
		     "get_task_struct() before the thread can end, or let it wait for kthread_should_stop()\n",
		     p->comm, p->pid, ret);
		put_task_struct(p);
	}
	put_task_struct(p);
	trace_sched_kthread_stop_ret(ret);
	return ret;
}
EXPORT_SYMBOL(kthread_stop);
