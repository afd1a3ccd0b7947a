/* SPDX-License-Identifier: MIT */
/*
 * Wait queues: every wait_event form, who is woken and who is not, and that no wake-up is ever lost.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/wait.h>
#include <linux/slab.h>

/* ---- the forms: each is run once with the condition true, once with a waker ---- */

static DECLARE_WAIT_QUEUE_HEAD(form_wq);
static DEFINE_SPINLOCK(form_lock);
static bool form_cond;
static int form_cmd1, form_cmd2;

static int form_plain(void)		{ wait_event(form_wq, form_cond); return 0; }
static int form_interruptible(void)	{ return wait_event_interruptible(form_wq, form_cond); }
static int form_killable(void)		{ return wait_event_killable(form_wq, form_cond); }
static int form_idle(void)		{ wait_event_idle(form_wq, form_cond); return 0; }
static int form_io(void)		{ io_wait_event(form_wq, form_cond); return 0; }
static int form_exclusive(void)		{ return wait_event_interruptible_exclusive(form_wq, form_cond); }
static int form_killable_exclusive(void) { return wait_event_killable_exclusive(form_wq, form_cond); }
static int form_idle_exclusive(void)	{ wait_event_idle_exclusive(form_wq, form_cond); return 0; }

/* The time-out forms answer what is left, at least 1: anything else is turned into an error here. */
static int some_left(long left)
{
	return left >= 1 && left <= 1000 * HZ ? 0 : -EINVAL;
}

static int form_timeout(void)
{
	return some_left(wait_event_timeout(form_wq, form_cond, 1000 * HZ));
}

static int form_interruptible_timeout(void)
{
	return some_left(wait_event_interruptible_timeout(form_wq, form_cond, 1000 * HZ));
}

static int form_killable_timeout(void)
{
	return some_left(wait_event_killable_timeout(form_wq, form_cond, 1000 * HZ));
}

static int form_idle_timeout(void)
{
	return some_left(wait_event_idle_timeout(form_wq, form_cond, 1000 * HZ));
}

static int form_idle_exclusive_timeout(void)
{
	return some_left(wait_event_idle_exclusive_timeout(form_wq, form_cond, 1000 * HZ));
}

static int form_hrtimeout(void)
{
	return wait_event_hrtimeout(form_wq, form_cond, ms_to_ktime(10000));
}

static int form_interruptible_hrtimeout(void)
{
	return wait_event_interruptible_hrtimeout(form_wq, form_cond, ms_to_ktime(10000));
}

static int form_cmd(void)
{
	form_cmd1 = form_cmd2 = 0;
	wait_event_cmd(form_wq, form_cond, form_cmd1++, form_cmd2++);
	return form_cmd1 == form_cmd2 ? 0 : -EINVAL;
}

static int form_exclusive_cmd(void)
{
	form_cmd1 = form_cmd2 = 0;
	wait_event_exclusive_cmd(form_wq, form_cond, form_cmd1++, form_cmd2++);
	return form_cmd1 == form_cmd2 ? 0 : -EINVAL;
}

static int form_lock_irq(void)
{
	spin_lock_irq(&form_lock);
	wait_event_lock_irq(form_wq, form_cond, form_lock);
	BLAME_UNLESS(irqs_disabled());
	spin_unlock_irq(&form_lock);
	return 0;
}

static int form_lock_irq_cmd(void)
{
	form_cmd1 = 0;
	spin_lock_irq(&form_lock);
	wait_event_lock_irq_cmd(form_wq, form_cond, form_lock, form_cmd1++);
	spin_unlock_irq(&form_lock);
	return 0;
}

static int form_interruptible_lock_irq(void)
{
	int ret;

	spin_lock_irq(&form_lock);
	ret = wait_event_interruptible_lock_irq(form_wq, form_cond, form_lock);
	spin_unlock_irq(&form_lock);
	return ret;
}

