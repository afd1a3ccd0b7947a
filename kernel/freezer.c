/* SPDX-License-Identifier: MIT */
/*
 * The freezer, one thread at a time.
 *
 * Linux freezes everybody before the machine is put to sleep, so that nobody works on a device that is switched off.
 * Bobbin never sleeps; here the freezer is for threads that are written for it, and to look at a machine that stands
 * still. Kernel threads are left alone (PF_NOFREEZE, inherited from kthreadd) unless they call set_freezable().
 *
 * There are two ways of being frozen. By itself: try_to_freeze() goes into __refrigerator() and sleeps there. In
 * place: whoever sleeps in a state with TASK_FREEZABLE is not woken; its state is exchanged:
 *
 *	INTERRUPTIBLE | FREEZABLE --- freeze_task() ---> FROZEN --- __thaw_task() ---> RUNNING
 *
 * Nobody who wakes threads names TASK_FROZEN, so wake-ups pass a frozen thread by: try_to_wake_up() says that it has
 * woken nobody, and a wake-up meant for one of several sleepers goes to the next. Nothing is lost by it, because a
 * thaw looks to the thread like a wake-up without a reason: it tests its condition again, as all sleepers do, sees
 * what became true meanwhile, or sleeps on. Signals, time-outs and requests to stop are conditions like any other.
 * That is also why only sleeps that are loops around a condition may be freezable.
 *
 * Locking: freezer_lock makes "shall I be frozen?" and "wake those who are" one step each. A thread says FROZEN first
 * and then looks, under the lock; who thaws says "no more" first and then wakes, under the lock. So one that looked
 * too early has said FROZEN before it is looked for. Inside freezer_lock: pi_lock and rq->lock.
 * Read next: power/process.c.
 */
#include <linux/freezer.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched/shake.h>

bool freezer_active, pm_freezing, pm_nosig_freezing;
EXPORT_SYMBOL(freezer_active);

static DEFINE_SPINLOCK(freezer_lock);

bool freezing_slow_path(struct task_struct *p)
{
	if (READ_ONCE(p->flags) & (PF_NOFREEZE | PF_SUSPEND_TASK))
		return false;
	if (READ_ONCE(pm_nosig_freezing))
		return true;
	return READ_ONCE(pm_freezing) && !(p->flags & PF_KTHREAD);
}
EXPORT_SYMBOL(freezing_slow_path);

bool frozen(struct task_struct *p)
{
	return READ_ONCE(p->__state) & TASK_FROZEN;
}

/*
 * The question that a thread asks which has already said FROZEN. If it goes on, it says so under the lock, too: all
 * may be frozen again at once, and who is on the way out must not be taken for one that is frozen.
 */
static bool must_stay(bool stopping_ends_it)
{
	bool stay;

	spin_lock_irq(&freezer_lock);
	stay = freezing(current) && !(stopping_ends_it && kthread_should_stop());
	if (!stay)
		__set_current_state(TASK_RUNNING);
	spin_unlock_irq(&freezer_lock);
	shake_point();
	return stay;
}

bool __sched __refrigerator(bool check_kthr_stop)
{
	unsigned int state = get_current_state(), slept = 0;

	WARN_ONCE(state && !(state & TASK_NORMAL), "thread %s (%d) is to be frozen while it parks or dies\n",
		  current->comm, current->pid);
	/* ORDER(sleep-wake): the state, then the question; __thaw_task(): the answer changes, then it wakes. */
	set_current_state(TASK_FROZEN);
	while (must_stay(check_kthr_stop)) {
		schedule();
		slept++;
		set_current_state(TASK_FROZEN);
	}
	return slept;
}
EXPORT_SYMBOL(__refrigerator);

bool set_freezable(void)
{
	might_sleep();
	/* Under the lock: freeze_task() then sees the flag as it was or as it will be, for good. */
	spin_lock_irq(&freezer_lock);
	current->flags &= ~PF_NOFREEZE;
	spin_unlock_irq(&freezer_lock);
	return try_to_freeze();
}
EXPORT_SYMBOL(set_freezable);

bool kthread_freezable_should_stop(bool *was_frozen)
{
	bool was = false;

	might_sleep();
	if (unlikely(freezing(current)))
		was = __refrigerator(true);
	if (was_frozen)
		*was_frozen = was;
	return kthread_should_stop();
}
EXPORT_SYMBOL_GPL(kthread_freezable_should_stop);

/* Called with p held still. A sleeper that wants it becomes a frozen one. */
static int freeze_in_place(struct task_struct *p, void *unused)
{
	unsigned int state = READ_ONCE(p->__state);

	if (p->on_rq || READ_ONCE(p->on_cpu) || !(state & TASK_FREEZABLE))
		return 0;
	WARN_ONCE(!(state & TASK_NORMAL), "thread %s (%d) sleeps in state %#x: only ordinary sleep can be freezable, "
		  "for only that may end without a reason\n", p->comm, p->pid, state);
	WRITE_ONCE(p->__state, TASK_FROZEN);
	return 1;
}

bool freeze_task(struct task_struct *p)
{
	unsigned long flags;
	bool must_wait;

	spin_lock_irqsave(&freezer_lock, flags);
	must_wait = freezing(p) && !frozen(p) && !task_call_func(p, freeze_in_place, NULL);
	if (must_wait)
		wake_up_state(p, TASK_NORMAL);
	spin_unlock_irqrestore(&freezer_lock, flags);
	return must_wait;
}

void __thaw_task(struct task_struct *p)
{
	unsigned long flags;

	spin_lock_irqsave(&freezer_lock, flags);
	if (!WARN_ONCE(freezing(p), "thread %s (%d) is to go on, but also to be frozen\n", p->comm, p->pid))
		wake_up_state(p, TASK_FROZEN);
	spin_unlock_irqrestore(&freezer_lock, flags);
}

/* kthread_stop(p) by the one thread that could thaw p: it would wait for ever. */
void freezer_let_go(struct task_struct *p)
{
	unsigned long flags;

	if (!WARN(frozen(p), "thread %s (%d) stops %s (%d), which it has frozen itself: thaw first. On Linux this "
		  "hangs\n", current->comm, current->pid, p->comm, p->pid))
		return;
	spin_lock_irqsave(&freezer_lock, flags);
	/* It sleeps, and only we could wake it: so its flags stand still. */
	p->flags |= PF_NOFREEZE;
	wake_up_state(p, TASK_FROZEN);
	spin_unlock_irqrestore(&freezer_lock, flags);
}
