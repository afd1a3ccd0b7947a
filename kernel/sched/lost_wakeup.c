/* SPDX-License-Identifier: MIT */
/*
 * Lost wake-ups: a thread that sleeps in wait_event*() while its condition is true.
 *
 * Only the sleeper can evaluate its condition, and it is asleep. But a wait_event loop may be woken at any time: it
 * tests its condition and sleeps on. So the watcher (hung_task.c) wakes who has slept for some seconds, and the sleeper
 * finds out by itself:
 *
 *	watcher					sleeper
 *	state: WAIT_LOOP only			(nobody else can wake it any more)
 *	probed = this sleep
 *	wake it					tests its condition
 *						false: sleeps on, until probed again after twice as long
 *						true, and still on the queue: no wake-up has come. A suspect
 *
 * Not yet more than that: who makes a condition true may be between that and his wake_up() just now. So the queue's
 * address is noted, and if a wake-up comes to that address soon after, it was only late. An attempt to wake the thread
 * itself absolves it, too: try_to_wake_up() clears `probed` when it finds the thread awake. The sleeper does not wait
 * for the verdict. It has what it waited for, and goes on.
 *
 * Of exclusive sleepers a wake-up wakes one, A, and before A has looked the watcher may make B look, who finds the
 * condition true and takes what A was woken for. Nothing was lost; but one of the two comes away with nothing, and goes
 * back to the end of the queue. So B is no suspect if somebody behind it has been woken and come back, and is absolved,
 * too, when an exclusive sleeper comes soon after. Behind an entry with priority, which may take a wake-up and wake
 * nobody, none is a suspect. That may let a guilty one go; nobody is to be accused who is right.
 *
 * Programs that are right see nothing but a spurious wake-up now and then, which every wait loop has to stand. Nothing
 * is done for it on the way to sleep, but that the state has a bit more; waking looks at one variable.
 *
 * Locking: suspects_lock for the table. `probed` is written with the thread asleep and held still (task_call_func).
 * Rejected: letting the sleeper wait for the late wake-up: it may hold a spinlock (wait_event_lock_irq). Waking who
 * sleeps by schedule() in a loop of its own: it may not be a loop.
 * Read next: hung_task.c.
 */
#include "lost_wakeup.h"
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/sched/clock.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/upcall.h>
#include <linux/wait.h>

#define SUSPECTS_MAX	8
#define TRACE_MAX	16

struct suspect {
	struct wait_queue_head	*queue;		/* its address only: it may be gone. NULL: no suspect */
	struct task_struct	*p;		/* with a reference */
	unsigned long		probed;
	u64			slept, found;	/* ns */
	bool			exclusive;
	unsigned long		trace[TRACE_MAX];
	unsigned int		nr;
};

static DEFINE_RAW_SPINLOCK(suspects_lock);
static struct suspect suspects[SUSPECTS_MAX];
unsigned int lost_wakeups_told;		/* khungtaskd */
unsigned int lost_wakeup_suspects;	/* suspects_lock to write */

/* Was another exclusive sleeper woken while this one was on the queue? Who comes back stands behind it. */
static bool another_was_woken(struct wait_queue_head *wq_head, struct wait_queue_entry *other)
{
	if (!(other->flags & WQ_FLAG_EXCLUSIVE))
		return false;
	list_for_each_entry_continue(other, &wq_head->head, entry)
		if (other->flags & WQ_FLAG_CAME_BACK)
			return true;
	return false;
}

/* Who has priority is first, and may have taken the wake-up for himself. */
static bool somebody_has_priority(struct wait_queue_head *wq_head)
{
	return list_first_entry(&wq_head->head, struct wait_queue_entry, entry)->flags & WQ_FLAG_PRIORITY;
}

void lost_wakeup_suspect(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	lockdep_assert_held(&wq_head->lock);
	/* It ends because it was asked to: kthread_stop(), a signal. */
	if (signal_pending(current) || another_was_woken(wq_head, wq_entry) || somebody_has_priority(wq_head))
		return;
	raw_spin_lock_irqsave(&suspects_lock, flags);
	for (struct suspect *s = suspects; s < suspects + SUSPECTS_MAX; s++) {
		if (s->queue)
			continue;
		s->queue = wq_head;
		s->exclusive = wq_entry->flags & WQ_FLAG_EXCLUSIVE;
		s->p = get_task_struct(current);
		s->probed = current->probed;
		s->found = local_clock();
		s->slept = s->found - current->probed_since;
		s->nr = stack_trace_save(s->trace, TRACE_MAX, 1);
		lost_wakeup_suspects++;
		break;
	}
	raw_spin_unlock_irqrestore(&suspects_lock, flags);
}

