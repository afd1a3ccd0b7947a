/* SPDX-License-Identifier: MIT */
/*
 * The freezer: who is frozen, that nothing is lost meanwhile, who refuses, and who would wait for himself.
 */
#include "../kernel/misuse.h"
#include "test.h"

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/sched/rt.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

static DECLARE_WAIT_QUEUE_HEAD(wq);
static bool flag;
static int rounds[4];

static const char *freeze_all(void)
{
	EXPECT_EQ(freeze_processes(), 0);
	EXPECT_EQ(freeze_kernel_threads(), 0);
	return NULL;
}

static bool is_freezable(struct task_struct *p)
{
	return !(READ_ONCE(p->flags) & PF_NOFREEZE);
}

/* ---- who is frozen ---- */

static int count_in_loop(void *data)
{
	set_freezable();
	while (!kthread_should_stop()) {
		try_to_freeze();
		rounds[0]++;
		schedule_timeout_uninterruptible(1);
	}
	return 0;
}

static int count_by_should_stop(void *data)
{
	set_freezable();
	while (!kthread_freezable_should_stop(NULL)) {
		rounds[1]++;
		schedule_timeout_interruptible(1);
	}
	return 0;
}

static int count_by_waiting(void *data)
{
	set_freezable();
	while (!kthread_should_stop()) {
		wait_event_freezable_timeout(wq, kthread_should_stop(), 1);
		rounds[2]++;
	}
	return 0;
}

static int count_unfreezably(void *data)
{
	while (!kthread_should_stop()) {
		rounds[3]++;
		schedule_timeout_interruptible(1);
	}
	return 0;
}

static int (*const counters[])(void *) = { count_in_loop, count_by_should_stop, count_by_waiting, count_unfreezably };

static bool all_have_counted(const int *from)
{
	for (int i = 0; i < 4; i++)
		if (READ_ONCE(rounds[i]) < from[i] + 3)
			return false;
	return true;
}

TEST(freezer_freezable_threads_stand_still_and_others_do_not)
{
	struct task_struct *p[4];
	int before[4] = { 0 };

	memset(rounds, 0, sizeof(rounds));
	for (int i = 0; i < 4; i++)
		p[i] = test_start(i % num_online_cpus(), counters[i], NULL, "test/freeze");
	EXPECT(eventually(all_have_counted(before)));
	TRY(freeze_all());
	memcpy(before, rounds, sizeof(before));
	for (int i = 0; i < 3; i++) {
		EXPECT(frozen(p[i]));
		EXPECT(freezing(p[i]));
		EXPECT_EQ(task_state_to_char(p[i]), 'D');
	}
	EXPECT(!frozen(p[3]) && !freezing(p[3]));
	EXPECT(eventually(READ_ONCE(rounds[3]) > before[3] + 10));
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(rounds[i], before[i]);
	thaw_processes();
	EXPECT(!freezer_active);
	EXPECT(eventually(all_have_counted(before)));
	for (int i = 0; i < 4; i++)
		test_join(p[i]);
	return NULL;
}

TEST(freezer_kernel_threads_are_born_unfreezable)
{
	struct task_struct *p = test_start(-1, count_unfreezably, NULL, "test/freeze");

	EXPECT(p->flags & PF_NOFREEZE);
	EXPECT(current->flags & PF_NOFREEZE);
	EXPECT(!set_freezable());
	EXPECT(!(current->flags & PF_NOFREEZE));
	test_join(p);
	return NULL;
}

static int sleep_freezably(void *data)
{
	set_freezable();
	return wait_event_freezable(wq, READ_ONCE(flag) || kthread_should_stop());
}

static struct task_struct *start_sleeper(int (*fn)(void *), void *data)
{
	struct task_struct *p;

	flag = false;
	p = test_start(-1, fn, data, "test/freeze");
	if (!eventually(test_asleep(p, TASK_FREEZABLE)))
		test_blame("the sleeper does not sleep");
	return p;
}

TEST(freezer_a_freezable_sleeper_is_frozen_where_it_is_without_waking)
{
	struct task_struct *p = start_sleeper(sleep_freezably, NULL);
	unsigned long switches = p->nvcsw;

	TRY(freeze_all());
	EXPECT(frozen(p));
	EXPECT_EQ(p->nvcsw, switches);
	EXPECT(!wake_up_process(p));		/* nobody's wake-up ends it */
	thaw_processes();
	EXPECT(eventually(test_asleep(p, TASK_FREEZABLE)));	/* it looked, and sleeps on */
	EXPECT_OP(p->nvcsw, >, switches);
	test_join(p);
	return NULL;
}

