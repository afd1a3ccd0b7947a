/* SPDX-License-Identifier: MIT */
/*
 * Lost wake-ups: who sleeps in a wait_event form with its condition true is found, told, and goes on; nobody else is
 * blamed, and who waits rightly sleeps on.
 */
#include "../kernel/misuse.h"
#include "../kernel/sched/lost_wakeup.h"
#include "test.h"

#include <linux/freezer.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/sysctl.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#define WATCH_MS	100

struct sleeper {
	wait_queue_head_t	wq;
	struct task_struct	*p;
	void			(*wait)(struct sleeper *s);
	bool			ready, gone_on;
	bool			stay_awake;
	int			looks;		/* at the condition */
	spinlock_t		lock;
};

static bool is_ready(struct sleeper *s)
{
	s->looks++;
	return READ_ONCE(s->ready);
}

static int wait_as_told(void *data)
{
	struct sleeper *s = data;

	s->wait(s);
	WRITE_ONCE(s->gone_on, true);
	while (READ_ONCE(s->stay_awake))
		test_spin_ns(NSEC_PER_MSEC / 10);
	return test_wait_for_stop();
}

static void start_waiting(struct sleeper *s, void (*wait)(struct sleeper *s), const char *name)
{
	*s = (struct sleeper){ .wait = wait };
	init_waitqueue_head(&s->wq);
	spin_lock_init(&s->lock);
	s->p = test_start(-1, wait_as_told, s, name);
}

static bool is_asleep(struct sleeper *s)
{
	return s->looks && test_asleep(s->p, TEST_ANY_SLEEP);
}

#define FORM(name, wait)						\
	static void form_##name(struct sleeper *s)			\
	{								\
		wait;							\
	}
#define LONG_TIME	(1000 * HZ)

FORM(plain, wait_event(s->wq, is_ready(s)))
FORM(interruptible, wait_event_interruptible(s->wq, is_ready(s)))
FORM(killable, wait_event_killable(s->wq, is_ready(s)))
FORM(freezable, wait_event_freezable(s->wq, is_ready(s)))
FORM(timeout, wait_event_timeout(s->wq, is_ready(s), LONG_TIME))
FORM(interruptible_timeout, wait_event_interruptible_timeout(s->wq, is_ready(s), LONG_TIME))
FORM(hrtimeout, (void)wait_event_hrtimeout(s->wq, is_ready(s), ktime_set(1000, 0)))
FORM(idle, wait_event_idle(s->wq, is_ready(s)))
FORM(exclusive, wait_event_interruptible_exclusive(s->wq, is_ready(s)))
FORM(idle_exclusive, wait_event_idle_exclusive(s->wq, is_ready(s)))
FORM(cmd, wait_event_cmd(s->wq, is_ready(s), s->looks++, s->looks++))
FORM(exclusive_cmd, wait_event_exclusive_cmd(s->wq, is_ready(s), s->looks++, s->looks++))
FORM(lock_irq, spin_lock_irq(&s->lock); wait_event_lock_irq(s->wq, is_ready(s), s->lock); spin_unlock_irq(&s->lock))
FORM(lock_irq_timeout, spin_lock_irq(&s->lock);
     wait_event_lock_irq_timeout(s->wq, is_ready(s), s->lock, LONG_TIME); spin_unlock_irq(&s->lock))
FORM(locked, spin_lock(&s->wq.lock); wait_event_interruptible_locked(s->wq, is_ready(s)); spin_unlock(&s->wq.lock))
FORM(locked_irq, spin_lock_irq(&s->wq.lock); wait_event_interruptible_locked_irq(s->wq, is_ready(s));
     spin_unlock_irq(&s->wq.lock))

static void (*const forms[])(struct sleeper *) = {
	form_plain, form_interruptible, form_killable, form_freezable, form_timeout, form_interruptible_timeout,
	form_hrtimeout, form_idle, form_exclusive, form_idle_exclusive, form_cmd, form_exclusive_cmd, form_lock_irq,
	form_lock_irq_timeout, form_locked, form_locked_irq,
};

#define AT_ONCE	8

/* Nobody calls wake_up(): each is found, and goes on. */
static const char *lose_wakeups(int first, struct sleeper *s)
{
	unsigned int before = lost_wakeups_told;
	char name[TASK_COMM_LEN];
	int i;

	for (i = 0; i < AT_ONCE; i++) {
		snprintf(name, sizeof(name), "test/form%d", first + i);
		start_waiting(&s[i], forms[first + i], name);
	}
	for (i = 0; i < AT_ONCE; i++)
		EXPECT(eventually(is_asleep(&s[i])));
	for (i = 0; i < AT_ONCE; i++)
		WRITE_ONCE(s[i].ready, true);
	lost_wakeup_watch(WATCH_MS);
	for (i = 0; i < AT_ONCE; i++)
		if (!eventually(READ_ONCE(s[i].gone_on)))
			return test_fail("form %d sleeps on", first + i);
	EXPECT(eventually(lost_wakeups_told - before == AT_ONCE));
	for (i = 0; i < AT_ONCE; i++)
		test_join(s[i].p);
	return NULL;
}

