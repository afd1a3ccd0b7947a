/* SPDX-License-Identifier: MIT */
/*
 * Torture of threads: victims are made, parked, unparked, moved, given other policies, woken for nothing, sent signals
 * and stopped, by several actors at once. What must hold:
 *
 *	a victim runs on one CPU at a time, and only on those that it may
 *	a parked victim does not run; a stopped one has answered what it was to answer
 *	a victim that was never woken never ran; a freezable one does not run while all are frozen
 *	no task is in a state that does not exist, or found under another's number
 *	a creation fails when its allocation failed, and only then
 */
#include "torture.h"

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fault-inject.h>
#include <linux/freezer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#define SLOTS 24

/* Room for one victim. `lock` is held by who changes its life; p may be looked at under p_lock. */
static struct slot {
	struct mutex lock;
	spinlock_t p_lock;
	struct task_struct *p;		/* NULL: nobody. With a reference */
	bool bound;			/* for life */
	bool freezable;			/* for life. Then it is not parked: a parked thread cannot be frozen */
	bool parked;			/* between the return of kthread_park() and kthread_unpark() */
	bool quit;			/* it shall end by itself */
	int answer;			/* what it is to return */
	unsigned long may;		/* the CPUs where it may be seen; while that changes, old and new */
	unsigned long beats;		/* turns of its loop */
	atomic_t inside;		/* 1 while it is between two checks: never 2 */
	struct wait_queue_head wq;
	struct completion kick;
} slots[SLOTS];

/* ---- the victim ---- */

static void check_victim(struct slot *s)
{
	int cpu = get_cpu();

	if (!(READ_ONCE(s->may) & (1UL << cpu)))
		test_blame("victim %d is on CPU %d, allowed were %#lx", current->pid, cpu, READ_ONCE(s->may));
	if (READ_ONCE(s->parked))
		test_blame("victim %d runs while it is parked", current->pid);
	if (s->freezable)
		torture_may_run("a victim");
	put_cpu();
	if (atomic_inc_return(&s->inside) != 1)
		test_blame("victim %d runs on two CPUs at once", current->pid);
	WRITE_ONCE(s->beats, s->beats + 1);
	atomic_dec(&s->inside);
}

static void rest(struct slot *s, u32 r)
{
	long left;

	/* A real-time thread that does not sleep would keep everybody else from its CPU. */
	switch (rt_task(current) ? r % 4 : r % 8) {
	case 0:
		schedule_timeout_interruptible(1 + r / 8 % 3);
		break;
	case 1:
		wait_event_interruptible_timeout(s->wq, READ_ONCE(s->quit) || kthread_should_stop_or_park(), 2);
		break;
	case 2:
		left = wait_for_completion_interruptible_timeout(&s->kick, 1 + r / 8 % 4);
		if (left < 0 && !signal_pending(current) && !kthread_should_stop_or_park())
			test_blame("victim %d: a wait was interrupted, but not by a signal", current->pid);
		break;
	case 3:
		schedule_timeout_uninterruptible(1);
		break;
	case 4:
		udelay(r / 8 % 50);
		break;
	case 5:
		wait_event_freezable_timeout(s->wq, READ_ONCE(s->quit) || kthread_should_stop_or_park(), 2);
		break;
	default:
		yield();
	}
}

/* Before each turn: a place to be frozen at, of either kind. True: the victim is to end. */
static bool must_end(struct slot *s, u32 r)
{
	if (!s->freezable)
		return kthread_should_stop();
	if (r % 2)
		return kthread_freezable_should_stop(NULL);
	try_to_freeze();
	return kthread_should_stop();
}

static int victim(void *data)
{
	struct slot *s = data;
	u32 random = test_seed(s - slots + 1000);

	allow_signal(SIGTERM);
	if (s->freezable)
		set_freezable();
	while (!must_end(s, random / 16) && !READ_ONCE(s->quit)) {
		if (kthread_should_park())
			kthread_parkme();
		check_victim(s);
		if (signal_pending(current))
			flush_signals(current);
		rest(s, test_random(&random));
	}
	return s->answer;
}

/* ---- operations; the slot is locked in those that end in _locked ---- */

static struct slot *lock_any(struct actor *a)
{
	struct slot *s = &slots[draw(a, SLOTS)];

	mutex_lock(&s->lock);
	return s;
}