static int become_freezable_late(void *data)
{
	wait_event(wq, READ_ONCE(flag));
	return set_freezable();
}

TEST(freezer_set_freezable_while_all_freeze_freezes_at_once)
{
	struct task_struct *p;

	flag = false;
	p = test_start(-1, become_freezable_late, NULL, "test/freeze");
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	TRY(freeze_all());
	EXPECT(!frozen(p));
	WRITE_ONCE(flag, true);
	wake_up(&wq);
	EXPECT(eventually(frozen(p)));
	thaw_processes();
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), true);
	return NULL;
}

static int process_waits(void *data)
{
	set_freezable();
	wait_event_freezable(wq, READ_ONCE(flag));
	return 0;
}

TEST(freezer_processes_freeze_first_and_are_thawed_last)
{
	struct task_struct *k = start_sleeper(sleep_freezably, NULL), *u;
	pid_t pid = user_mode_thread(process_waits, NULL, 0);

	EXPECT_OP(pid, >, 0);
	u = find_get_task_by_vpid(pid);
	EXPECT(eventually(test_asleep(u, TASK_FREEZABLE)));
	EXPECT_EQ(freeze_processes(), 0);
	EXPECT(frozen(u) && !frozen(k));
	EXPECT_EQ(freeze_kernel_threads(), 0);
	EXPECT(frozen(u) && frozen(k));
	thaw_kernel_threads();
	EXPECT(frozen(u) && !frozen(k));
	thaw_processes();
	EXPECT(!frozen(u));
	WRITE_ONCE(flag, true);
	wake_up_all(&wq);
	EXPECT(eventually(READ_ONCE(u->exit_state)));
	put_task_struct(u);
	test_join(k);
	return NULL;
}

static int end_at_once(void *data)
{
	set_freezable();
	return 0;
}

TEST(freezer_does_not_wait_for_the_dead)
{
	pid_t pid;

	kernel_sigaction(SIGCHLD, SIG_DFL);
	pid = user_mode_thread(end_at_once, NULL, SIGCHLD);
	EXPECT_OP(pid, >, 0);
	test_nap();
	TRY(freeze_all());
	thaw_processes();
	EXPECT_EQ(kernel_wait4(pid, NULL, 0, NULL), pid);
	return NULL;
}

/* ---- nothing is lost ---- */

TEST(freezer_a_wake_up_while_frozen_is_seen_after_the_thaw)
{
	struct task_struct *p = start_sleeper(sleep_freezably, NULL);

	TRY(freeze_all());
	WRITE_ONCE(flag, true);
	wake_up(&wq);
	test_nap();
	EXPECT(frozen(p));
	thaw_processes();
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), 0);
	return NULL;
}

static int tokens, served[2];

static int take_token(void *data)
{
	if (data)
		set_freezable();
	wait_event_freezable_exclusive(wq, READ_ONCE(tokens) && xchg(&tokens, 0));
	served[!data]++;
	return 0;
}

/* A wake-up for one goes past a frozen waiter to the next, for the frozen one could not use it. */
TEST(freezer_an_exclusive_wake_up_goes_to_a_waiter_that_is_not_frozen)
{
	struct task_struct *a, *b;

	tokens = served[0] = served[1] = 0;
	a = start_sleeper(take_token, "freezable");
	b = start_sleeper(take_token, NULL);
	TRY(freeze_all());
	EXPECT(frozen(a) && !frozen(b));
	WRITE_ONCE(tokens, 1);
	wake_up(&wq);
	EXPECT(eventually(READ_ONCE(b->exit_state)));
	EXPECT_EQ(served[1], 1);
	EXPECT(frozen(a));
	thaw_processes();
	EXPECT(eventually(test_asleep(a, TASK_FREEZABLE)));
	WRITE_ONCE(tokens, 1);
	wake_up(&wq);
	EXPECT(eventually(READ_ONCE(a->exit_state)));
	EXPECT_EQ(served[0], 1);
	test_join(a);
	test_join(b);
	return NULL;
}

static DECLARE_COMPLETION(done);

