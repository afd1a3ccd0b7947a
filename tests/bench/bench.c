// SPDX-License-Identifier: MIT
/*
 * What the kernel's primitives cost, in instructions: one source for Bobbin and for Linux 6.1.
 *
 * Under QEMU's -icount shift=0 the time-stamp counter advances by one with each instruction of the machine, so the
 * difference of two readings is a count, the same each time. It holds all that the machine did between them: the loop,
 * ticks, and on the way to another thread that thread too. Everything runs on CPU 0, the only one.
 *
 * Each operation is a function that does it n times and returns what that took. It runs once before it counts, so
 * that caches of objects and stacks are filled; but a thread's memory counts when nothing is in any cache. `make bench`
 * (tools/bench) reads the lines and makes the table.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/timex.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#if __has_include(<linux/swap.h>)
#include <linux/swap.h>		/* nr_free_pages(), in Linux */
#endif

#define MOST_THREADS 4000
#define UNTIL_EVEN 100000	/* round trips */

/* COUNT(n, what): what, n times; its value is what that took. */
#define COUNT(n, ...)					\
	({						\
		u64 _start = get_cycles();		\
		for (unsigned int _i = 0; _i < (n); _i++) {	\
			__VA_ARGS__;			\
		}					\
		get_cycles() - _start;			\
	})

static struct task_struct *threads[MOST_THREADS];

/* Sleepers that have still to come to sleep; the last one says so. */
static atomic_t awaited;
static DECLARE_COMPLETION(all_asleep);

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

static int sleeper(void *unused)
{
	if (atomic_dec_and_test(&awaited))
		complete(&all_asleep);
	return sleep_until_stopped();
}

/* ---- threads ---- */

static DECLARE_COMPLETION(ping);
static DECLARE_COMPLETION(pong);

static int answer(void *n)
{
	for (unsigned long i = 0; i < (unsigned long)n; i++) {
		wait_for_completion(&ping);
		complete(&pong);
	}
	return sleep_until_stopped();
}

static u64 round_trips_after(unsigned int others, unsigned int n)
{
	struct task_struct *p = kthread_run(answer, (void *)((unsigned long)others + n), "bench/pong");
	u64 took;

	COUNT(others, complete(&ping), wait_for_completion(&pong));
	took = COUNT(n, complete(&ping), wait_for_completion(&pong));
	kthread_stop(p);
	return took;
}

static u64 round_trip(unsigned int n) { return round_trips_after(0, n); }

/*
 * Where both have used as much of the CPU, neither preempts whom it is woken by: each sleeps and is woken in every
 * round. Who came later is behind at first, and less so with each round.
 */
static u64 even_round_trip(unsigned int n) { return round_trips_after(UNTIL_EVEN, n); }

static u64 whole_life(unsigned int n)
{
	struct task_struct *p;

	return COUNT(n, atomic_set(&awaited, 1), p = kthread_run(sleeper, NULL, "bench"),
		     wait_for_completion(&all_asleep), kthread_stop(p));
}

static u64 create(unsigned int n)
{
	u64 start = get_cycles();

	atomic_set(&awaited, n);
	COUNT(n, threads[_i] = kthread_run(sleeper, NULL, "bench"));
	wait_for_completion(&all_asleep);
	return get_cycles() - start;
}

static u64 stop(unsigned int n)
{
	return COUNT(n, kthread_stop(threads[_i]));
}

static u64 create_only(unsigned int n)
{
	u64 took = create(n);

	stop(n);
	return took;
}

static u64 stop_only(unsigned int n)
{
	create(n);
	return stop(n);
}

static u64 memory(unsigned int n)
{
	unsigned long before = nr_free_pages(), after;

	create(n);
	after = nr_free_pages();
	stop(n);
	return (before - after) * PAGE_SIZE;
}

/* ---- the scheduler ---- */

static DECLARE_COMPLETION(go);
static bool enough;
static unsigned long yields;

static int yielder(void *unused)
{
	wait_for_completion(&go);
	while (!READ_ONCE(enough)) {
		yields++;
		yield();
	}
	return sleep_until_stopped();
}

static void yield_until(unsigned long n)
{
	while (yields < n) {
		yields++;
		yield();
	}
}

/* n yields, of `runnable` threads in turn, of which we are one; but first some, until the turns are regular. */
static u64 yield_among(unsigned int n, unsigned int runnable)
{
	u64 took;

	enough = false;
	reinit_completion(&go);
	for (unsigned int i = 1; i < runnable; i++)
		threads[i] = kthread_run(yielder, NULL, "bench/yield");
	complete_all(&go);
	yields = 0;
	yield_until(4 * runnable);
	yields = 0;
	took = COUNT(1, yield_until(n));
	took = took * n / yields;
	WRITE_ONCE(enough, true);
	for (unsigned int i = 1; i < runnable; i++)
		kthread_stop(threads[i]);
	return took;
}

static u64 yield_2(unsigned int n) { return yield_among(n, 2); }
static u64 yield_16(unsigned int n) { return yield_among(n, 16); }
static u64 yield_256(unsigned int n) { return yield_among(n, 256); }
static u64 yield_2048(unsigned int n) { return yield_among(n, 2048); }
static u64 schedule_alone(unsigned int n) { return COUNT(n, schedule()); }
static u64 wake_current(unsigned int n) { return COUNT(n, wake_up_process(current)); }

/* ---- works ---- */

static void nothing(struct kthread_work *work) { }
static void nothing_either(struct work_struct *work) { }

static struct kthread_work works[1000];
static DECLARE_WORK(wq_work, nothing_either);

