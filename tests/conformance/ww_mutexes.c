/* SPDX-License-Identifier: MIT */
/* ww_mutex: who has it already is told so, and two who want the same two, crosswise, both come through. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/ww_mutex.h>

static DEFINE_WW_CLASS(judge_class);
static struct ww_mutex a, b;
static struct completion has_first[2];

static int takes_both(struct ww_mutex *first, struct ww_mutex *second, int me)
{
	struct ww_acquire_ctx ctx;
	int err, backed_off = 0;

	ww_acquire_init(&ctx, &judge_class);
	err = ww_mutex_lock(first, &ctx);
	complete(&has_first[me]);
	wait_for_completion(&has_first[!me]);
	while (!err && (err = ww_mutex_lock(second, &ctx)) == -EDEADLK) {
		ww_mutex_unlock(first);
		ww_mutex_lock_slow(second, &ctx);
		swap(first, second);
		backed_off++;
		err = 0;
	}
	ww_acquire_done(&ctx);
	ww_mutex_unlock(first);
	ww_mutex_unlock(second);
	ww_acquire_fini(&ctx);
	return err ?: backed_off;
}

static int other(void *unused)
{
	int n = takes_both(&b, &a, 1);

	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return n;
}

static void run(void)
{
	struct ww_acquire_ctx ctx;
	struct task_struct *t;
	int n;

	ww_mutex_init(&a, &judge_class);
	ww_mutex_init(&b, &judge_class);
	init_completion(&has_first[0]);
	init_completion(&has_first[1]);
	ask(ww_mutex_lock(&a, NULL));
	ask(ww_mutex_is_locked(&a));
	ask(ww_mutex_trylock(&a, NULL));
	ww_mutex_unlock(&a);
	ww_acquire_init(&ctx, &judge_class);
	ask(ww_mutex_lock(&a, &ctx));
	ask(ww_mutex_lock(&a, &ctx));
	ask(ww_mutex_lock_interruptible(&b, &ctx));
	ww_mutex_unlock(&a);
	ww_mutex_unlock(&b);
	ww_acquire_fini(&ctx);
	t = kthread_run(other, NULL, "ww_mutexes");
	n = takes_both(&a, &b, 0);
	ask(n + kthread_stop(t));
	ww_mutex_destroy(&a);
	ww_mutex_destroy(&b);
}
promise(run);