static int form_interruptible_lock_irq_timeout(void)
{
	long left;

	spin_lock_irq(&form_lock);
	left = wait_event_interruptible_lock_irq_timeout(form_wq, form_cond, form_lock, 1000 * HZ);
	spin_unlock_irq(&form_lock);
	return some_left(left);
}

static int form_lock_irq_timeout(void)
{
	long left;

	spin_lock_irq(&form_lock);
	left = wait_event_lock_irq_timeout(form_wq, form_cond, form_lock, 1000 * HZ);
	spin_unlock_irq(&form_lock);
	return some_left(left);
}

static int form_interruptible_locked(void)
{
	int ret;

	spin_lock(&form_wq.lock);
	ret = wait_event_interruptible_locked(form_wq, form_cond);
	spin_unlock(&form_wq.lock);
	return ret;
}

static int form_interruptible_locked_irq(void)
{
	int ret;

	spin_lock_irq(&form_wq.lock);
	ret = wait_event_interruptible_locked_irq(form_wq, form_cond);
	spin_unlock_irq(&form_wq.lock);
	return ret;
}

static int form_woken(void)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	long left = 1000 * HZ;

	add_wait_queue(&form_wq, &wait);
	while (!READ_ONCE(form_cond) && left)
		left = wait_woken(&wait, TASK_INTERRUPTIBLE, left);
	remove_wait_queue(&form_wq, &wait);
	return left ? 0 : -ETIME;
}

static int form_by_hand(void)
{
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait(&form_wq, &wait, TASK_UNINTERRUPTIBLE);
		if (READ_ONCE(form_cond))
			break;
		schedule();
	}
	finish_wait(&form_wq, &wait);
	return task_is_running(current) ? 0 : -EINVAL;
}

static int form_old_school(void)
{
	DECLARE_WAITQUEUE(wait, current);

	add_wait_queue(&form_wq, &wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (READ_ONCE(form_cond))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&form_wq, &wait);
	return 0;
}

#define FORM(name) { #name, form_##name }
static const struct form {
	const char *name;
	int (*fn)(void);
} forms[] = {
	FORM(plain), FORM(interruptible), FORM(killable), FORM(idle), FORM(io), FORM(exclusive),
	FORM(killable_exclusive), FORM(idle_exclusive), FORM(timeout), FORM(interruptible_timeout),
	FORM(killable_timeout), FORM(idle_timeout), FORM(idle_exclusive_timeout), FORM(hrtimeout),
	FORM(interruptible_hrtimeout), FORM(cmd), FORM(exclusive_cmd), FORM(lock_irq), FORM(lock_irq_cmd),
	FORM(interruptible_lock_irq), FORM(interruptible_lock_irq_timeout), FORM(lock_irq_timeout),
	FORM(interruptible_locked), FORM(interruptible_locked_irq), FORM(woken), FORM(by_hand), FORM(old_school),
};

static int form_thread(void *data)
{
	const struct form *f = data;

	return f->fn();
}

TEST(wait_every_form_returns_at_once_when_the_condition_is_true)
{
	int i;

	form_cond = true;
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		int ret = forms[i].fn();

		if (ret)
			return test_fail("%s: %d", forms[i].name, ret);
		EXPECT(!waitqueue_active(&form_wq));
		EXPECT(!irqs_disabled() && preempt_count() == 0);
	}
	return NULL;
}

TEST(wait_every_form_sleeps_until_the_condition_is_true)
{
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		struct task_struct *p;

		form_cond = false;
		p = test_start(-1, form_thread, (void *)&forms[i], "test/form");
		if (!eventually(waitqueue_active(&form_wq) && test_asleep(p, TEST_ANY_SLEEP)))
			test_blame("%s does not sleep", forms[i].name);
		wake_up(&form_wq);	/* in vain: the condition is still false */
		if (!eventually(test_asleep(p, TEST_ANY_SLEEP)))
			test_blame("%s does not sleep again", forms[i].name);
		spin_lock_irq(&form_lock);
		form_cond = true;
		spin_unlock_irq(&form_lock);
		wake_up(&form_wq);
		if (!eventually(READ_ONCE(p->exit_state)))
			return test_fail("%s does not wake up", forms[i].name);
		ret = test_join(p);
		if (ret)
			return test_fail("%s: %d", forms[i].name, ret);
		EXPECT(!waitqueue_active(&form_wq));
	}
	return NULL;
}

