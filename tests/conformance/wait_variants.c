/* SPDX-License-Identifier: MIT */
/* wait_event_*(): the lock that is let go while one sleeps, the command in between, exclusive waiters one at a time. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DEFINE_SPINLOCK(lock);
static int tokens, taken;

static int sets(void *unused)
{
	msleep(20);
	spin_lock_irq(&lock);
	tokens = 1;
	spin_unlock_irq(&lock);
	wake_up(&queue);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static bool take(void)
{
	bool got;

	spin_lock(&lock);
	got = tokens > 0;
	tokens -= got;
	taken += got;
	spin_unlock(&lock);
	return got;
}

static int waits(void *unused)
{
	int err = wait_event_interruptible_exclusive(queue, take());

	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return err;
}

static void give(int n)
{
	spin_lock(&lock);
	tokens += n;
	spin_unlock(&lock);
	while (n--)
		wake_up_interruptible(&queue);
}

static void run(void)
{
	struct task_struct *t = kthread_run(sets, NULL, "wait_sets"), *w[4];
	int before = 0, after = 0, sum = 0;

	spin_lock_irq(&lock);
	wait_event_lock_irq(queue, tokens, lock);
	ask(tokens);
	ask(irqs_disabled());
	tokens = 0;
	spin_unlock_irq(&lock);
	ask(kthread_stop(t));
	t = kthread_run(sets, NULL, "wait_sets");
	wait_event_cmd(queue, READ_ONCE(tokens), before++, after++);
	ask(before > 0 && before == after);
	ask(kthread_stop(t));
	tokens = 0;
	for (int i = 0; i < 4; i++) {
		w[i] = kthread_run(waits, NULL, "waits/%d", i);
		while (READ_ONCE(w[i]->__state) == TASK_RUNNING || READ_ONCE(w[i]->on_cpu))
			msleep(1);
	}
	give(1);
	while (READ_ONCE(taken) < 1)
		msleep(1);
	msleep(20);
	ask(taken);
	ask(waitqueue_active(&queue));
	give(3);
	while (READ_ONCE(taken) < 4)
		msleep(1);
	for (int i = 0; i < 4; i++)
		sum += kthread_stop(w[i]);
	ask(sum);
	ask(waitqueue_active(&queue));
}
promise(run);