static int complete_freezably(void *data)
{
	set_freezable();
	return wait_for_completion_state(&done, TASK_UNINTERRUPTIBLE | TASK_FREEZABLE);
}

TEST(freezer_a_completion_while_frozen_is_kept)
{
	struct task_struct *p = start_sleeper(complete_freezably, NULL);

	TRY(freeze_all());
	EXPECT(frozen(p));
	complete(&done);
	test_nap();
	EXPECT(frozen(p));
	EXPECT(completion_done(&done));
	thaw_processes();
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), 0);
	EXPECT(!completion_done(&done));
	return NULL;
}

static long left;

static int wait_with_timeout(void *data)
{
	set_freezable();
	left = wait_event_freezable_timeout(wq, READ_ONCE(flag), (long)data);
	return 0;
}

static int sleep_with_timeout(void *data)
{
	set_freezable();
	set_current_state(TASK_INTERRUPTIBLE | TASK_FREEZABLE);
	left = schedule_timeout((long)data);
	return 0;
}

static const char *freeze_over(int (*fn)(void *), bool make_true)
{
	struct task_struct *p = start_sleeper(fn, (void *)(long)(HZ / 10));

	left = -1;
	TRY(freeze_all());
	EXPECT(frozen(p));
	schedule_timeout_uninterruptible(HZ / 4);
	EXPECT(frozen(p));
	WRITE_ONCE(flag, make_true);
	thaw_processes();
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	test_join(p);
	return NULL;
}

TEST(freezer_time_that_passes_while_frozen_counts)
{
	TRY(freeze_over(wait_with_timeout, false));
	EXPECT_EQ(left, 0);
	TRY(freeze_over(wait_with_timeout, true));	/* too late, and true: true counts */
	EXPECT_EQ(left, 1);
	TRY(freeze_over(sleep_with_timeout, false));
	EXPECT_EQ(left, 0);
	return NULL;
}

static int sleep_until_signalled(void *data)
{
	allow_signal(SIGTERM);
	return sleep_freezably(data);
}

TEST(freezer_a_signal_while_frozen_takes_effect_after_the_thaw)
{
	struct task_struct *p = start_sleeper(sleep_until_signalled, NULL);

	TRY(freeze_all());
	EXPECT_EQ(send_sig(SIGTERM, p, 1), 0);
	test_nap();
	EXPECT(frozen(p));
	EXPECT(signal_pending(p));
	thaw_processes();
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), -ERESTARTSYS);
	return NULL;
}

static int stop_it(void *data)
{
	int ret = kthread_stop(data);

	test_wait_for_stop();
	return ret;
}

static const char *stopped_while_frozen(int (*fn)(void *))
{
	struct task_struct *p = test_start(-1, fn, NULL, "test/freeze"), *stopper;

	EXPECT(eventually(is_freezable(p)));
	TRY(freeze_all());
	EXPECT(frozen(p));
	stopper = test_start(-1, stop_it, p, "test/stop");
	EXPECT(eventually(test_asleep(stopper, TASK_UNINTERRUPTIBLE)));
	test_nap();
	EXPECT(frozen(p) && !READ_ONCE(p->exit_state));		/* as on Linux, it waits for the thaw */
	thaw_processes();
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(stopper), 0);
	put_task_struct(p);
	return NULL;
}

TEST(freezer_kthread_stop_of_a_frozen_thread_returns_after_the_thaw)
{
	flag = false;
	TRY(stopped_while_frozen(count_in_loop));
	TRY(stopped_while_frozen(count_by_should_stop));
	TRY(stopped_while_frozen(sleep_freezably));
	return NULL;
}

static bool frozen_there;

static int stop_rather_than_freeze(void *data)
{
	set_freezable();
	wait_event(wq, kthread_should_stop());
	return kthread_freezable_should_stop(&frozen_there);
}

TEST(freezer_kthread_freezable_should_stop_prefers_stopping)
{
	struct task_struct *p = test_start(-1, stop_rather_than_freeze, NULL, "test/freeze");

	frozen_there = true;
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	freeze_timeout_msecs = 10;
	EXPECT_EQ(freeze_processes(), 0);
	pm_nosig_freezing = true;
	EXPECT_EQ(test_join(p), true);
	thaw_processes();
	freeze_timeout_msecs = 20 * MSEC_PER_SEC;
	EXPECT(!frozen_there);
	return NULL;
}

/* ---- workers and workqueues ---- */