/* ---- time-outs ---- */

TEST(wait_event_timeout_answers_0_when_time_is_up_and_never_early)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);
	unsigned long start = jiffies;

	EXPECT_EQ(wait_event_timeout(wq, false, 5), 0);
	EXPECT(time_after_eq(jiffies, start + 5));
	EXPECT_EQ(wait_event_interruptible_timeout(wq, false, 2), 0);
	EXPECT_EQ(wait_event_killable_timeout(wq, false, 2), 0);
	EXPECT_EQ(wait_event_idle_timeout(wq, false, 2), 0);
	EXPECT_EQ(wait_event_timeout(wq, true, 0), 1);
	EXPECT_EQ(wait_event_timeout(wq, false, 0), 0);
	EXPECT_EQ(wait_event_hrtimeout(wq, false, ms_to_ktime(2)), -ETIME);
	EXPECT(!waitqueue_active(&wq));
	return NULL;
}

/* Conditions may take something: each look counts, and none comes after the one that succeeded. */
static bool take_at_third_look(int *looks)
{
	return ++*looks == 3;
}

TEST(wait_hrtimeout_looks_once_more_after_the_time_and_never_after_success)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);
	int looks = 0;

	/* Before waiting, once queued, and when the time has passed. */
	EXPECT_EQ(wait_event_hrtimeout(wq, take_at_third_look(&looks), ms_to_ktime(2)), 0);
	EXPECT_EQ(looks, 3);
	return NULL;
}

TEST(wait_event_timeout_answers_the_time_that_is_left)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);

	EXPECT_EQ(wait_event_timeout(wq, true, 100), 100);
	return NULL;
}

/* ---- who is woken ---- */

#define SLEEPERS 6

static struct sleeper {
	struct wait_queue_head *wq;
	struct task_struct *p;
	bool exclusive;
	unsigned int state;
	atomic_t woken;
} sleepers[SLEEPERS];

/* Sleeps once, bare: each wake-up that arrives is counted, and nobody goes back to sleep. */
static int sleep_once(void *data)
{
	struct sleeper *s = data;
	DEFINE_WAIT(wait);

	if (s->exclusive)
		prepare_to_wait_exclusive(s->wq, &wait, s->state);
	else
		prepare_to_wait(s->wq, &wait, s->state);
	schedule();
	finish_wait(s->wq, &wait);
	atomic_inc(&s->woken);
	return 0;
}

/* Puts n sleepers on wq, one after the other, so that their order on the queue is known. */
static bool put_to_sleep(struct wait_queue_head *wq, int n, bool exclusive, unsigned int state)
{
	int i;

	for (i = 0; i < n; i++) {
		struct sleeper *s = &sleepers[i];

		*s = (struct sleeper){ .wq = wq, .exclusive = exclusive, .state = state };
		s->p = test_start(-1, sleep_once, s, "test/sleeper");
		if (!eventually(test_asleep(s->p, state)))
			return false;
	}
	return true;
}

static int count_woken(int n)
{
	int i, woken = 0;

	for (i = 0; i < n; i++)
		woken += atomic_read(&sleepers[i].woken);
	return woken;
}

/* Waits for `expected` to be awake, and a few ticks more in which one too many would show. */
static bool exactly_woken(int n, int expected)
{
	int i;

	if (!eventually(count_woken(n) >= expected))
		return false;
	for (i = 0; i < 3; i++)
		test_nap();
	return count_woken(n) == expected;
}

static void join_sleepers(struct wait_queue_head *wq, int n)
{
	int i;

	wake_up_all(wq);
	for (i = 0; i < n; i++) {
		wake_up_process(sleepers[i].p);
		test_join(sleepers[i].p);
	}
}