/* A reference to somebody, or NULL. He may be parked, ending, or dead by the time it is used. */
static struct task_struct *get_any(struct actor *a)
{
	struct slot *s = &slots[draw(a, SLOTS)];
	struct task_struct *p;

	spin_lock(&s->p_lock);
	p = s->p ? get_task_struct(s->p) : NULL;
	spin_unlock(&s->p_lock);
	return p;
}

static void set_victim(struct slot *s, struct task_struct *p)
{
	spin_lock(&s->p_lock);
	s->p = p;
	spin_unlock(&s->p_lock);
}

static void stop_locked(struct slot *s)
{
	struct task_struct *p = s->p;
	unsigned long beats;
	int ret;

	WRITE_ONCE(s->parked, false);
	ret = kthread_stop(p);
	beats = READ_ONCE(s->beats);
	if (ret != s->answer && !(ret == -EINTR && !beats))
		test_blame("a victim with %lu beats was to return %d, and returned %d", beats, s->answer, ret);
	if (!p->exit_state)
		test_blame("kthread_stop() returned, but %d has not ended", p->pid);
	set_victim(s, NULL);
	put_task_struct(p);
}

static struct task_struct *make(struct slot *s, int cpu)
{
	if (cpu >= 0)
		return kthread_create_on_cpu(victim, s, cpu, "victim/%u");
	return kthread_create(victim, s, "victim");
}

static void op_make(struct actor *a)
{
	struct slot *s = lock_any(a);
	int cpu = draw(a, 3) ? -1 : (int)draw_cpu(a);
	bool armed = draw(a, 4) == 0, struck = false;
	struct task_struct *p;

	if (s->p)
		goto out;
	s->bound = cpu >= 0;
	/* Who is bound to a CPU that goes away is set free. */
	s->may = s->bound && cpu < torture_stable_cpus() ? 1UL << cpu : ~0UL;
	s->freezable = draw(a, 3) == 0;
	s->quit = false;
	s->beats = 0;
	s->answer = draw(a, 1000000);
	if (armed)
		fail_nth_arm(1 + draw(a, 12));
	p = make(s, cpu);
	if (armed)
		struck = fail_nth_disarm();
	if (IS_ERR(p)) {
		if (!struck || PTR_ERR(p) != -ENOMEM)
			test_blame("kthread_create: %ld, and %s allocation failed", PTR_ERR(p), struck ? "an" : "no");
		goto out;
	}
	get_task_struct(p);
	set_victim(s, p);
	if (draw(a, 8) == 0) {
		stop_locked(s);
		if (s->beats)
			test_blame("a thread ran that was never woken");
		goto out;
	}
	wake_up_process(p);
out:
	mutex_unlock(&s->lock);
}

static void op_stop(struct actor *a)
{
	struct slot *s = lock_any(a);

	if (s->p)
		stop_locked(s);
	mutex_unlock(&s->lock);
}

static void op_quit(struct actor *a)
{
	struct slot *s = lock_any(a);

	if (s->p && !s->parked) {
		WRITE_ONCE(s->quit, true);
		wake_up_process(s->p);
	}
	mutex_unlock(&s->lock);
}

static void op_park(struct actor *a)
{
	struct slot *s = lock_any(a);
	unsigned long beats;
	int ret;

	if (!s->p || s->parked || s->quit || s->freezable)
		goto out;
	ret = kthread_park(s->p);
	if (ret)
		test_blame("kthread_park() of a living thread: %d", ret);
	WRITE_ONCE(s->parked, true);
	beats = READ_ONCE(s->beats);
	if (draw(a, 2))
		wake_up_process(s->p);		/* an ordinary wake-up is not for the parked */
	test_nap();
	if (READ_ONCE(s->beats) != beats || !(READ_ONCE(s->p->__state) & TASK_PARKED))
		test_blame("a parked thread went on from %lu to %lu, its state is %#x", beats, s->beats, s->p->__state);
out:
	mutex_unlock(&s->lock);
}

static void op_unpark(struct actor *a)
{
	struct slot *s = lock_any(a);

	if (s->p && s->parked) {
		WRITE_ONCE(s->parked, false);
		kthread_unpark(s->p);
	}
	mutex_unlock(&s->lock);
}

