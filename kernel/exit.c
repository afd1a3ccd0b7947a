/* SPDX-License-Identifier: MIT */
/*
 * How a thread ends.
 *
 * do_exit() runs in the dying thread, on the stack that is to go. It gives away what it has, tells its parent, and
 * calls schedule() a last time; finish_task_switch(), on somebody else's stack, frees the stack. ORDER(exit-stack).
 *
 *	do_exit ---- children go to init ---- parent waits for it? --- yes: EXIT_ZOMBIE until kernel_wait4()
 *	                                              |
 *	                                              no: EXIT_DEAD, reaped on the spot
 *
 * A parent does not wait for a child that was made without an exit signal, nor if it ignores SIGCHLD, as kthreadd
 * does; so kernel threads never become zombies. Reaping takes the thread off the lists and frees its number; the
 * struct lives until its last reference, and for an RCU grace period at least.
 *
 * Locking: tasklist_lock for the family, exit_state and waits_for_child; with it, a child that ends while its parent
 * looks for one is either found or wakes the parent. Read next: kthread.c.
 */
#include <linux/completion.h>
#include <linux/console.h>
#include <linux/freezer.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/kthread.h>
#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/rcutree.h>
#include <linux/sched/init.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/upcall.h>
#include <linux/workqueue.h>
#include <trace/events/sched.h>
#include "locking/held.h"

static struct task_struct *init_reaper(void)
{
	return find_task_by_vpid(1);
}

/*
 * Off every list; its number is free again. tasklist_lock is held; the caller drops the reference afterwards, by
 * put_task_struct_rcu_user(): who walks the list, or looks the number up, may still have p before him.
 */
static void forget_locked(struct task_struct *p)
{
	lockdep_assert_held(&tasklist_lock);
	p->exit_state = EXIT_DEAD;
	list_del_init(&p->sibling);
	list_del_rcu(&p->tasks);
	detach_pid(p->thread_pid);
	task_forgotten();
}

static void wake_waiting_parent(struct task_struct *parent)
{
	if (parent->waits_for_child)
		wake_up_state(parent, TASK_INTERRUPTIBLE);
}

static bool reaps_itself(struct task_struct *p)
{
	return !p->exit_signal || sig_is_ignored(p->real_parent, p->exit_signal);
}

/* p's children become init's. Those who are dead concern init now; those that nobody waits for go with `dead`. */
static void give_children_away(struct task_struct *p, struct list_head *dead)
{
	struct task_struct *child, *next, *reaper;

	if (list_empty(&p->children))
		return;
	reaper = init_reaper();
	if (!reaper || reaper == p)
		reaper = &init_task;
	list_for_each_entry_safe(child, next, &p->children, sibling) {
		child->real_parent = child->parent = reaper;
		list_move_tail(&child->sibling, &reaper->children);
		if (child->exit_state != EXIT_ZOMBIE)
			continue;
		if (reaps_itself(child)) {
			forget_locked(child);
			list_add(&child->sibling, dead);
		} else {
			wake_waiting_parent(reaper);
		}
	}
}

static void exit_notify(struct task_struct *p)
{
	struct task_struct *child, *next, *parent;
	LIST_HEAD(dead);
	bool autoreap;

	raw_spin_lock_irq(&tasklist_lock);
	give_children_away(p, &dead);
	autoreap = reaps_itself(p);
	parent = p->real_parent;
	if (autoreap) {
		forget_locked(p);
	} else {
		p->exit_state = EXIT_ZOMBIE;
		/* Here, not later: the lock keeps the parent. Once it is dropped he may reap p, and end, too. */
		send_sig(p->exit_signal, parent, 1);
	}
	/* Also when there is nothing to reap: it may have been the last that he waits for. */
	wake_waiting_parent(parent);
	raw_spin_unlock_irq(&tasklist_lock);
	list_for_each_entry_safe(child, next, &dead, sibling) {
		list_del_init(&child->sibling);
		put_task_struct_rcu_user(child);
	}
	if (autoreap)
		put_task_struct_rcu_user(p);
}

/* Whatever it holds: nobody will give it back. */
static void leave_atomic(void)
{
	rcu_reader_suspend();
	preempt_count_set(0);
}

/* Who it is, for complaints: with its function, which has mostly returned, so that no backtrace shows it. */
struct who {
	char text[128];
};

static const char *who_ends(struct who *who, struct task_struct *p)
{
	size_t len = scnprintf(who->text, sizeof(who->text), "thread %s (%d)", p->comm, p->pid);
	void *fn = kthread_func(p);

	if (fn)
		scnprintf(who->text + len, sizeof(who->text) - len, ", whose function is %ps,", fn);
	return who->text;
}

static noinline void complain_of_locks(struct task_struct *p)
{
	struct who who;

	locks_give_back(p, who_ends(&who, p));
}

