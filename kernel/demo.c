/* SPDX-License-Identifier: MIT */
/*
 * The demonstration: threads that work together until they are stopped. If you are new to kernel threads, read this
 * page first; it uses what nearly every driver uses, and nothing else.
 *
 *	demo/producer  --- numbers --->  [ buffer of 8 ]  --->  demo/consumer0, demo/consumer1	a wait queue
 *	demo/ping      <--- the ball, to and fro --->  demo/pong				completions
 *	demo/0, demo/1, ...									one bound to each CPU
 *
 * Life of each thread: kthread_run() has kthreadd make it and wakes it; its function loops until kthread_should_stop()
 * says that somebody called kthread_stop() on it; what the function returns, kthread_stop() returns. So whoever starts
 * a thread must stop it, exactly once: here demo_stop().
 *
 * A thread that is to be stopped may be asleep at that moment. kthread_stop() wakes it, but a sleeper that only asks
 * "is there something for me?" would go back to sleep. Every wait below therefore also asks kthread_should_stop(), or
 * has a time limit.
 *
 * Locking: buffer.lock for what is in the buffer. demo_lock for starting and stopping. The counters have no lock: each
 * is written by one thread, and whoever reads it takes what it finds.
 * Read next: kthread.c, sched/wait.c, sched/completion.c.
 */
#include "shell.h"
#include <linux/completion.h>
#include <linux/console.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>

#define BUFFER_SIZE	8
#define STEPS_TOLD	2	/* how many of its steps a thread logs */

/* One thread of the demonstration. */
struct worker {
	const char		*does;		/* what it counts, in words */
	unsigned long		steps;		/* written by the thread only */
	struct task_struct	*task;		/* demo_lock; NULL: not running */
};

static void count_step(struct worker *me)
{
	WRITE_ONCE(me->steps, me->steps + 1);	/* _ONCE: `demo status` reads it meanwhile */
}

/* Tell the first steps, count them all. */
#define step(me, fmt, ...) do {								\
	if ((me)->steps < STEPS_TOLD)							\
		pr_info("%s: " fmt "\n", current->comm, ##__VA_ARGS__);			\
	count_step(me);									\
} while (0)

/* Sleep so many milliseconds, less if the thread is stopped meanwhile. */
static void nap(unsigned int ms)
{
	schedule_timeout_interruptible(msecs_to_jiffies(ms));
}

/* ---- a producer, consumers, and a buffer between them ---- */

static struct buffer {
	spinlock_t		lock;
	unsigned int		numbers[BUFFER_SIZE];	/* lock */
	unsigned int		put, taken;		/* lock; how many, ever */
	wait_queue_head_t	not_full, not_empty;
} buffer = {
	.lock = __SPIN_LOCK_UNLOCKED(buffer.lock),
	.not_full = __WAIT_QUEUE_HEAD_INITIALIZER(buffer.not_full),
	.not_empty = __WAIT_QUEUE_HEAD_INITIALIZER(buffer.not_empty),
};

/* Put a number in, if there is room. */
static bool buffer_put(struct buffer *b, unsigned int number)
{
	bool room;

	spin_lock(&b->lock);
	room = b->put - b->taken < BUFFER_SIZE;
	if (room)
		b->numbers[b->put++ % BUFFER_SIZE] = number;
	spin_unlock(&b->lock);
	if (room)
		wake_up(&b->not_empty);
	return room;
}

/* Take the oldest number out, if there is one. */
static bool buffer_take(struct buffer *b, unsigned int *number)
{
	bool any;

	spin_lock(&b->lock);
	any = b->put != b->taken;
	if (any)
		*number = b->numbers[b->taken++ % BUFFER_SIZE];
	spin_unlock(&b->lock);
	if (any)
		wake_up(&b->not_full);
	return any;
}

/* Three numbers at a time, then a rest. */
static int produce(void *data)
{
	struct worker *me = data;
	unsigned int number = 1000001;

	while (!kthread_should_stop()) {
		bool done = false;

		wait_event_interruptible(buffer.not_full,
					 (done = buffer_put(&buffer, number)) || kthread_should_stop());
		if (!done)
			break;
		step(me, "has put %u into the buffer", number);
		number += 2;
		if (me->steps % 3 == 0)
			nap(300);
	}
	return me->steps;
}

static bool is_prime(unsigned int n)
{
	for (unsigned int d = 2; d * d <= n; d++)
		if (n % d == 0)
			return false;
	return n > 1;
}

static int consume(void *data)
{
	struct worker *me = data;
	unsigned int number = 0;

	for (;;) {
		bool got = false;

		wait_event_interruptible(buffer.not_empty,
					 (got = buffer_take(&buffer, &number)) || kthread_should_stop());
		if (!got)
			return me->steps;
		step(me, "has taken %u, which is %s", number, is_prime(number) ? "prime" : "not prime");
	}
}

/* ---- ping and pong ---- */

static DECLARE_COMPLETION(ball_for_ping);
static DECLARE_COMPLETION(ball_for_pong);

/* Wait for the ball; false: stopped. A completion knows nothing of kthread_stop(), hence the time limit. */
static bool catch_ball(struct completion *ball)
{
	while (!kthread_should_stop())
		if (wait_for_completion_interruptible_timeout(ball, HZ / 2) > 0)
			return true;
	return false;
}

static int ping(void *data)
{
	struct worker *me = data;

	do {
		nap(200);
		step(me, "throws the ball");
		complete(&ball_for_pong);
	} while (catch_ball(&ball_for_ping));
	return me->steps;
}