static void op_move(struct actor *a)
{
	struct slot *s = lock_any(a);
	unsigned long mask = 1UL << draw_stable_cpu(a) | 1UL << draw_cpu(a);
	struct cpumask cpus;

	if (!s->p || s->bound)
		goto out;
	cpumask_clear(&cpus);
	cpumask_bits(&cpus)[0] = mask;
	WRITE_ONCE(s->may, s->may | mask);
	if (set_cpus_allowed_ptr(s->p, &cpus))
		test_blame("set_cpus_allowed_ptr() refused %#lx", mask);
	WRITE_ONCE(s->may, mask);
out:
	mutex_unlock(&s->lock);
}

static void op_policy(struct actor *a)
{
	static const int policies[] = { SCHED_NORMAL, SCHED_NORMAL, SCHED_BATCH, SCHED_FIFO, SCHED_RR };
	int policy = policies[draw(a, ARRAY_SIZE(policies))];
	struct sched_param param = { };
	struct task_struct *p = get_any(a);

	if (!p)
		return;
	if (policy == SCHED_FIFO || policy == SCHED_RR)
		param.sched_priority = 1 + draw(a, 3);
	if (sched_setscheduler_nocheck(p, policy, &param))
		test_blame("policy %d was refused", policy);
	set_user_nice(p, (int)draw(a, 40) - 20);
	put_task_struct(p);
}

static void op_wake(struct actor *a)
{
	struct slot *s = lock_any(a);

	if (s->p)
		wake_up_process(s->p);
	wake_up(&s->wq);
	complete(&s->kick);
	mutex_unlock(&s->lock);
}

static void op_signal(struct actor *a)
{
	struct task_struct *p = get_any(a);

	if (!p)
		return;
	send_sig(draw(a, 4) ? SIGTERM : SIGUSR1, p, 1);
	put_task_struct(p);
}

/* ---- everybody ---- */

#define STATES (TASK_NORMAL | TASK_PARKED | TASK_DEAD | TASK_WAKEKILL | TASK_WAKING | TASK_NOLOAD | TASK_NEW | \
		TASK_FREEZABLE | TASK_FROZEN | TASK_WAIT_LOOP)

static void op_walk(struct actor *a)
{
	struct task_struct *p = NULL, *found;

	while ((p = next_task_get(p)) != NULL) {
		unsigned int state = READ_ONCE(p->__state);

		if (state & ~STATES)
			test_blame("%s (%d) is in state %#x", p->comm, p->pid, state);
		if (task_cpu(p) >= nr_cpu_ids || !is_task_struct(p))
			test_blame("%s (%d) is on CPU %u, or no task at all", p->comm, p->pid, task_cpu(p));
		found = find_get_task_by_vpid(p->pid);
		if (found != p && !READ_ONCE(p->exit_state))
			test_blame("%d finds another", p->pid);
		if (found)
			put_task_struct(found);
	}
}

static int child(void *data)
{
	return (int)(long)data << 8;
}

static void op_fork(struct actor *a)
{
	long code = draw(a, 100);
	int status = 0;
	pid_t pid;

	allow_signal(SIGCHLD);
	pid = kernel_thread(child, (void *)code, CLONE_FS | CLONE_FILES | SIGCHLD);
	if (pid < 0) {
		test_blame("kernel_thread: %d", pid);
		return;
	}
	while (kernel_wait4(pid, &status, 0, NULL) == -ERESTARTSYS)
		flush_signals(current);
	flush_signals(current);
	if (status != code << 8)
		test_blame("a child returned %ld, its parent got %#x", code, status);
}

static void begin(void)
{
	for (int i = 0; i < SLOTS; i++) {
		struct slot *s = &slots[i];

		mutex_init(&s->lock);
		spin_lock_init(&s->p_lock);
		init_waitqueue_head(&s->wq);
		init_completion(&s->kick);
	}
}

static void end(void)
{
	for (int i = 0; i < SLOTS; i++)
		if (slots[i].p)
			stop_locked(&slots[i]);
}

static const struct torture_op ops[] = {
	{ "make", op_make, 6 }, { "stop", op_stop, 2 }, { "quit", op_quit, 1 }, { "park", op_park, 2 },
	{ "unpark", op_unpark, 3 }, { "move", op_move, 3 }, { "policy", op_policy, 3 }, { "wake", op_wake, 3 },
	{ "signal", op_signal, 3 }, { "walk", op_walk, 1 }, { "fork", op_fork, 2 },
};

TORTURE(threads, ops, .begin = begin, .end = end, .actors = 8);