TEST(wait_wake_up_wakes_one_exclusive_sleeper_in_queue_order)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);
	int i;

	EXPECT(put_to_sleep(&wq, SLEEPERS, true, TASK_UNINTERRUPTIBLE));
	for (i = 0; i < SLEEPERS; i++) {
		wake_up(&wq);
		EXPECT(exactly_woken(SLEEPERS, i + 1));
		EXPECT_EQ(atomic_read(&sleepers[i].woken), 1);
	}
	join_sleepers(&wq, SLEEPERS);
	return NULL;
}

TEST(wait_wake_up_nr_wakes_that_many)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);

	EXPECT(put_to_sleep(&wq, SLEEPERS, true, TASK_INTERRUPTIBLE));
	wake_up_nr(&wq, 2);
	EXPECT(exactly_woken(SLEEPERS, 2));
	wake_up_interruptible_nr(&wq, 3);
	EXPECT(exactly_woken(SLEEPERS, 5));
	join_sleepers(&wq, SLEEPERS);
	return NULL;
}

TEST(wait_wake_up_all_wakes_all)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);

	EXPECT(put_to_sleep(&wq, SLEEPERS, true, TASK_UNINTERRUPTIBLE));
	wake_up_all(&wq);
	EXPECT(exactly_woken(SLEEPERS, SLEEPERS));
	join_sleepers(&wq, SLEEPERS);
	return NULL;
}

TEST(wait_wake_up_wakes_all_who_are_not_exclusive)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);

	EXPECT(put_to_sleep(&wq, SLEEPERS, false, TASK_UNINTERRUPTIBLE));
	wake_up(&wq);
	EXPECT(exactly_woken(SLEEPERS, SLEEPERS));
	join_sleepers(&wq, SLEEPERS);
	return NULL;
}

TEST(wait_wake_up_interruptible_leaves_uninterruptible_sleepers_alone)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);

	EXPECT(put_to_sleep(&wq, 3, false, TASK_UNINTERRUPTIBLE));
	wake_up_interruptible(&wq);
	wake_up_interruptible_all(&wq);
	wake_up_interruptible_sync(&wq);
	EXPECT(exactly_woken(3, 0));
	wake_up(&wq);
	EXPECT(exactly_woken(3, 3));
	join_sleepers(&wq, 3);
	return NULL;
}

TEST(wait_wake_up_locked_wakes_with_the_lock_held)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);

	EXPECT(put_to_sleep(&wq, 3, true, TASK_INTERRUPTIBLE));
	spin_lock_irq(&wq.lock);
	wake_up_locked(&wq);
	spin_unlock_irq(&wq.lock);
	EXPECT(exactly_woken(3, 1));
	spin_lock_irq(&wq.lock);
	wake_up_all_locked(&wq);
	spin_unlock_irq(&wq.lock);
	EXPECT(exactly_woken(3, 3));
	join_sleepers(&wq, 3);
	return NULL;
}

TEST(wait_nobody_is_woken_from_an_empty_queue)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);

	EXPECT(!waitqueue_active(&wq));
	EXPECT(!wq_has_sleeper(&wq));
	wake_up(&wq);
	wake_up_all(&wq);
	return NULL;
}

TEST(wait_the_queue_knows_its_sleepers)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);

	EXPECT(put_to_sleep(&wq, 1, false, TASK_INTERRUPTIBLE));
	EXPECT(waitqueue_active(&wq));
	EXPECT(wq_has_sleeper(&wq));
	EXPECT(wq_has_single_sleeper(&wq));
	join_sleepers(&wq, 1);
	EXPECT(!waitqueue_active(&wq));
	return NULL;
}

/* ---- custom wake functions ---- */

struct counting_entry {
	struct wait_queue_entry wait;
	int calls, answer;
	void *key;
};

static int count_call(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct counting_entry *e = container_of(wait, struct counting_entry, wait);

	e->calls++;
	e->key = key;
	return e->answer;
}