static void set_flag(struct kthread_work *unused)
{
	WRITE_ONCE(flag, true);
}

TEST(freezer_a_freezable_worker_does_its_works_after_the_thaw)
{
	struct kthread_worker *frail = kthread_create_worker(KTW_FREEZABLE, "test/frail");
	struct kthread_worker *stout = kthread_create_worker(0, "test/stout");
	struct kthread_work work;

	EXPECT(!IS_ERR(frail) && !IS_ERR(stout));
	kthread_init_work(&work, set_flag);
	EXPECT(eventually(is_freezable(frail->task)));
	flag = false;
	TRY(freeze_all());
	EXPECT(frozen(frail->task) && !frozen(stout->task));
	EXPECT(kthread_queue_work(stout, &work));
	kthread_flush_worker(stout);
	EXPECT(flag);
	flag = false;
	kthread_init_work(&work, set_flag);
	EXPECT(kthread_queue_work(frail, &work));
	test_nap();
	EXPECT(!READ_ONCE(flag));
	thaw_processes();
	kthread_flush_work(&work);
	EXPECT(flag);
	kthread_destroy_worker(frail);
	kthread_destroy_worker(stout);
	return NULL;
}

static bool hold_on;
static atomic_t works_done;

static void work_a_while(struct work_struct *unused)
{
	while (READ_ONCE(hold_on))
		test_nap();
	atomic_inc(&works_done);
}

TEST(freezer_a_freezable_workqueue_finishes_what_it_has_begun_and_then_waits)
{
	struct workqueue_struct *q = alloc_workqueue("test_freezable", WQ_FREEZABLE, 1);
	DECLARE_WORK(first, work_a_while);
	DECLARE_WORK(second, work_a_while);

	EXPECT(q);
	atomic_set(&works_done, 0);
	hold_on = true;
	queue_work(q, &first);
	EXPECT(eventually(work_busy(&first) & WORK_BUSY_RUNNING));
	freeze_timeout_msecs = 40;
	EXPECT_EQ(freeze_processes(), 0);
	EXPECT_EQ(freeze_kernel_threads(), -EBUSY);		/* the work does not end */
	EXPECT(test_log_has("wq_busy=1"));
	freeze_timeout_msecs = 20 * MSEC_PER_SEC;
	WRITE_ONCE(hold_on, false);
	EXPECT_EQ(freeze_kernel_threads(), 0);
	EXPECT_EQ(atomic_read(&works_done), 1);
	queue_work(q, &second);
	test_nap();
	test_nap();
	EXPECT_EQ(atomic_read(&works_done), 1);
	thaw_processes();
	flush_workqueue(q);
	EXPECT_EQ(atomic_read(&works_done), 2);
	destroy_workqueue(q);
	return NULL;
}

/* ---- many rounds ---- */

#define NR_PLAYERS 6
static struct game {
	int turn, played[NR_PLAYERS];
	wait_queue_head_t wq;
} game;

/* Passes the turn to the next one, who waits freezably. A wake-up that is lost ends the game. */
static int play(void *data)
{
	int me = (int)(long)data;

	set_freezable();
	for (;;) {
		wait_event_freezable(game.wq, READ_ONCE(game.turn) == me || kthread_should_stop());
		if (kthread_should_stop())
			return 0;
		game.played[me]++;
		WRITE_ONCE(game.turn, (me + 1) % NR_PLAYERS);
		wake_up_all(&game.wq);
	}
}

TEST(freezer_rounds_of_freezing_lose_no_wake_up)
{
	struct task_struct *p[NR_PLAYERS];

	game.turn = 0;
	memset(game.played, 0, sizeof(game.played));
	init_waitqueue_head(&game.wq);
	for (long i = 0; i < NR_PLAYERS; i++)
		p[i] = test_start(i % num_online_cpus(), play, (void *)i, "test/play");
	for (int i = 0; i < NR_PLAYERS; i++)
		EXPECT(eventually(is_freezable(p[i])));
	for (int i = 0; i < test_rounds(60); i++) {
		int turn, now = READ_ONCE(game.played[i % NR_PLAYERS]);

		TRY(freeze_all());
		for (int j = 0; j < NR_PLAYERS; j++)
			EXPECT(frozen(p[j]));
		turn = game.turn;
		if (i & 1)
			wake_up_all(&game.wq);
		cond_resched();
		EXPECT_EQ(turn, READ_ONCE(game.turn));
		thaw_processes();
		EXPECT(eventually(READ_ONCE(game.played[i % NR_PLAYERS]) > now));
	}
	for (int i = 0; i < NR_PLAYERS; i++)
		test_join(p[i]);
	return NULL;
}