TEST(lost_wakeup_is_found_in_every_wait_event_form)
{
	static struct sleeper s[AT_ONCE];
	const char *why = NULL;

	BUILD_BUG_ON(ARRAY_SIZE(forms) % AT_ONCE);
	for (int i = 0; i < ARRAY_SIZE(forms) && !why; i += AT_ONCE)
		why = lose_wakeups(i, s);
	lost_wakeup_watch(0);
	TRY(why);
	EXPECT(test_log_has("in wait_event(), and its condition was true"));
	EXPECT(test_log_has("thread test/form0 (") && test_log_has("form_plain+"));
	EXPECT(test_log_has("thread test/form12 (") && test_log_has("form_lock_irq+"));
	return NULL;
}

TEST(lost_wakeup_misuse_is_explained_and_the_sleeper_goes_on, .says = "lost wake-up")
{
	EXPECT_EQ(misuse_provoke("lost-wakeup"), 0);
	EXPECT(test_log_has("thread misuse/sleeper ("));
	EXPECT(test_log_has("wait_until_ready+"));
	EXPECT(test_log_has("call wake_up() on this queue"));
	return NULL;
}

static void late_wake_up(struct sleeper *s)
{
	wake_up(&s->wq);
}

static void late_wake_up_process(struct sleeper *s)
{
	wake_up_process(s->p);
}

/* The sleeper is woken to have a look when the waker is between its condition and its wake_up(), which is just late. */
static const char *wake_late(void (*wake)(struct sleeper *s))
{
	unsigned int before = lost_wakeups_told;
	static struct sleeper s;

	start_waiting(&s, form_plain, "test/right");
	EXPECT(eventually(is_asleep(&s)));
	WRITE_ONCE(s.stay_awake, true);
	WRITE_ONCE(s.ready, true);
	lost_wakeup_watch(WATCH_MS);
	EXPECT(eventually(READ_ONCE(s.gone_on)));
	wake(&s);
	WRITE_ONCE(s.stay_awake, false);
	schedule_timeout_uninterruptible(msecs_to_jiffies(4 * WATCH_MS));
	lost_wakeup_watch(0);
	test_join(s.p);
	if (!test_real_time)	/* there, a wake-up may be later than is believed */
		EXPECT_EQ(lost_wakeups_told, before);
	return NULL;
}

TEST(lost_wakeup_a_late_one_is_not_lost)
{
	TRY(wake_late(late_wake_up));
	return wake_late(late_wake_up_process);
}

/* Two exclusive sleepers on one queue, for things of which each takes one. */
static struct market {
	wait_queue_head_t	wq;
	atomic_t		things;
	bool			hold, held;	/* the first one is on its way, and has not looked yet */
	int			looks[2], got[2];
} market;

static bool take_thing(int who)
{
	if (who == 0 && READ_ONCE(market.hold)) {
		WRITE_ONCE(market.held, true);
		while (READ_ONCE(market.hold))
			test_spin_ns(NSEC_PER_MSEC / 10);
	}
	WRITE_ONCE(market.looks[who], market.looks[who] + 1);
	return atomic_add_unless(&market.things, -1, 0);
}

static int go_shopping(void *who)
{
	wait_event_interruptible_exclusive(market.wq, take_thing((long)who));
	WRITE_ONCE(market.got[(long)who], 1);
	return test_wait_for_stop();
}

static bool shopper_sleeps(struct task_struct *p, int who, int looks)
{
	return READ_ONCE(market.looks[who]) >= looks && test_asleep(p, TEST_ANY_SLEEP);
}

static void bring_thing(void)
{
	atomic_inc(&market.things);
	wake_up(&market.wq);
}