TEST(wait_a_custom_wake_function_is_called_instead_and_its_answer_counts)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);
	struct counting_entry e[3] = { { .answer = 0 }, { .answer = 1 }, { .answer = 1 } };
	int i;

	for (i = 0; i < 3; i++) {
		init_waitqueue_func_entry(&e[i].wait, count_call);
		add_wait_queue_exclusive(&wq, &e[i].wait);
	}
	__wake_up(&wq, TASK_NORMAL, 1, &wq);
	EXPECT_EQ(e[0].calls, 1);	/* asked first, said no: does not use up the one wake-up */
	EXPECT_EQ(e[1].calls, 1);
	EXPECT_EQ(e[2].calls, 0);
	EXPECT(e[0].key == &wq);
	for (i = 0; i < 3; i++)
		remove_wait_queue(&wq, &e[i].wait);
	EXPECT(!waitqueue_active(&wq));
	return NULL;
}

TEST(wait_sleepers_without_exclusive_stand_before_those_with)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);
	struct counting_entry ex = { .answer = 1 }, plain = { .answer = 1 };

	init_waitqueue_func_entry(&ex.wait, count_call);
	init_waitqueue_func_entry(&plain.wait, count_call);
	add_wait_queue_exclusive(&wq, &ex.wait);
	add_wait_queue(&wq, &plain.wait);
	wake_up(&wq);
	EXPECT_EQ(plain.calls, 1);
	EXPECT_EQ(ex.calls, 1);
	remove_wait_queue(&wq, &ex.wait);
	remove_wait_queue(&wq, &plain.wait);
	return NULL;
}

TEST(wait_autoremove_takes_the_entry_off_only_when_it_woke_someone)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);
	DEFINE_WAIT(wait);

	prepare_to_wait(&wq, &wait, TASK_UNINTERRUPTIBLE);
	wake_up_interruptible(&wq);		/* not for this state */
	EXPECT(!list_empty(&wait.entry));
	wake_up(&wq);
	EXPECT(list_empty(&wait.entry));
	EXPECT(task_is_running(current));
	finish_wait(&wq, &wait);
	return NULL;
}

TEST(wait_woken_remembers_a_wake_up_that_came_before_the_sleep)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);
	DEFINE_WAIT_FUNC(wait, woken_wake_function);

	add_wait_queue(&wq, &wait);
	wake_up(&wq);
	EXPECT_EQ(wait_woken(&wait, TASK_UNINTERRUPTIBLE, 50), 50);	/* did not sleep */
	EXPECT_EQ(wait_woken(&wait, TASK_UNINTERRUPTIBLE, 3), 0);	/* used up: sleeps to the end */
	remove_wait_queue(&wq, &wait);
	return NULL;
}

/* ---- no wake-up is lost ---- */

/*
 * Two threads pass a turn back and forth. The wait has a time-out, so that a lost wake-up shows as one
 * that only the time-out ended: wait_event_timeout() then answers 0, or 1 if the condition turned true.
 */
#define ROUNDS 100000

static struct pingpong {
	struct wait_queue_head wq[2];
	int turn;
	int rounds;
	bool over;
	u64 start;
	u32 jitter[2];
} pp;

static const char *pingpong_side(struct crew *c, int me)
{
	int i;

	for (i = 0; i < pp.rounds && !pp.over; i++) {
		if (wait_event_timeout(pp.wq[me], READ_ONCE(pp.turn) == me, 20 * HZ) <= 1)
			return test_fail("round %d: side %d was not woken", i, me);
		if (pp.jitter[me])		/* moves the wake-up against the other side's going to sleep */
			for (int n = test_random(&pp.jitter[me]) % 1000; n; n--)
				barrier();
		if (me == 0 && test_took_long(pp.start)) {
			test_note("stopped after %d rounds", i);
			pp.over = true;		/* the other side sees it when it has the turn */
		}
		WRITE_ONCE(pp.turn, !me);
		wake_up(&pp.wq[!me]);
	}
	return NULL;
}