static bool all_frozen;
static int ran_meanwhile;

static int freeze_in_a_hurry(void *unused)
{
	set_freezable();
	while (!kthread_should_stop()) {
		if (READ_ONCE(all_frozen))
			WRITE_ONCE(ran_meanwhile, current->pid);
		if (!try_to_freeze())
			cond_resched();
	}
	return 0;
}

TEST(freezer_who_is_on_the_way_out_when_all_freeze_again_comes_back_first)
{
	struct task_struct *p[NR_PLAYERS];
	int err = 0;

	ran_meanwhile = 0;
	for (int i = 0; i < NR_PLAYERS; i++)
		p[i] = test_start(i % num_online_cpus(), freeze_in_a_hurry, NULL, "test/hurry");
	for (int i = 0; i < NR_PLAYERS; i++)
		EXPECT(eventually(is_freezable(p[i])));
	EXPECT_EQ(freeze_processes(), 0);
	for (int i = 0; !err && !READ_ONCE(ran_meanwhile) && i < test_rounds(60); i++) {
		err = freeze_kernel_threads();
		WRITE_ONCE(all_frozen, !err);
		test_nap();
		WRITE_ONCE(all_frozen, false);
		thaw_kernel_threads();
	}
	thaw_processes();
	for (int i = 0; i < NR_PLAYERS; i++)
		test_join(p[i]);
	EXPECT_EQ(err, 0);
	EXPECT_EQ(ran_meanwhile, 0);
	return NULL;
}

/* ---- who refuses ---- */

#define OTHERS_MUST_BRING_IT "uninterruptibly: whoever is to bring it may be frozen"

static int sleep_stubbornly(void *data)
{
	set_freezable();
	wait_event_interruptible(wq, READ_ONCE(flag) || kthread_should_stop());
	return 0;
}

static int wait_uninterruptibly(void *data)
{
	set_freezable();
	wait_event(wq, READ_ONCE(flag) || kthread_should_stop());
	return 0;
}

/* One try. Return: what is wrong, the log apart. */
static const char *try_in_vain(struct task_struct *good, struct task_struct *p, unsigned int msecs)
{
	u64 start = ktime_get_ns();
	int err;

	freeze_timeout_msecs = msecs;
	err = freeze_processes() ?: freeze_kernel_threads();
	freeze_timeout_msecs = 20 * MSEC_PER_SEC;
	EXPECT_EQ(err, -EBUSY);
	EXPECT_OP(ktime_get_ns() - start, >=, msecs * NSEC_PER_MSEC);
	EXPECT(!frozen(good) && !frozen(p));		/* all go on */
	return NULL;
}

/*
 * Whom the last question has woken must sleep again within a millisecond, or it is named as one that runs. A host may
 * let its CPU stand still for longer: where time is the host's, we ask until it was found asleep, and where.
 */
static const char *refuses(int (*fn)(void *), const char *why, const char *where)
{
	struct task_struct *good = start_sleeper(sleep_freezably, NULL), *p = test_start(-1, fn, NULL, "test/refuse");
	bool asleep = eventually(test_asleep(p, TEST_ANY_SLEEP)), again;
	unsigned long deadline = test_deadline();
	unsigned int msecs = 40;
	const char *wrong;

	do {
		wrong = try_in_vain(good, p, msecs);
		thaw_processes();
		again = test_real_time && !wrong && !(test_log_has(why) && test_log_has(where)) &&
			!test_deadline_passed(deadline);
		msecs *= 2;
	} while (again);
	test_join(p);
	test_join(good);
	EXPECT(asleep);
	TRY(wrong);
	EXPECT(test_log_has("1 tasks refusing to freeze"));
	EXPECT(test_log_has("test/refuse (") && test_log_has(why) && test_log_has(where));
	return NULL;
}

TEST(freezer_who_refuses_is_named_with_the_reason_and_all_go_on)
{
	TRY(refuses(sleep_stubbornly, "let it wait by wait_event_freezable()", "sleep_stubbornly+"));
	TRY(refuses(wait_uninterruptibly, OTHERS_MUST_BRING_IT, "wait_uninterruptibly+"));
	return NULL;
}

