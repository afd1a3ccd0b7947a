// SPDX-License-Identifier: MIT
/* A mistake: what it starts, in memory of its own, nobody stops. Linux would jump to where the functions were. */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

static bool busy, fail, is_static;
static int again = 2;
module_param(busy, bool, 0444);		/* a work that runs on */
module_param(fail, bool, 0444);		/* init fails, behind a timer */
module_param(is_static, bool, 0444);	/* a timer among the variables */
module_param(again, int, 0444);		/* the RCU callback queues itself so often */

static struct things {
	struct timer_list		timer;
	struct hrtimer			hrtimer;
	struct work_struct		work;
	struct delayed_work		delayed;
	struct kthread_delayed_work	kdelayed;
	struct tasklet_struct		tasklet;
	struct rcu_head			rcu;
} *things;

static void timer_fn(struct timer_list *t)
{
	pr_info("forgets: CALLED\n");
}

static DEFINE_TIMER(variable, timer_fn);

static enum hrtimer_restart hrtimer_fn(struct hrtimer *t)
{
	pr_info("forgets: CALLED\n");
	return HRTIMER_NORESTART;
}

static void work_fn(struct work_struct *w)
{
	pr_info("forgets: CALLED\n");
}

static void delayed_fn(struct work_struct *w)
{
	pr_info("forgets: CALLED\n");
}

static void busy_fn(struct work_struct *w)
{
	ssleep(2);
	pr_info("forgets: the work ends\n");
}

static DECLARE_WORK(busy_work, busy_fn);

static void kdelayed_fn(struct kthread_work *w)
{
	pr_info("forgets: CALLED\n");
}

static void tasklet_fn(struct tasklet_struct *t)
{
	pr_info("forgets: CALLED\n");
}

static irqreturn_t irq_fn(int irq, void *dev)
{
	return IRQ_NONE;
}

static void rcu_fn(struct rcu_head *head)
{
	pr_info("forgets: RCU has called\n");
	if (again-- > 0)
		call_rcu(head, rcu_fn);
}

static int __init start_all(void)
{
	struct kthread_worker *worker = kthread_create_worker(0, "forgotten");

	if (IS_ERR(worker))
		return PTR_ERR(worker);
	timer_setup(&things->timer, timer_fn, 0);
	mod_timer(&things->timer, jiffies + 2 * HZ);
	hrtimer_init(&things->hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	things->hrtimer.function = hrtimer_fn;
	hrtimer_start(&things->hrtimer, ms_to_ktime(2000), HRTIMER_MODE_REL);
	INIT_DELAYED_WORK(&things->delayed, delayed_fn);
	schedule_delayed_work(&things->delayed, 2 * HZ);
	kthread_init_delayed_work(&things->kdelayed, kdelayed_fn);
	kthread_queue_delayed_work(worker, &things->kdelayed, 2 * HZ);
	return request_irq(5, irq_fn, 0, "forgets", things);
}

static int __init forgets_init(void)
{
	things = kzalloc(sizeof(*things), GFP_KERNEL);
	if (!things)
		return -ENOMEM;
	if (is_static || fail)
		mod_timer(&variable, jiffies + 2 * HZ);
	if (busy)
		schedule_work(&busy_work);
	if (fail)
		return -EIO;
	return is_static || busy ? 0 : start_all();
}

/* No other thread runs on this CPU before rmmod looks: the work is still queued then. The tasklet is disabled. */
static void __exit forgets_exit(void)
{
	if (is_static || busy)
		return;
	set_cpus_allowed_ptr(current, cpumask_of(0));
	sched_set_fifo(current);
	INIT_WORK(&things->work, work_fn);
	queue_work_on(0, system_wq, &things->work);
	tasklet_setup(&things->tasklet, tasklet_fn);
	tasklet_disable(&things->tasklet);
	tasklet_schedule(&things->tasklet);
	call_rcu(&things->rcu, rcu_fn);
}

module_init(forgets_init);
module_exit(forgets_exit);
MODULE_LICENSE("GPL");
