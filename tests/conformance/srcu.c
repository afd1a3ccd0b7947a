/* SPDX-License-Identifier: MIT */
/* SRCU: readers may sleep, grace periods wait for them, callbacks come in order, domains do not know each other. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/srcu.h>

DEFINE_STATIC_SRCU(domain);
static struct srcu_struct other;
static DECLARE_COMPLETION(reading);
static DECLARE_COMPLETION(enough);
static bool was_there;

static int reads(void *unused)
{
	int idx = srcu_read_lock(&domain);

	complete(&reading);
	wait_for_completion(&enough);
	WRITE_ONCE(was_there, true);
	srcu_read_unlock(&domain, idx);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static int lets_go(void *unused)
{
	msleep(30);
	complete(&enough);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void called(struct rcu_head *head) { say("called"); }
static void called_later(struct rcu_head *head) { say("called later"); }

static void run(void)
{
	struct task_struct *reader, *releaser;
	struct rcu_head one, two;
	int idx;

	ask(init_srcu_struct(&other));
	reader = kthread_run(reads, NULL, "srcu_reads");
	wait_for_completion(&reading);
	synchronize_srcu(&other);
	ask(READ_ONCE(was_there));
	releaser = kthread_run(lets_go, NULL, "srcu_lets_go");
	synchronize_srcu(&domain);
	ask(READ_ONCE(was_there));
	ask(kthread_stop(reader));
	ask(kthread_stop(releaser));
	call_srcu(&domain, &one, called);
	call_srcu(&domain, &two, called_later);
	srcu_barrier(&domain);
	idx = srcu_read_lock(&domain);
	ask(idx == 0 || idx == 1);
	srcu_read_unlock(&domain, idx);
	synchronize_srcu_expedited(&domain);
	cleanup_srcu_struct(&other);
}
promise(run);
