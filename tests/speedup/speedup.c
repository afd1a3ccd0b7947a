// SPDX-License-Identifier: MIT
/*
 * What a second CPU is worth: operations a second of two threads (or pairs of them), by the clock of the host. On one
 * CPU they take turns; on two each has its own. tools/speedup (make speedup) loads it into machines with 1 and 2 CPUs
 * and divides.
 *
 *	spin		nothing in common: what the host gives, and so the most that can be had
 *	pairs		two threads of a pair wake each other; each pair has a CPU, nothing in common with the other
 *	mutex		both take one mutex, count, give it back
 *	worker		both queue a work on one kthread_worker and wait until it is done
 *	workqueue	both queue a work on their CPU's pool and wait until it is done
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#define SIDES 2

static unsigned int ms = 1000;
module_param(ms, uint, 0444);

static struct side {
	struct task_struct *p, *partner;
	struct completion ping, pong;
	struct kthread_work work;
	struct work_struct wq_work;
	bool over;		/* there will be no more throws */
	u64 count;		/* its thread's own; read by who measures */
	int cpu;
} sides[SIDES];

static struct kthread_worker *worker;
static DEFINE_MUTEX(mutex);
static u64 counted;		/* mutex */

static int sleep_until_stopped(void)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static void done_one(struct side *s)
{
	WRITE_ONCE(s->count, s->count + 1);
}

static int spin(void *data)
{
	while (!kthread_should_stop()) {
		for (int i = 0; i < 1000; i++)
			barrier();
		done_one(data);
	}
	return 0;
}

static int throw(void *data)
{
	struct side *s = data;

	while (!kthread_should_stop()) {
		complete(&s->ping);
		wait_for_completion(&s->pong);
		done_one(s);
	}
	return 0;
}

static int catch(void *data)
{
	struct side *s = data;

	for (;;) {
		wait_for_completion(&s->ping);
		if (READ_ONCE(s->over))
			return sleep_until_stopped();
		complete(&s->pong);
	}
}

static int count_locked(void *data)
{
	while (!kthread_should_stop()) {
		mutex_lock(&mutex);
		counted++;
		mutex_unlock(&mutex);
		done_one(data);
	}
	return 0;
}

static void nothing(struct kthread_work *work) { }
static void nothing_either(struct work_struct *work) { }

static int use_worker(void *data)
{
	struct side *s = data;

	while (!kthread_should_stop()) {
		kthread_queue_work(worker, &s->work);
		kthread_flush_work(&s->work);
		done_one(s);
	}
	return 0;
}

static int use_workqueue(void *data)
{
	struct side *s = data;

	while (!kthread_should_stop()) {
		queue_work_on(s->cpu, system_wq, &s->wq_work);
		flush_work(&s->wq_work);
		done_one(s);
	}
	return 0;
}

/* Each side has a CPU, as far as there are so many. */
static struct task_struct *make(int (*fn)(void *), struct side *s)
{
	struct task_struct *p = kthread_create(fn, s, "speedup/%d", s->cpu);

	if (!IS_ERR(p))
		kthread_bind(p, s->cpu);
	return p;
}

static int make_side(struct side *s, int (*fn)(void *), bool paired)
{
	s->cpu = (s - sides) % num_online_cpus();
	s->count = 0;
	s->over = false;
	init_completion(&s->ping);
	init_completion(&s->pong);
	kthread_init_work(&s->work, nothing);
	INIT_WORK(&s->wq_work, nothing_either);
	s->partner = paired ? make(catch, s) : NULL;
	if (IS_ERR(s->partner))
		return PTR_ERR(s->partner);
	s->p = make(fn, s);
	if (IS_ERR(s->p)) {
		if (paired)
			kthread_stop(s->partner);
		return PTR_ERR(s->p);
	}
	return 0;
}

static void start_side(struct side *s)
{
	if (s->partner)
		wake_up_process(s->partner);
	wake_up_process(s->p);
}

static void stop_side(struct side *s)
{
	kthread_stop(s->p);
	if (!s->partner)
		return;
	WRITE_ONCE(s->over, true);
	complete(&s->ping);
	kthread_stop(s->partner);
}

static u64 done_so_far(void)
{
	u64 sum = 0;

	for (int i = 0; i < SIDES; i++)
		sum += READ_ONCE(sides[i].count);
	return sum;
}

static int measure(const char *what, int (*fn)(void *), bool paired)
{
	u64 start, done;
	int n, err = 0;

	for (n = 0; n < SIDES && !err; n += !err)
		err = make_side(&sides[n], fn, paired);
	for (int i = 0; i < n; i++)
		start_side(&sides[i]);
	msleep(ms / 8);
	start = ktime_get_ns();
	done = done_so_far();
	msleep(ms);
	done = done_so_far() - done;
	if (!err)
		pr_info("speedup: %s = %llu\n", what, div64_u64(done * NSEC_PER_SEC, ktime_get_ns() - start));
	for (int i = 0; i < n; i++)
		stop_side(&sides[i]);
	return err;
}

static int __init speedup_init(void)
{
	int err;

	worker = kthread_create_worker(0, "speedup/worker");
	if (IS_ERR(worker))
		return PTR_ERR(worker);
	err = measure("spin", spin, false);
	err = err ?: measure("pairs", throw, true);
	err = err ?: measure("mutex", count_locked, false);
	err = err ?: measure("worker", use_worker, false);
	err = err ?: measure("workqueue", use_workqueue, false);
	kthread_destroy_worker(worker);
	return err;
}

static void __exit speedup_exit(void)
{
}

module_init(speedup_init);
module_exit(speedup_exit);
MODULE_DESCRIPTION("what a second CPU is worth");
MODULE_LICENSE("GPL");