/* One wake-up for one thing: it wakes the first, but the second, made to look just then, takes it. */
TEST(lost_wakeup_spent_on_another_exclusive_sleeper_is_not_lost)
{
	struct task_struct *p[2];

	market = (struct market){ };
	init_waitqueue_head(&market.wq);
	for (long i = 0; i < 2; i++) {
		p[i] = test_start(-1, go_shopping, (void *)i, i ? "test/second" : "test/first");
		EXPECT(eventually(shopper_sleeps(p[i], i, 2)));
	}
	schedule_timeout_uninterruptible(msecs_to_jiffies(11 * WATCH_MS));
	WRITE_ONCE(market.hold, true);
	bring_thing();
	BLAME_UNLESS(eventually(READ_ONCE(market.held)));
	lost_wakeup_watch(10 * WATCH_MS);	/* the second has slept for that long */
	BLAME_UNLESS(eventually(READ_ONCE(market.got[1])));
	BLAME_UNLESS(test_real_time || READ_ONCE(p[1]->probed));
	WRITE_ONCE(market.hold, false);
	BLAME_UNLESS(eventually(shopper_sleeps(p[0], 0, 3)));
	schedule_timeout_uninterruptible(msecs_to_jiffies(11 * WATCH_MS));
	lost_wakeup_watch(0);
	EXPECT(!test_log_has("thread test/second ("));
	bring_thing();
	EXPECT(eventually(READ_ONCE(market.got[0])));
	test_join(p[0]);
	test_join(p[1]);
	return NULL;
}

static void form_short(struct sleeper *s)
{
	wait_event_timeout(s->wq, is_ready(s), msecs_to_jiffies(3 * WATCH_MS));
}

static void form_stoppable(struct sleeper *s)
{
	wait_event(s->wq, is_ready(s) || kthread_should_stop());
}

/* Time that runs out, and kthread_stop(), are no lost wake-ups either, whenever they come. */
TEST(lost_wakeup_timeouts_and_stops_are_none)
{
	unsigned int before = lost_wakeups_told;
	static struct sleeper s[4];
	int i;

	lost_wakeup_watch(WATCH_MS / 5);
	for (int round = 0; round < 4; round++) {
		for (i = 0; i < 4; i++)
			start_waiting(&s[i], i % 2 ? form_short : form_stoppable, "test/right");
		for (i = 0; i < 4; i++)
			EXPECT(i % 2 ? eventually(READ_ONCE(s[i].gone_on)) : eventually(s[i].looks > 1));
		for (i = 0; i < 4; i++)
			test_join(s[i].p);
	}
	schedule_timeout_uninterruptible(msecs_to_jiffies(WATCH_MS));
	lost_wakeup_watch(0);
	EXPECT_EQ(lost_wakeups_told, before);
	return NULL;
}

/* Woken to look after 1, 2, 4, 8 ... times the limit: a sleeper of a day is woken 15 times. */
TEST(lost_wakeup_who_sleeps_for_long_is_woken_ever_more_rarely)
{
	static struct sleeper s;
	int looks;

	lost_wakeup_watch(WATCH_MS);
	start_waiting(&s, form_plain, "test/patient");
	schedule_timeout_uninterruptible(msecs_to_jiffies(40 * WATCH_MS));
	looks = s.looks;
	lost_wakeup_watch(0);
	WRITE_ONCE(s.ready, true);
	wake_up(&s.wq);
	test_join(s.p);
	EXPECT_OP(looks, <=, 2 + 6);
	if (!test_real_time)
		EXPECT_OP(looks, >=, 2 + 3);
	return NULL;
}

/* That it was woken in between does not make it look like a new sleep. */
TEST(lost_wakeup_hung_sleepers_are_told_all_the_same, .says = "thread test/hung (")
{
	static struct sleeper s;

	lost_wakeup_watch(WATCH_MS);
	start_waiting(&s, form_plain, "test/hung");
	EXPECT(eventually(s.looks > 2));
	hung_task_watch(4 * WATCH_MS);
	EXPECT(eventually(READ_ONCE(s.p->hung_told)));
	hung_task_watch(0);
	lost_wakeup_watch(0);
	WRITE_ONCE(s.ready, true);
	wake_up(&s.wq);
	test_join(s.p);
	return NULL;
}

static int take_all(struct wait_queue_entry *wq_entry, unsigned int mode, int flags, void *key)
{
	atomic_inc(wq_entry->private);
	return 1;
}

/* An entry with priority takes the wake-up that came: the waker was right, whoever sleeps behind it. */
TEST(lost_wakeup_taken_by_who_has_priority_is_not_lost)
{
	static struct sleeper s;
	atomic_t taken = ATOMIC_INIT(0);
	struct wait_queue_entry first = { .func = take_all, .private = &taken };

	start_waiting(&s, form_plain, "test/behind");
	add_wait_queue_priority(&s.wq, &first);
	BLAME_UNLESS(eventually(is_asleep(&s)));
	WRITE_ONCE(s.ready, true);
	wake_up(&s.wq);
	lost_wakeup_watch(WATCH_MS);
	BLAME_UNLESS(eventually(READ_ONCE(s.gone_on)));
	schedule_timeout_uninterruptible(msecs_to_jiffies(4 * WATCH_MS));
	lost_wakeup_watch(0);
	remove_wait_queue(&s.wq, &first);
	test_join(s.p);
	EXPECT_EQ(atomic_read(&taken), 1);
	EXPECT(!test_log_has("thread test/behind ("));
	return NULL;
}