static const char *pingpong(int rounds, bool bound, bool jitter)
{
	struct crew c = { .fn = pingpong_side, .n = 2, .bound = bound };

	pp.turn = 0;
	pp.rounds = rounds;
	pp.over = false;
	pp.start = ktime_get_ns();
	init_waitqueue_head(&pp.wq[0]);
	init_waitqueue_head(&pp.wq[1]);
	pp.jitter[0] = jitter ? test_seed(1) : 0;
	pp.jitter[1] = jitter ? test_seed(2) : 0;
	return crew_run(&c);
}

TEST(wait_no_wakeup_is_lost_in_100000_rounds_across_cpus)
{
	return pingpong(ROUNDS, true, false);
}

TEST(wait_no_wakeup_is_lost_when_the_moment_varies, .cpus = 2)
{
	return pingpong(ROUNDS / 5, true, true);
}

TEST(wait_no_wakeup_is_lost_when_threads_may_migrate)
{
	return pingpong(ROUNDS / 5, false, false);
}

/*
 * Producers hand out tokens, exclusive consumers take them: one wake-up too few, and somebody starves.
 * The rule for exclusive sleepers, Linux's too: a wake-up may reach one who has just found what he wanted and is
 * still on the queue; so who leaves and sees more passes the wake-up on.
 */
static struct market {
	struct wait_queue_head wq;
	atomic_t tokens, taken;
	int each;
} market;

static bool take_token(void)
{
	return atomic_dec_if_positive(&market.tokens) >= 0;
}

static const char *trade(struct crew *c, int i)
{
	int n;

	for (n = 0; n < market.each; n++) {
		if (i & 1) {
			atomic_inc(&market.tokens);
			wake_up(&market.wq);
			continue;
		}
		if (wait_event_interruptible_exclusive(market.wq, take_token()))
			return test_fail("consumer %d was interrupted", i);
		atomic_inc(&market.taken);
		if (atomic_read(&market.tokens))
			wake_up(&market.wq);
	}
	return NULL;
}

TEST(wait_exclusive_consumers_miss_no_token)
{
	struct crew c = { .fn = trade, .n = 8, .bound = true };

	init_waitqueue_head(&market.wq);
	atomic_set(&market.tokens, 0);
	atomic_set(&market.taken, 0);
	market.each = test_real_time ? 300 : 5000;
	TRY(crew_run(&c));
	EXPECT_EQ(atomic_read(&market.taken), 4 * market.each);
	EXPECT_EQ(atomic_read(&market.tokens), 0);
	return NULL;
}

/* ---- signals ---- */

static DECLARE_WAIT_QUEUE_HEAD(sig_wq);

static int wait_with_signal(void *data)
{
	allow_signal(SIGTERM);
	return wait_event_interruptible(sig_wq, false);
}

static int wait_with_kill(void *data)
{
	allow_signal(SIGKILL);
	return wait_event_killable(sig_wq, false);
}

static const char *interrupted(int (*fn)(void *), int sig)
{
	struct task_struct *p = test_start(-1, fn, NULL, "test/signal");

	EXPECT(eventually(test_asleep(p, TEST_ANY_SLEEP)));
	send_sig(sig, p, 1);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), -ERESTARTSYS);
	return NULL;
}

TEST(wait_event_interruptible_ends_by_a_signal)
{
	return interrupted(wait_with_signal, SIGTERM);
}

TEST(wait_event_killable_ends_by_a_kill)
{
	return interrupted(wait_with_kill, SIGKILL);
}

TEST(wait_queue_never_initialised_is_told_and_initialised, .warns = "was never initialised")
{
	struct wait_queue_head *wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	DECLARE_WAITQUEUE(wait, current);

	EXPECT(wq);
	wake_up(wq);
	BLAME_UNLESS(list_empty(&wq->head));
	memset(wq, 0, sizeof(*wq));
	BLAME_UNLESS(wait_event_timeout(*wq, false, 1) == 0);
	memset(wq, 0, sizeof(*wq));
	add_wait_queue(wq, &wait);
	remove_wait_queue(wq, &wait);
	BLAME_UNLESS(list_empty(&wq->head));
	kfree(wq);
	return NULL;
}
