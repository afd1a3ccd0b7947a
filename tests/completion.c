/* SPDX-License-Identifier: MIT */
/*
 * Completions: every wait form, the count, complete_all, time-outs, and completions on a stack that is
 * gone the moment the waiter returns.
 */
#include "test.h"

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/slab.h>
#include <linux/list.h>

static struct completion done;

static int some_left(long left)
{
	return left >= 1 && left <= 10 * HZ ? 0 : -EINVAL;
}

static int form_plain(void)		{ wait_for_completion(&done); return 0; }
static int form_io(void)		{ wait_for_completion_io(&done); return 0; }
static int form_interruptible(void)	{ return wait_for_completion_interruptible(&done); }
static int form_killable(void)		{ return wait_for_completion_killable(&done); }
static int form_state(void)		{ return wait_for_completion_state(&done, TASK_IDLE); }
static int form_timeout(void)		{ return some_left(wait_for_completion_timeout(&done, 10 * HZ)); }
static int form_io_timeout(void)	{ return some_left(wait_for_completion_io_timeout(&done, 10 * HZ)); }

static int form_interruptible_timeout(void)
{
	return some_left(wait_for_completion_interruptible_timeout(&done, 10 * HZ));
}

static int form_killable_timeout(void)
{
	return some_left(wait_for_completion_killable_timeout(&done, 10 * HZ));
}

#define FORM(name) { #name, form_##name }
static const struct form {
	const char *name;
	int (*fn)(void);
} forms[] = {
	FORM(plain), FORM(io), FORM(interruptible), FORM(killable), FORM(state), FORM(timeout), FORM(io_timeout),
	FORM(interruptible_timeout), FORM(killable_timeout),
};

static int form_thread(void *data)
{
	const struct form *f = data;

	return f->fn();
}

TEST(completion_every_form_returns_at_once_when_already_complete)
{
	int i;

	init_completion(&done);
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		int ret;

		complete(&done);
		ret = forms[i].fn();
		if (ret)
			return test_fail("%s: %d", forms[i].name, ret);
		EXPECT(!completion_done(&done));
	}
	return NULL;
}

TEST(completion_every_form_sleeps_until_completed)
{
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		struct task_struct *p;

		init_completion(&done);
		p = test_start(-1, form_thread, (void *)&forms[i], "test/form");
		if (!eventually(test_asleep(p, TEST_ANY_SLEEP)))
			test_blame("%s does not sleep", forms[i].name);
		complete(&done);
		if (!eventually(READ_ONCE(p->exit_state)))
			return test_fail("%s does not wake up", forms[i].name);
		ret = test_join(p);
		if (ret)
			return test_fail("%s: %d", forms[i].name, ret);
	}
	return NULL;
}

TEST(completion_counts_each_complete)
{
	DECLARE_COMPLETION_ONSTACK(x);
	int i;

	EXPECT(!completion_done(&x));
	EXPECT(!try_wait_for_completion(&x));
	for (i = 0; i < 3; i++)
		complete(&x);
	EXPECT(completion_done(&x));
	wait_for_completion(&x);
	EXPECT(try_wait_for_completion(&x));
	EXPECT_EQ(wait_for_completion_timeout(&x, 7), 7);
	EXPECT(!completion_done(&x));
	EXPECT(!try_wait_for_completion(&x));
	return NULL;
}

TEST(completion_complete_all_opens_for_good_until_reinit)
{
	DECLARE_COMPLETION_ONSTACK(x);
	int i;

	complete_all(&x);
	for (i = 0; i < 10; i++)
		wait_for_completion(&x);
	EXPECT(completion_done(&x));
	complete(&x);			/* must not wrap the count round */
	EXPECT(completion_done(&x));
	reinit_completion(&x);
	EXPECT(!completion_done(&x));
	EXPECT(!try_wait_for_completion(&x));
	return NULL;
}

TEST(completion_timeout_answers_0_and_never_early)
{
	DECLARE_COMPLETION_ONSTACK(x);
	unsigned long start = jiffies;

	EXPECT_EQ(wait_for_completion_timeout(&x, 5), 0);
	EXPECT(time_after_eq(jiffies, start + 5));
	EXPECT_EQ(wait_for_completion_interruptible_timeout(&x, 2), 0);
	EXPECT_EQ(wait_for_completion_killable_timeout(&x, 2), 0);
	EXPECT_EQ(wait_for_completion_io_timeout(&x, 2), 0);
	EXPECT_EQ(wait_for_completion_timeout(&x, 0), 0);
	complete(&x);
	EXPECT(try_wait_for_completion(&x));	/* the waiters that gave up took nothing with them */
	return NULL;
}