/*
 * Who has computed for so long is preempted by a worker that wakes, as in life, where works come now and then. If
 * both had used about the same, neither might preempt the other, or both: it would depend on what was done before, and
 * a round that costs 1,500 could cost 2,100.
 */
static void use_the_cpu(void)
{
	mdelay(20);
}

static u64 worker_one(unsigned int n)
{
	struct kthread_worker *worker = kthread_create_worker(0, "bench/worker");
	u64 took;

	kthread_init_work(&works[0], nothing);
	use_the_cpu();
	took = COUNT(n, kthread_queue_work(worker, &works[0]), kthread_flush_work(&works[0]));
	kthread_destroy_worker(worker);
	return took;
}

/* n is a multiple of 1,000. */
static u64 worker_batch(unsigned int n)
{
	struct kthread_worker *worker = kthread_create_worker(0, "bench/worker");
	u64 took = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(works); i++)
		kthread_init_work(&works[i], nothing);
	for (; n; n -= ARRAY_SIZE(works)) {
		took += COUNT(ARRAY_SIZE(works), kthread_queue_work(worker, &works[_i]));
		took += COUNT(1, kthread_flush_worker(worker));
	}
	kthread_destroy_worker(worker);
	return took;
}

static u64 queue_and_flush(unsigned int n)
{
	use_the_cpu();
	return COUNT(n, queue_work_on(0, system_wq, &wq_work), flush_work(&wq_work));
}

/* ---- what nobody has to wait for ---- */

static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(lock);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static struct completion x;
static char text[64];

static u64 free_mutex(unsigned int n) { return COUNT(n, mutex_lock(&mutex), mutex_unlock(&mutex)); }
static u64 free_spinlock(unsigned int n) { return COUNT(n, spin_lock(&lock); spin_unlock(&lock)); }

static u64 free_spinlock_irq(unsigned int n)
{
	unsigned long flags;

	return COUNT(n, spin_lock_irqsave(&lock, flags); spin_unlock_irqrestore(&lock, flags));
}

static u64 no_sleep(unsigned int n)
{
	return COUNT(n, init_completion(&x), complete(&x), wait_for_completion(&x));
}

static u64 wake_nobody(unsigned int n) { return COUNT(n, wake_up(&queue)); }

static void never(struct timer_list *t) { }

static u64 pending_timer(unsigned int n)
{
	static DEFINE_TIMER(timer, never);
	unsigned long then = jiffies + 1000 * HZ;
	u64 took;

	mod_timer(&timer, then);
	took = COUNT(n, mod_timer(&timer, ++then));
	del_timer_sync(&timer);
	return took;
}

static u64 alloc_and_free(unsigned int n) { return COUNT(n, kfree(kmalloc(64, GFP_KERNEL))); }

static u64 print(unsigned int n)
{
	return COUNT(n, snprintf(text, sizeof(text), "%d %s %p", 4711, "thread", &queue));
}

/* ---- all of them ---- */

static const struct op {
	const char *name;	/* as tests/bench/linux-6.1 has it */
	u64 (*fn)(unsigned int n);
	unsigned int n;
	bool cold;		/* the first time counts; yield has a start of its own */
} ops[] = {
	{ "bytes of a sleeping thread", memory, 4000, true },
	{ "completion round trip", round_trip, 10000 },
	{ "round trip, neither behind", even_round_trip, 10000 },
	{ "kthread_run + kthread_stop", whole_life, 1000 },
	{ "create one of 1,000", create_only, 1000 },
	{ "create one of 4,000", create_only, 4000 },
	{ "stop one of 1,000", stop_only, 1000 },
	{ "stop one of 4,000", stop_only, 4000 },
	{ "kthread_queue_work + flush", worker_one, 2000 },
	{ "kthread_worker, 1,000 works", worker_batch, 10000 },
	{ "queue_work_on + flush_work", queue_and_flush, 2000 },
	{ "yield, 2 threads", yield_2, 10000, true },
	{ "yield, 16 threads", yield_16, 10000, true },
	{ "yield, 256 threads", yield_256, 10000, true },
	{ "yield, 2,048 threads", yield_2048, 20480, true },
	{ "schedule, alone", schedule_alone, 10000 },
	{ "wake_up_process(current)", wake_current, 10000 },
	{ "mutex_lock + mutex_unlock", free_mutex, 10000 },
	{ "spin_lock + spin_unlock", free_spinlock, 10000 },
	{ "spin_lock_irqsave + restore", free_spinlock_irq, 10000 },
	{ "completion, no sleep", no_sleep, 10000 },
	{ "wake_up of nobody", wake_nobody, 10000 },
	{ "mod_timer, pending", pending_timer, 10000 },
	{ "kmalloc(64) + kfree", alloc_and_free, 10000 },
	{ "snprintf(\"%d %s %p\")", print, 1000 },
};

static DECLARE_COMPLETION(all_done);

static int bench(void *unused)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(ops); i++) {
		u64 took;

		if (!ops[i].cold)
			ops[i].fn(ops[i].n);
		rcu_barrier();		/* what the ones before have left to be done later */
		took = ops[i].fn(ops[i].n);
		pr_info("bench: %s = %llu\n", ops[i].name, (took + ops[i].n / 2) / ops[i].n);
	}
	complete(&all_done);
	return sleep_until_stopped();
}

static int __init bench_init(void)
{
	struct task_struct *p = kthread_create(bench, NULL, "bench");

	if (IS_ERR(p))
		return PTR_ERR(p);
	kthread_bind(p, 0);
	wake_up_process(p);
	wait_for_completion(&all_done);
	return kthread_stop(p);
}

static void __exit bench_exit(void)
{
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("instructions per operation");
MODULE_LICENSE("GPL");