static int pong(void *data)
{
	struct worker *me = data;

	while (catch_ball(&ball_for_pong)) {
		step(me, "throws it back");
		complete(&ball_for_ping);
	}
	return me->steps;
}

/* ---- a thread bound to each CPU ---- */

static int stay_on_cpu(void *data)
{
	struct worker *me = data;
	unsigned int home = smp_processor_id();

	pr_info("%s: at work on CPU %u\n", current->comm, home);
	while (!kthread_should_stop()) {
		/* A bound thread may ask where it is and rely on the answer; others may be moved the next moment. */
		WARN_ONCE(smp_processor_id() != home, "%s is on CPU %d\n", current->comm, smp_processor_id());
		count_step(me);
		nap(500);
	}
	return me->steps;
}

/* ---- all of them ---- */

static DEFINE_MUTEX(demo_lock);

static struct worker producer	= { .does = "numbers produced" };
static struct worker consumers[] = { { .does = "numbers consumed" }, { .does = "numbers consumed" } };
static struct worker ping_player = { .does = "balls thrown" };
static struct worker pong_player = { .does = "balls thrown back" };
static struct worker bound[NR_CPUS];

/* In the order in which they are started; NULL behind the last. */
static struct worker *everybody[NR_CPUS + 6];

static void list_everybody(void)
{
	struct worker **w = everybody;
	unsigned int cpu;

	*w++ = &producer;
	*w++ = &consumers[0];
	*w++ = &consumers[1];
	*w++ = &ping_player;
	*w++ = &pong_player;
	for_each_online_cpu(cpu) {
		bound[cpu].does = "turns on its CPU";
		*w++ = &bound[cpu];
	}
	*w = NULL;
}

/* Take note of a thread that kthread_run() or kthread_create() has returned. Return: 0, or why there is none. */
static int hire(struct worker *w, struct task_struct *p)
{
	if (IS_ERR(p))
		return PTR_ERR(p);
	w->task = p;
	return 0;
}

/* From here on kthread_stop() is due for each that has a task, also when this fails half-way. */
static int start_everybody(void)
{
	unsigned int cpu;
	int err;

	err = hire(&producer, kthread_run(produce, &producer, "demo/producer"));
	for (int i = 0; !err && i < ARRAY_SIZE(consumers); i++)
		err = hire(&consumers[i], kthread_run(consume, &consumers[i], "demo/consumer%d", i));
	if (!err)
		err = hire(&ping_player, kthread_run(ping, &ping_player, "demo/ping"));
	if (!err)
		err = hire(&pong_player, kthread_run(pong, &pong_player, "demo/pong"));
	for_each_online_cpu(cpu)
		if (!err)
			err = hire(&bound[cpu], kthread_run_on_cpu(stay_on_cpu, &bound[cpu], cpu, "demo/%u"));
	return err;
}

static void stop_everybody(bool tell)
{
	for (struct worker **w = everybody; *w; w++) {
		char name[32];
		int steps;

		if (!(*w)->task)
			continue;
		get_kthread_comm(name, sizeof(name), (*w)->task);
		steps = kthread_stop((*w)->task);
		(*w)->task = NULL;
		if (tell)
			console_printf("  %-16s stopped after %d %s\n", name, steps, (*w)->does);
	}
}

static void prepare_everything(void)
{
	list_everybody();
	for (struct worker **w = everybody; *w; w++)
		(*w)->steps = 0;
	buffer.put = buffer.taken = 0;
	reinit_completion(&ball_for_ping);
	reinit_completion(&ball_for_pong);
}

static int demo_start(void)
{
	int err;

	if (producer.task) {
		console_printf("demo: already running; stop it with: demo stop\n");
		return -EBUSY;
	}
	prepare_everything();
	err = start_everybody();
	if (err) {
		stop_everybody(false);
		console_printf("demo: not started, a thread could not be made (%pe)\n", ERR_PTR(err));
	}
	return err;
}

static int demo_stop(void)
{
	if (!producer.task) {
		console_printf("demo: not running; start it with: demo start\n");
		return -ESRCH;
	}
	stop_everybody(true);
	return 0;
}

static int demo_status(void)
{
	if (!producer.task) {
		console_printf("demo: not running; start it with: demo start\n");
		return 0;
	}
	for (struct worker **w = everybody; *w; w++) {
		char name[32];

		get_kthread_comm(name, sizeof(name), (*w)->task);
		console_printf("  %-16s %lu %s, now on CPU %u\n", name, READ_ONCE((*w)->steps), (*w)->does,
			       task_cpu((*w)->task));
	}
	return 0;
}

static int demo_main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} actions[] = { { "start", demo_start }, { "stop", demo_stop }, { "status", demo_status } };
	int err;

	for (int i = 0; argc == 2 && i < ARRAY_SIZE(actions); i++) {
		if (strcmp(argv[1], actions[i].name))
			continue;
		mutex_lock(&demo_lock);
		err = actions[i].run();
		mutex_unlock(&demo_lock);
		return err;
	}
	console_printf("demo: what to do? demo start, demo status or demo stop\n");
	return -EINVAL;
}

SHELL_COMMAND(demo, demo_main, "start|stop|status", "threads that work until stopped",
	"  start makes a producer and two consumers (wait queue), a ping and a pong (completions), and a\n"
	"  thread bound to each CPU. status says how far each has come. stop ends them all by kthread_stop().\n"
	"  Example: demo start; sleep 1; demo status; demo stop", .group = "demonstrations");