TEST(completion_static_initialisers_work)
{
	static DECLARE_COMPLETION(declared);
	struct completion on_stack = COMPLETION_INITIALIZER_ONSTACK(on_stack);

	complete(&declared);
	wait_for_completion(&declared);
	complete(&on_stack);
	wait_for_completion(&on_stack);
	EXPECT(!completion_done(&declared) && !completion_done(&on_stack));
	return NULL;
}

/* ---- waiters in order ---- */

#define WAITERS 5
static atomic_t finished;
static int finish_order[WAITERS];

static int wait_in_line(void *data)
{
	wait_for_completion(&done);
	finish_order[atomic_fetch_inc(&finished)] = (int)(long)data;
	return 0;
}

static const char *line_up(struct task_struct *p[])
{
	long i;

	init_completion(&done);
	atomic_set(&finished, 0);
	for (i = 0; i < WAITERS; i++) {
		p[i] = test_start(-1, wait_in_line, (void *)i, "test/waiter");
		EXPECT(eventually(test_asleep(p[i], TASK_UNINTERRUPTIBLE)));
	}
	return NULL;
}

TEST(completion_wakes_waiters_one_by_one_first_come_first_served)
{
	struct task_struct *p[WAITERS];
	int i;

	TRY(line_up(p));
	for (i = 0; i < WAITERS; i++) {
		complete(&done);
		EXPECT(eventually(atomic_read(&finished) == i + 1));
		EXPECT_EQ(finish_order[i], i);
	}
	for (i = 0; i < WAITERS; i++)
		test_join(p[i]);
	return NULL;
}

TEST(completion_complete_all_wakes_every_waiter)
{
	struct task_struct *p[WAITERS];
	int i;

	TRY(line_up(p));
	complete_all(&done);
	EXPECT(eventually(atomic_read(&finished) == WAITERS));
	for (i = 0; i < WAITERS; i++)
		test_join(p[i]);
	return NULL;
}

/* ---- signals ---- */

static int wait_with_signal(void *data)
{
	allow_signal(SIGTERM);
	return wait_for_completion_interruptible(&done);
}

static int wait_with_kill(void *data)
{
	allow_signal(SIGKILL);
	return wait_for_completion_killable(&done);
}

static const char *interrupted(int (*fn)(void *), int sig)
{
	struct task_struct *p;

	init_completion(&done);
	p = test_start(-1, fn, NULL, "test/signal");
	EXPECT(eventually(test_asleep(p, TEST_ANY_SLEEP)));
	send_sig(sig, p, 1);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), -ERESTARTSYS);
	EXPECT(!completion_done(&done));
	return NULL;
}

TEST(completion_interruptible_wait_ends_by_a_signal)
{
	return interrupted(wait_with_signal, SIGTERM);
}

TEST(completion_killable_wait_ends_by_a_kill)
{
	return interrupted(wait_with_kill, SIGKILL);
}

/* ---- across CPUs ---- */

/*
 * The waiter's completion is on its stack and is overwritten as soon as the wait returns. A complete()
 * that touches it after letting the waiter go would damage the pattern or die on a wild list.
 */
static struct completion *mailbox;
static bool no_more;

static int completer(void *data)
{
	while (!READ_ONCE(no_more)) {
		struct completion *x = xchg(&mailbox, NULL);

		if (x)
			complete(x);
		else
			cpu_relax();
	}
	return 0;
}

static noinline void wait_on_own_stack(void)
{
	struct completion x;

	init_completion(&x);
	smp_store_release(&mailbox, &x);	/* initialised before it is seen; xchg() takes it */
	wait_for_completion(&x);
	memset(&x, 0xa5, sizeof(x));
	BLAME_UNLESS(memchr_inv(&x, 0xa5, sizeof(x)) == NULL);
}