static noinline void complain_of_context(struct task_struct *p)
{
	struct who who;

	if (WARN(in_atomic(), "%s ends with preemption disabled (preempt_count %#x): it still holds %s. What is held "
		 "is unlocked now: it needs its other half on every way out\n", who_ends(&who, p), preempt_count(),
		 spin_held_text())) {
		spin_give_back_held();
		leave_atomic();
	}
	if (WARN(irqs_disabled(), "%s ends with interrupts disabled: spin_lock_irq() or local_irq_disable() without "
		 "its other half. They are enabled\n", who_ends(&who, p)))
		local_irq_enable();
}

static void check_may_exit(struct task_struct *p)
{
	if (in_interrupt())
		panic("Attempted to exit from an interrupt: thread %s (%d)", p->comm, p->pid);
	if (!p->pid)
		panic("Attempted to kill the idle task!");
	if (p->pid == 1)
		panic("Attempted to kill init! exitcode=%#x", p->exit_code);
	if (unlikely(p->flags & PF_EXITING))
		panic("thread %s (%d) failed while it was ending", p->comm, p->pid);
	if (unlikely(in_atomic() || irqs_disabled()))
		complain_of_context(p);
}

/* What it wrote to, and read from, is closed, however it ends: who is at the other end sees that. */
static void exit_output(struct task_struct *p)
{
	struct thread_output *out = p->output;

	p->output = NULL;
	if (out && out->release)
		out->release(out);
}

void __noreturn do_exit(long code)
{
	struct task_struct *p = current;
	struct completion *vfork;

	p->exit_code = code;
	check_may_exit(p);
	if (unlikely(p->flags & PF_WQ_WORKER))
		wq_worker_dies();
	if (unlikely(locks_any(p)))
		complain_of_locks(p);
	lockdep_exit_task();
	freezer_exit();
	p->flags |= PF_EXITING;
	trace_sched_process_exit(p);
	exit_output(p);
	kthread_will_exit(p);
	exit_notify(p);
	/* Who waits for the thread's end by a completion (kthread_stop) has a reference: p stays until he has read. He
	 * may have the CPU when we have left it: to be preempted by him is to come back once more, only to leave. */
	preempt_disable();
	vfork = p->vfork_done;
	if (vfork)
		complete_all(vfork);
	preempt_enable_no_resched();
	do_task_dead();
}

void __noreturn make_task_dead(int signr)
{
	if (preempt_count())
		leave_atomic();
	locks_keep();
	do_exit(signr);
}

/* ---- waiting for children ---- */

/* A dead child to reap: that one, or any (-1). *alive: there is one that has not ended. */
static struct task_struct *find_zombie(pid_t nr, bool *alive)
{
	struct task_struct *child;

	lockdep_assert_held(&tasklist_lock);
	if (nr > 0) {
		child = find_task_by_vpid(nr);
		if (!child || child->real_parent != current)
			return NULL;
		*alive = child->exit_state != EXIT_ZOMBIE;
		return *alive ? NULL : child;
	}
	list_for_each_entry(child, &current->children, sibling) {
		if (child->exit_state == EXIT_ZOMBIE)
			return child;
		*alive = true;
	}
	return NULL;
}

/* One look. Return: the pid of a reaped child, 0: none has ended yet, -ECHILD: there is none. */
static long try_reap(pid_t nr, int *stat, bool will_sleep)
{
	struct task_struct *child;
	bool alive = false;

	raw_spin_lock_irq(&tasklist_lock);
	child = find_zombie(nr, &alive);
	current->waits_for_child = !child && alive && will_sleep;
	if (child) {
		nr = child->pid;
		forget_locked(child);
	}
	raw_spin_unlock_irq(&tasklist_lock);
	if (!child)
		return alive ? 0 : -ECHILD;
	if (stat)
		*stat = child->exit_code;
	put_task_struct_rcu_user(child);
	return nr;
}

static void stop_waiting_for_child(void)
{
	raw_spin_lock_irq(&tasklist_lock);
	current->waits_for_child = false;
	raw_spin_unlock_irq(&tasklist_lock);
	__set_current_state(TASK_RUNNING);
}

long kernel_wait4(pid_t nr, int *stat, int options, void *rusage)
{
	long ret;

	might_sleep();
	trace_sched_process_wait(nr);
	for (;;) {
		/* ORDER(sleep-wake): the state before the look. */
		set_current_state(TASK_INTERRUPTIBLE);
		ret = try_reap(nr, stat, !(options & WNOHANG));
		if (ret || (options & WNOHANG))
			break;
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		schedule();
	}
	stop_waiting_for_child();
	return ret;
}

int kernel_wait(pid_t nr, int *stat)
{
	return kernel_wait4(nr, stat, 0, NULL);
}