static int run_on(void *data)
{
	set_freezable();
	while (!kthread_should_stop())
		cond_resched();
	return 0;
}

TEST(freezer_a_thread_that_runs_by_is_named)
{
	struct task_struct *p = test_start(num_online_cpus() - 1, run_on, NULL, "test/run");

	EXPECT(eventually(is_freezable(p)));
	freeze_timeout_msecs = 40;
	EXPECT_EQ(freeze_processes(), 0);
	EXPECT_EQ(freeze_kernel_threads(), -EBUSY);
	freeze_timeout_msecs = 20 * MSEC_PER_SEC;
	thaw_processes();
	EXPECT(test_log_has("its loop does not come by try_to_freeze()"));
	test_join(p);
	return NULL;
}

/* ---- misuse ---- */

static int freeze_too(void *data)
{
	int err = freeze_processes();

	test_wait_for_stop();
	return err;
}

TEST(freezer_two_who_freeze_are_told, .warns = "another one has frozen all already")
{
	struct task_struct *p;

	TRY(freeze_all());
	p = test_start(-1, freeze_too, NULL, "test/freeze");
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	EXPECT_EQ(test_join(p), -EBUSY);
	thaw_processes();
	return NULL;
}

TEST(freezer_kernel_threads_before_processes_is_refused, .warns = "without freeze_processes() before it")
{
	EXPECT_EQ(freeze_kernel_threads(), -EINVAL);
	return NULL;
}

TEST(freezer_a_thaw_without_freeze_is_told, .warns = "but has not frozen anybody")
{
	thaw_processes();
	return NULL;
}

TEST(freezer_stopping_what_one_has_frozen_is_told_and_works, .warns = "which it has frozen itself")
{
	struct task_struct *p = start_sleeper(sleep_freezably, NULL);

	TRY(freeze_all());
	EXPECT_EQ(test_join(p), 0);
	thaw_processes();
	return NULL;
}

static int freeze_and_end(void *data)
{
	freeze_processes();
	freeze_kernel_threads();
	return 0;
}

TEST(freezer_who_ends_without_thawing_is_told_and_all_go_on, .warns = "ends after freeze_processes()")
{
	struct task_struct *good = start_sleeper(sleep_freezably, NULL);
	struct task_struct *p = test_start(-1, freeze_and_end, NULL, "test/freeze");

	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT(!freezer_active);
	EXPECT(!frozen(good));
	test_join(p);
	test_join(good);
	return NULL;
}

static int sleep_in_a_wrong_state(void *data)
{
	set_freezable();
	set_current_state(__TASK_STOPPED | TASK_FREEZABLE);
	schedule();
	return test_wait_for_stop();
}

TEST(freezer_only_ordinary_sleep_may_be_freezable, .warns = "only ordinary sleep can be freezable")
{
	struct task_struct *p = start_sleeper(sleep_in_a_wrong_state, NULL);

	TRY(freeze_all());
	EXPECT(frozen(p));
	thaw_processes();
	test_join(p);
	return NULL;
}

/* ---- by name, from the shell ---- */

TEST(freezer_misuse_refuse_to_freeze_is_explained, .says = OTHERS_MUST_BRING_IT)
{
	unsigned long deadline = test_deadline();

	do {	/* as in refuses() */
		EXPECT_EQ(misuse_provoke("refuse-to-freeze"), 0);
	} while (test_real_time && !test_log_has(OTHERS_MUST_BRING_IT) && !test_deadline_passed(deadline));
	return NULL;
}

TEST(freezer_misuse_stop_frozen_thread_is_explained, .warns = "which it has frozen itself")
{
	EXPECT_EQ(misuse_provoke("stop-frozen-thread"), 0);
	return NULL;
}

TEST(freezer_misuse_end_with_others_frozen_is_explained, .warns = "ends after freeze_processes()")
{
	EXPECT_EQ(misuse_provoke("end-with-others-frozen"), 0);
	return NULL;
}

TEST(freezer_misuse_runaway_fifo_is_explained, .says = "A real-time thread must sleep")
{
	sysctl_sched_rt_period = 200000;	/* it need not take a second */
	sysctl_sched_rt_runtime = 190000;
	EXPECT_EQ(misuse_provoke("runaway-fifo"), 0);
	return NULL;
}