TEST(completion_on_stack_is_not_touched_after_the_waiter_left, .cpus = 2)
{
	struct task_struct *p;
	u64 start = ktime_get_ns();
	int i;

	no_more = false;
	set_cpus_allowed_ptr(current, cpumask_of(0));
	p = test_start(1, completer, NULL, "test/completer");
	for (i = 0; i < 20000 && !test_took_long(start); i++)
		wait_on_own_stack();
	WRITE_ONCE(no_more, true);
	test_join(p);
	return NULL;
}

static struct {
	struct completion side[2];
	bool over;
	u64 start;
} bouncing;

static const char *bounce(struct crew *c, int me)
{
	int i;

	for (i = 0; i < 50000 && !bouncing.over; i++) {
		if (!wait_for_completion_timeout(&bouncing.side[me], 20 * HZ))
			return test_fail("round %d: side %d was not woken", i, me);
		if (me == 0 && test_took_long(bouncing.start)) {
			test_note("stopped after %d rounds", i);
			bouncing.over = true;
		}
		complete(&bouncing.side[!me]);
	}
	return NULL;
}

TEST(completion_no_wakeup_is_lost_across_cpus)
{
	struct crew c = { .fn = bounce, .n = 2, .bound = true };

	init_completion(&bouncing.side[0]);
	init_completion(&bouncing.side[1]);
	bouncing.over = false;
	bouncing.start = ktime_get_ns();
	complete(&bouncing.side[0]);
	return crew_run(&c);
}

/* ---- a wake-up that preempts ---- */

static struct completion rounds;
static int rounds_begun;

static int count_rounds(void *unused)
{
	while (!kthread_should_stop()) {
		wait_for_completion(&rounds);
		WRITE_ONCE(rounds_begun, rounds_begun + 1);
	}
	return 0;
}

static bool begun_and_asleep(struct task_struct *p, int n)
{
	return READ_ONCE(rounds_begun) == n && test_asleep(p, TASK_UNINTERRUPTIBLE);
}

TEST(completion_whom_it_wakes_preempts_at_once_but_not_before_a_lock_or_interrupts_are_given_back)
{
	unsigned long switches, flags;
	DEFINE_SPINLOCK(lock);
	struct task_struct *p;
	int meanwhile;

	init_completion(&rounds);
	rounds_begun = 0;
	set_cpus_allowed_ptr(current, cpumask_of(0));
	p = test_start(0, count_rounds, NULL, "preempter");
	EXPECT(eventually(begun_and_asleep(p, 0)));
	/* It is far behind us now: in virtual time more than it can have been charged for its few instructions. */
	test_spin_ns(100 * NSEC_PER_MSEC);
	switches = current->nivcsw;
	complete(&rounds);
	if (!test_real_time)
		EXPECT_OP(current->nivcsw, >, switches);
	EXPECT_EQ(preempt_count(), 0);
	EXPECT(!irqs_disabled());
	EXPECT(eventually(begun_and_asleep(p, 1)));
	spin_lock(&lock);
	complete(&rounds);
	meanwhile = READ_ONCE(rounds_begun);
	spin_unlock(&lock);
	EXPECT_EQ(meanwhile, 1);
	EXPECT(eventually(begun_and_asleep(p, 2)));
	local_irq_save(flags);
	complete(&rounds);
	meanwhile = READ_ONCE(rounds_begun);
	EXPECT(irqs_disabled());
	local_irq_restore(flags);
	EXPECT_EQ(meanwhile, 2);
	EXPECT(eventually(begun_and_asleep(p, 3)));
	complete_all(&rounds);
	test_join(p);
	return NULL;
}

TEST(completion_never_initialised_is_told_and_initialised, .warns = "was never initialised")
{
	struct completion *x = kzalloc(sizeof(*x), GFP_KERNEL);

	EXPECT(x);
	complete(x);
	BLAME_UNLESS(try_wait_for_completion(x) && !try_wait_for_completion(x));
	memset(x, 0, sizeof(*x));
	complete_all(x);
	BLAME_UNLESS(completion_done(x) && wait_for_completion_timeout(x, 1));
	memset(x, 0, sizeof(*x));
	BLAME_UNLESS(wait_for_completion_timeout(x, 1) == 0);
	BLAME_UNLESS(list_empty(&x->wait.head));
	kfree(x);
	return NULL;
}
