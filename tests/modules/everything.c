// SPDX-License-Identifier: MIT
/*
 * A little of everything that a module may use: it must build, find all its symbols, and say that it got through.
 *
 * judge: compared
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/freezer.h>
#include <linux/hrtimer.h>
#include <linux/idr.h>
#include <linux/interrupt.h>
#include <linux/kfifo.h>
#include <linux/kthread.h>
#include <linux/mempool.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/rtmutex.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>
#include <linux/semaphore.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rw);
static DEFINE_MUTEX(mutex);
static DEFINE_SEMAPHORE(semaphore);
static DECLARE_RWSEM(rwsem);
static DEFINE_SEQLOCK(seq);
static DEFINE_RT_MUTEX(rt_mutex);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(done);
static DEFINE_KFIFO(fifo, int, 8);
static DEFINE_IDR(idr);
static DEFINE_XARRAY(array);
static atomic_t steps = ATOMIC_INIT(0);
static bool ready;

static void step(struct work_struct *work)
{
	atomic_inc(&steps);
}
static DECLARE_WORK(work, step);
static DECLARE_DELAYED_WORK(delayed, step);

static void worker_step(struct kthread_work *work)
{
	atomic_inc(&steps);
}
static DEFINE_KTHREAD_WORK(kwork, worker_step);

static void timer_step(struct timer_list *t)
{
	atomic_inc(&steps);
}
static DEFINE_TIMER(timer, timer_step);

static enum hrtimer_restart hrtimer_step(struct hrtimer *t)
{
	complete(&done);
	return HRTIMER_NORESTART;
}

static void tasklet_step(struct tasklet_struct *t)
{
	atomic_inc(&steps);
}
static DECLARE_TASKLET(tasklet, tasklet_step);

static int waits(void *unused)
{
	set_freezable();
	wait_event_interruptible(queue, READ_ONCE(ready));
	while (!kthread_should_stop()) {
		try_to_freeze();
		schedule_timeout_interruptible(HZ / 10);
	}
	return 1;
}

static void use_locks(void)
{
	unsigned long flags;
	unsigned int seen;

	spin_lock(&spin);
	spin_unlock(&spin);
	spin_lock_irqsave(&spin, flags);
	spin_unlock_irqrestore(&spin, flags);
	spin_lock_bh(&spin);
	spin_unlock_bh(&spin);
	read_lock(&rw);
	read_unlock(&rw);
	write_lock_irq(&rw);
	write_unlock_irq(&rw);
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	down(&semaphore);
	up(&semaphore);
	down_read(&rwsem);
	up_read(&rwsem);
	down_write(&rwsem);
	up_write(&rwsem);
	rt_mutex_lock(&rt_mutex);
	rt_mutex_unlock(&rt_mutex);
	write_seqlock(&seq);
	write_sequnlock(&seq);
	do
		seen = read_seqbegin(&seq);
	while (read_seqretry(&seq, seen));
	rcu_read_lock();
	rcu_read_unlock();
	synchronize_rcu();
}

static int use_data(void)
{
	mempool_t *pool = mempool_create_kmalloc_pool(2, 64);
	void *p = kzalloc(100, GFP_KERNEL), *v = vmalloc(10000);
	int id = idr_alloc(&idr, &fifo, 1, 10, GFP_KERNEL), n = 0;

	if (!pool || !p || !v || id != 1)
		return -ENOMEM;
	kfifo_put(&fifo, 5);
	if (kfifo_get(&fifo, &n) != 1 || n != 5 || idr_find(&idr, 1) != &fifo)
		return -EINVAL;
	xa_store(&array, 7, p, GFP_KERNEL);
	if (xa_load(&array, 7) != p || xa_erase(&array, 7) != p)
		return -EINVAL;
	idr_remove(&idr, id);
	idr_destroy(&idr);
	xa_destroy(&array);
	mempool_free(mempool_alloc(pool, GFP_KERNEL), pool);
	mempool_destroy(pool);
	kfree(p);
	vfree(v);
	return get_random_u32() == get_random_u32() ? -EINVAL : 0;
}

static int use_threads(void)
{
	struct task_struct *thread = kthread_run(waits, NULL, "everything/%d", 1);
	struct kthread_worker *worker = kthread_create_worker(0, "everything");
	struct workqueue_struct *wq = alloc_workqueue("everything", WQ_UNBOUND, 0);
	struct hrtimer hrtimer;

	if (IS_ERR(thread) || IS_ERR(worker) || !wq)
		return -ENOMEM;
	queue_work(wq, &work);
	queue_delayed_work(wq, &delayed, 2);
	kthread_queue_work(worker, &kwork);
	tasklet_schedule(&tasklet);
	mod_timer(&timer, jiffies + 2);
	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer.function = hrtimer_step;
	hrtimer_start(&hrtimer, ms_to_ktime(5), HRTIMER_MODE_REL);
	wait_for_completion(&done);
	msleep(50);
	WRITE_ONCE(ready, true);
	wake_up(&queue);
	flush_workqueue(wq);
	flush_delayed_work(&delayed);
	kthread_flush_worker(worker);
	tasklet_kill(&tasklet);
	del_timer_sync(&timer);
	destroy_workqueue(wq);
	kthread_destroy_worker(worker);
	return kthread_stop(thread) == 1 ? 0 : -EINVAL;
}

static int __init everything_init(void)
{
	int err;

	use_locks();
	err = use_data() ?: use_threads();
	pr_info("everything: %d steps, error %d\n", atomic_read(&steps), err);
	return err;
}

static void __exit everything_exit(void)
{
}

module_init(everything_init);
module_exit(everything_exit);
MODULE_LICENSE("GPL");