/* The suspect is none any more. Return: its thread, for put_task_struct(). */
static struct task_struct *drop(struct suspect *s)
{
	lockdep_assert_held(&suspects_lock);
	s->queue = NULL;
	lost_wakeup_suspects--;
	return s->p;
}

/* The reference is given back by the judge: a queue's lock is held here. */
void lost_wakeup_absolve(struct wait_queue_head *wq_head, bool exclusive_only)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&suspects_lock, flags);
	for (struct suspect *s = suspects; s < suspects + SUSPECTS_MAX; s++)
		if (s->queue == wq_head && (s->exclusive || !exclusive_only))
			s->probed = 0;
	raw_spin_unlock_irqrestore(&suspects_lock, flags);
}

/* ---- the watcher ---- */

/* Is p back in the sleep that it was woken from to test its condition? */
static bool sleeps_on(const struct task_struct *p)
{
	return READ_ONCE(p->probed) == ((p->nvcsw - 1) | PROBED);
}

u64 asleep_since(const struct task_struct *p)
{
	return sleeps_on(p) ? READ_ONCE(p->probed_since) : READ_ONCE(p->last_switch);
}

/* With p held still: nobody can wake it, but who asks for WAIT_LOOP. */
static int begin_probe(struct task_struct *p, void *arg)
{
	unsigned int state = READ_ONCE(p->__state);
	u64 limit = *(u64 *)arg, since = asleep_since(p), last = p->last_switch, now = local_clock();

	if (!(state & TASK_WAIT_LOOP) || p->on_rq || READ_ONCE(p->on_cpu))
		return 0;
	if (now < last || now - last < max(limit, last - since))
		return 0;
	p->probed_since = since;
	WRITE_ONCE(p->probed, p->nvcsw | PROBED);
	WRITE_ONCE(p->__state, TASK_WAIT_LOOP);
	return 1;
}

void probe_sleeper(struct task_struct *p, u64 limit)
{
	if (!(READ_ONCE(p->__state) & TASK_WAIT_LOOP))
		return;
	preempt_disable();
	if (task_call_func(p, begin_probe, &limit))
		wake_up_state(p, TASK_WAIT_LOOP);
	preempt_enable();
}

static void report(const struct suspect *s)
{
	struct task_struct *p = s->p;

	pr_warn("------------[ lost wake-up ]------------\n");
	pr_warn("thread %s (%d) slept for %llu ms in wait_event(), and its condition was true: a wake-up was lost\n",
		p->comm, p->pid, s->slept / NSEC_PER_MSEC);
	pr_warn("Who makes the condition true must do that first, and then call wake_up() on this queue, each time:\n");
	pr_warn("in the other order, or without it, the sleeper sleeps on. It goes on because the watcher woke it:\n");
	for (unsigned int i = 0; i < s->nr; i++)
		pr_warn("  %pB\n", (void *)s->trace[i]);
}

/* Return: 0: still too early; 1: take it out of the table; 2: and it is guilty. */
static int verdict(const struct suspect *s, u64 settle)
{
	if (s->probed != READ_ONCE(s->p->probed))
		return 1;
	return local_clock() - s->found < settle ? 0 : 2;
}

bool lost_wakeups_judge(u64 settle)
{
	for (int i = 0; READ_ONCE(lost_wakeup_suspects) && i < SUSPECTS_MAX; i++) {
		struct suspect s;
		int done = 0;

		raw_spin_lock_irq(&suspects_lock);
		s = suspects[i];
		if (s.queue)
			done = verdict(&s, settle);
		if (done)
			drop(&suspects[i]);
		raw_spin_unlock_irq(&suspects_lock);
		if (done > 1) {
			report(&s);
			WRITE_ONCE(lost_wakeups_told, lost_wakeups_told + 1);
		}
		if (done)
			put_task_struct(s.p);
	}
	return READ_ONCE(lost_wakeup_suspects);
}
