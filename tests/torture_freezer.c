/* SPDX-License-Identifier: MIT */
/*
 * Torture of the freezer: all that is freezable stands still for a moment, again and again, while the others go on.
 * Who takes part are victims (torture_threads.c), workers and workqueues; they are stopped, moved, woken, sent signals,
 * queued on, flushed and destroyed by others meanwhile, who then wait for the thaw. What must hold:
 *
 *	freezing succeeds where nobody refuses; then every freezable thread is frozen, and none runs until the thaw
 *	it fails where somebody refuses, who is named; thawed, nobody stays frozen
 */
#include "torture.h"

#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>
#include <linux/sprintf.h>

static DEFINE_MUTEX(freezing_lock);	/* who freezes: others would be refused */
static bool all_frozen;
static unsigned int timeout_before;

void torture_may_run(const char *who)
{
	if (READ_ONCE(all_frozen))
		test_blame("%s runs on %s (%d) while all are frozen", who, current->comm, current->pid);
}

/* Those that have turned freezable this moment are on their way. */
static bool freezables_are_frozen(void)
{
	struct task_struct *p = NULL;
	bool all = true;

	while ((p = next_task_get(p)) != NULL)
		if ((p->flags & (PF_KTHREAD | PF_NOFREEZE)) == PF_KTHREAD && !frozen(p) && !READ_ONCE(p->exit_state))
			all = false;
	return all;
}

static bool nobody_is_frozen(void)
{
	struct task_struct *p = NULL;
	bool none = true;

	while ((p = next_task_get(p)) != NULL)
		if (frozen(p))
			none = false;
	return none;
}

static void freeze_kernel(struct actor *a)
{
	int err = freeze_kernel_threads();

	if (err) {
		test_blame("freeze_kernel_threads(): %d, and nobody was to refuse", err);
		return;
	}
	WRITE_ONCE(all_frozen, true);
	for (int naps = draw(a, 4); naps; naps--)
		test_nap();
	if (!eventually(freezables_are_frozen()))
		test_blame("all are frozen, but one that is freezable is not");
	WRITE_ONCE(all_frozen, false);
}

static void op_freeze(struct actor *a)
{
	int err;

	if (!mutex_trylock(&freezing_lock))
		return;
	err = freeze_processes();
	if (err)
		test_blame("freeze_processes(): %d", err);
	for (int times = draw(a, 3); times; times--) {
		freeze_kernel(a);
		if (times > 1 || draw(a, 2))
			thaw_kernel_threads();
	}
	thaw_processes();
	if (!eventually(nobody_is_frozen()))
		test_blame("thawed, somebody is still frozen");
	mutex_unlock(&freezing_lock);
}

/* ---- one that refuses ---- */

static int refuse(void *data)
{
	set_freezable();
	wait_for_completion(data);
	return 0;
}

static bool is_named(struct task_struct *p)
{
	char text[64];

	snprintf(text, sizeof(text), "%s (%d) refuses", p->comm, p->pid);
	return test_log_has(text);
}

static void op_refuse(struct actor *a)
{
	DECLARE_COMPLETION_ONSTACK(go_on);
	struct task_struct *p;
	int err;

	if (!mutex_trylock(&freezing_lock))
		return;
	p = test_start(-1, refuse, &go_on, "refuser");
	if (!eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)))
		test_blame("the refuser does not sleep");
	freeze_timeout_msecs = 20 + draw(a, 60);
	err = freeze_processes();
	if (!err)
		err = freeze_kernel_threads();
	freeze_timeout_msecs = TORTURE_PATIENCE / 2 * MSEC_PER_SEC;
	if (err != -EBUSY || !is_named(p))
		test_blame("one refuses: freezing answers %d, and the log does %sname it", err,
			   is_named(p) ? "" : "not ");
	thaw_processes();
	complete(&go_on);
	test_join(p);
	mutex_unlock(&freezing_lock);
}

static void begin(void)
{
	timeout_before = freeze_timeout_msecs;
	freeze_timeout_msecs = TORTURE_PATIENCE / 2 * MSEC_PER_SEC;
}

static void end(void)
{
	freeze_timeout_msecs = timeout_before;
}

/* Not all the time: who waits for the thaw does nothing else. */
static void op_rest(struct actor *a)
{
	for (int naps = draw(a, 20); naps; naps--)
		test_nap();
}

static const struct torture_op ops[] = {
	{ "freeze", op_freeze, 4 }, { "refuse", op_refuse, 1 }, { "rest", op_rest, 4 },
};

TORTURE(freezer, ops, .begin = begin, .end = end, .actors = 1);
