/* SPDX-License-Identifier: MIT */
/*
 * Signals of kernel threads: who sees one, what it ends, what is lost (nothing that was allowed), sets of signals.
 */
#include "test.h"

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(never);

/* ---- who sees one ---- */

static int end_by_term(void *data)
{
	allow_signal(SIGTERM);
	wait_event_interruptible(never, kthread_should_stop());
	return kernel_dequeue_signal();
}

TEST(signal_a_thread_that_allows_one_ends_by_it)
{
	struct task_struct *p = test_start(-1, end_by_term, NULL, "test/signal");

	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	EXPECT_EQ(send_sig(SIGTERM, p, 0), 0);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), SIGTERM);
	return NULL;
}

static int see_nothing(void *data)
{
	test_wait_for_stop();
	/* Not signal_pending(): being stopped counts as one there. */
	return task_sigpending(current) || kernel_dequeue_signal();
}

TEST(signal_a_thread_that_allows_none_never_sees_one)
{
	struct task_struct *p = test_start(-1, see_nothing, NULL, "test/signal");
	unsigned long switches;

	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	switches = p->nvcsw;
	for (int sig = 1; sig <= _NSIG; sig++)
		for (int priv = 0; priv < 2; priv++)
			EXPECT_EQ(send_sig(sig, p, priv), 0);
	test_nap();
	EXPECT_EQ(p->nvcsw, switches);		/* not even woken */
	EXPECT(sigisemptyset(&p->pending.signal));
	EXPECT_EQ(test_join(p), 0);
	return NULL;
}

TEST(signal_allow_kernel_signal_hears_only_the_kernel)
{
	allow_kernel_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 0);
	EXPECT(!signal_pending(current));
	send_sig_info(SIGUSR1, SEND_SIG_NOINFO, current);
	EXPECT(!signal_pending(current));
	send_sig_info(SIGUSR1, SEND_SIG_PRIV, current);
	EXPECT(signal_pending(current));
	EXPECT_EQ(kernel_dequeue_signal(), SIGUSR1);
	EXPECT(!signal_pending(current));
	return NULL;
}

TEST(signal_disallow_signal_drops_the_pending_and_the_coming)
{
	allow_signal(SIGUSR1);
	allow_signal(SIGUSR2);
	send_sig(SIGUSR1, current, 1);
	send_sig(SIGUSR2, current, 1);
	disallow_signal(SIGUSR1);
	EXPECT(signal_pending(current));
	EXPECT_EQ(kernel_dequeue_signal(), SIGUSR2);
	send_sig(SIGUSR1, current, 1);
	EXPECT(!signal_pending(current));
	EXPECT_EQ(kernel_dequeue_signal(), 0);
	return NULL;
}

TEST(signal_ignore_signals_and_flush_signals_leave_none)
{
	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	EXPECT(signal_pending(current));
	flush_signals(current);
	EXPECT(!signal_pending(current));
	send_sig(SIGUSR1, current, 1);		/* still allowed */
	EXPECT(signal_pending(current));
	ignore_signals(current);
	EXPECT(!signal_pending(current));
	send_sig(SIGUSR1, current, 1);
	EXPECT(!signal_pending(current));
	EXPECT(sig_is_ignored(current, SIGUSR1));
	return NULL;
}

TEST(signal_default_is_nothing_for_some_and_deadly_for_others)
{
	kernel_sigaction(SIGCHLD, SIG_DFL);
	kernel_sigaction(SIGWINCH, SIG_DFL);
	send_sig(SIGCHLD, current, 1);
	send_sig(SIGWINCH, current, 1);
	EXPECT(!signal_pending(current));
	kernel_sigaction(SIGTERM, SIG_DFL);
	send_sig(SIGTERM, current, 0);
	EXPECT(fatal_signal_pending(current));
	EXPECT_EQ(kernel_dequeue_signal(), SIGKILL);
	EXPECT_EQ(kernel_dequeue_signal(), SIGTERM);
	EXPECT(!fatal_signal_pending(current));
	allow_signal(SIGCHLD);			/* asked for, it does come */
	send_sig(SIGCHLD, current, 1);
	EXPECT_EQ(kernel_dequeue_signal(), SIGCHLD);
	return NULL;
}

TEST(signal_force_sig_comes_through_ignored_and_blocked)
{
	sigset_t set;

	force_sig(SIGUSR1);
	EXPECT(fatal_signal_pending(current));	/* its handler is the default now */
	flush_signals(current);
	siginitset(&set, sigmask(SIGUSR2));
	sigprocmask(SIG_BLOCK, &set, NULL);
	force_sig(SIGUSR2);
	EXPECT(signal_pending(current));
	EXPECT(!sigismember(&current->blocked, SIGUSR2));
	return NULL;
}

TEST(signal_init_gets_none_that_it_has_not_allowed)
{
	struct task_struct *init = find_get_task_by_vpid(1);

	EXPECT(init);
	for (int sig = 1; sig <= _NSIG; sig++)
		send_sig(sig, init, 1);
	EXPECT(sigisemptyset(&init->pending.signal));
	EXPECT(!signal_pending(init));
	put_task_struct(init);
	return NULL;
}

/* ---- order, blocking, errors ---- */

TEST(signal_dequeue_gives_faults_first_then_the_lowest)
{
	static const int sent[] = { SIGUSR2, SIGSEGV, 40, SIGHUP, SIGUSR2 };

	for (int i = 0; i < (int)ARRAY_SIZE(sent); i++) {
		allow_signal(sent[i]);
		send_sig(sent[i], current, 1);
	}
	EXPECT_EQ(kernel_dequeue_signal(), SIGSEGV);
	EXPECT_EQ(kernel_dequeue_signal(), SIGHUP);
	EXPECT_EQ(kernel_dequeue_signal(), SIGUSR2);
	EXPECT(signal_pending(current));
	EXPECT_EQ(kernel_dequeue_signal(), 40);
	EXPECT(!signal_pending(current));
	EXPECT_EQ(kernel_dequeue_signal(), 0);
	return NULL;
}

TEST(signal_stopping_and_going_on_cancel_each_other)
{
	allow_signal(SIGSTOP);
	allow_signal(SIGCONT);
	send_sig(SIGSTOP, current, 1);
	send_sig(SIGCONT, current, 1);
	EXPECT_EQ(kernel_dequeue_signal(), SIGCONT);
	EXPECT_EQ(kernel_dequeue_signal(), 0);
	send_sig(SIGCONT, current, 1);
	send_sig(SIGSTOP, current, 1);
	EXPECT_EQ(kernel_dequeue_signal(), SIGSTOP);
	EXPECT_EQ(kernel_dequeue_signal(), 0);
	return NULL;
}

TEST(signal_a_blocked_one_waits_until_it_is_unblocked)
{
	sigset_t set, old;

	allow_signal(SIGUSR1);
	siginitset(&set, sigmask(SIGUSR1));
	EXPECT_EQ(sigprocmask(SIG_BLOCK, &set, &old), 0);
	EXPECT(sigisemptyset(&old));
	send_sig(SIGUSR1, current, 1);
	EXPECT(!signal_pending(current));
	EXPECT_EQ(kernel_dequeue_signal(), 0);
	EXPECT_EQ(sigprocmask(SIG_UNBLOCK, &set, &old), 0);
	EXPECT(sigismember(&old, SIGUSR1));
	EXPECT(signal_pending(current));
	EXPECT_EQ(kernel_dequeue_signal(), SIGUSR1);
	EXPECT_EQ(sigprocmask(7, &set, NULL), -EINVAL);
	return NULL;
}

TEST(signal_set_current_blocked_leaves_kill_and_stop_out)
{
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	set_current_blocked(&all);
	EXPECT(!sigismember(&current->blocked, SIGKILL));
	EXPECT(!sigismember(&current->blocked, SIGSTOP));
	EXPECT(sigismember(&current->blocked, SIGTERM));
	set_current_blocked(&none);
	EXPECT(sigisemptyset(&current->blocked));
	return NULL;
}

/* The way of threads of Linux 2.4: block all but some, by hand. */
TEST(signal_old_code_may_set_blocked_under_siglock)
{
	allow_signal(SIGKILL);
	allow_signal(SIGTERM);
	spin_lock_irq(&current->sighand->siglock);
	siginitsetinv(&current->blocked, sigmask(SIGKILL));
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
	send_sig(SIGTERM, current, 1);
	EXPECT(!signal_pending(current));
	send_sig(SIGKILL, current, 1);
	EXPECT(signal_pending(current));
	EXPECT_EQ(kernel_dequeue_signal(), SIGKILL);
	return NULL;
}

TEST(signal_that_does_not_exist_is_refused)
{
	EXPECT_EQ(send_sig(0, current, 1), 0);
	EXPECT_EQ(send_sig(-1, current, 1), -EINVAL);
	EXPECT_EQ(send_sig(_NSIG + 1, current, 1), -EINVAL);
	EXPECT(!signal_pending(current));
	return NULL;
}

TEST(signal_allow_signal_of_a_number_that_does_not_exist_warns, .warns = "allows or disallows signal 65")
{
	allow_signal(_NSIG + 1);
	return NULL;
}

TEST(signal_kill_pid_reaches_a_thread_until_it_has_ended)
{
	struct task_struct *p = test_start(-1, end_by_term, NULL, "test/signal");
	struct pid *pid = get_task_pid(p, PIDTYPE_PID);

	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	EXPECT_EQ(kill_pid(pid, 0, 1), 0);
	EXPECT_EQ(kill_pid(pid, SIGTERM, 1), 0);
	EXPECT(eventually(kill_pid(pid, 0, 1) == -ESRCH));
	EXPECT_EQ(send_sig(SIGTERM, p, 1), -ESRCH);
	EXPECT_EQ(test_join(p), SIGTERM);
	put_pid(pid);
	return NULL;
}

TEST(signal_children_inherit_handlers_but_nothing_pending)
{
	struct task_struct *p;

	allow_signal(SIGTERM);
	send_sig(SIGTERM, current, 1);
	/* kthreadd is the parent, and ignores all. */
	p = test_start(-1, see_nothing, NULL, "test/signal");
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	EXPECT(sig_is_ignored(p, SIGTERM));
	EXPECT(!signal_pending(p));
	EXPECT_EQ(test_join(p), 0);
	flush_signals(current);
	return NULL;
}

/* ---- what it ends ---- */

static DECLARE_COMPLETION(never_done);
static DEFINE_MUTEX(taken);

static long wait_interruptible(void) { return wait_event_interruptible(never, false); }
static long wait_killable(void) { return wait_event_killable(never, false); }
static long complete_interruptible(void) { return wait_for_completion_interruptible(&never_done); }
static long complete_killable(void) { return wait_for_completion_killable(&never_done); }
static long complete_timeout(void) { return wait_for_completion_killable_timeout(&never_done, 1000 * HZ); }
static long wait_timeout(void) { return wait_event_interruptible_timeout(never, false, 1000 * HZ); }

/* A mutex says -EINTR, in Linux, too. */
static long mutex_interruptible(void)
{
	return mutex_lock_interruptible(&taken) == -EINTR ? -ERESTARTSYS : 0;
}

static long sleep_interruptible(void)
{
	return schedule_timeout_interruptible(1000 * HZ) > 0 ? -ERESTARTSYS : 0;
}

static long sleep_killable(void)
{
	return schedule_timeout_killable(1000 * HZ) > 0 ? -ERESTARTSYS : 0;
}

static const struct way {
	long (*wait)(void);
	bool only_kill;
} ways[] = {
	{ wait_interruptible, false }, { wait_killable, true }, { complete_interruptible, false },
	{ complete_killable, true }, { complete_timeout, true }, { wait_timeout, false },
	{ mutex_interruptible, false }, { sleep_interruptible, false }, { sleep_killable, true },
};

static int wait_that_way(void *data)
{
	allow_signal(SIGTERM);
	allow_signal(SIGKILL);
	return ((const struct way *)data)->wait();
}

static const char *ends_by(const struct way *way)
{
	struct task_struct *p = test_start(-1, wait_that_way, (void *)way, "test/signal");

	EXPECT(eventually(test_asleep(p, TEST_ANY_SLEEP)));
	if (way->only_kill) {
		unsigned long switches = p->nvcsw;

		send_sig(SIGTERM, p, 1);
		test_nap();
		EXPECT(test_asleep(p, TEST_ANY_SLEEP));
		EXPECT_EQ(p->nvcsw, switches);
		send_sig(SIGKILL, p, 1);
	} else {
		send_sig(SIGTERM, p, 1);
	}
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), -ERESTARTSYS);
	return NULL;
}

TEST(signal_ends_every_interruptible_and_killable_wait_with_erestartsys)
{
	mutex_lock(&taken);
	for (int i = 0; i < (int)ARRAY_SIZE(ways); i++) {
		const char *why = ends_by(&ways[i]);

		if (why) {
			mutex_unlock(&taken);
			return why;
		}
	}
	mutex_unlock(&taken);
	return NULL;
}

TEST(signal_that_is_pending_keeps_a_thread_from_falling_asleep)
{
	allow_signal(SIGTERM);
	send_sig(SIGTERM, current, 1);
	EXPECT_EQ(wait_event_interruptible(never, false), -ERESTARTSYS);
	EXPECT_OP(schedule_timeout_interruptible(1000 * HZ), >, 0);
	EXPECT_EQ(schedule_timeout_killable(1), 0);	/* not deadly: this sleep is slept */
	EXPECT_EQ(kernel_dequeue_signal(), SIGTERM);
	return NULL;
}

/* ---- races ---- */

static struct hunt {
	struct task_struct *prey;
	atomic_t seen[_NSIG + 1];
	int rounds;
} hunt;

/* Takes signals until SIGTERM says that no more will come. */
static int count_signals(void *data)
{
	int sig;

	for (sig = SIGHUP; sig <= SIGTERM; sig++)
		if (sig != SIGKILL)
			allow_signal(sig);
	do {
		wait_event_interruptible(never, false);
		while ((sig = kernel_dequeue_signal()) && sig != SIGTERM)
			atomic_inc(&hunt.seen[sig]);
	} while (sig != SIGTERM);
	return 0;
}

/* A sender sends the next one only when its last was seen, so none may be merged with another. */
static const char *send_and_await(struct crew *c, int who)
{
	int sig = SIGHUP + who, i;

	for (i = 0; i < hunt.rounds; i++) {
		EXPECT_EQ(send_sig(sig, hunt.prey, 1), 0);
		if (!eventually(atomic_read(&hunt.seen[sig]) > i))
			return test_fail("signal %d, round %d: sent, never seen", sig, i);
	}
	return NULL;
}

TEST(signal_racing_senders_lose_none)
{
	struct crew c = { .fn = send_and_await, .n = 6, .bound = true };

	memset(&hunt, 0, sizeof(hunt));
	hunt.rounds = test_rounds(50);
	hunt.prey = test_start(num_online_cpus() - 1, count_signals, NULL, "test/prey");
	EXPECT(eventually(test_asleep(hunt.prey, TASK_INTERRUPTIBLE)));	/* it has allowed them all */
	TRY(crew_run(&c));
	for (int i = 0; i < 6; i++)
		EXPECT_EQ(atomic_read(&hunt.seen[SIGHUP + i]), hunt.rounds);
	send_sig(SIGTERM, hunt.prey, 1);
	EXPECT(eventually(READ_ONCE(hunt.prey->exit_state)));
	EXPECT_EQ(test_join(hunt.prey), 0);
	return NULL;
}

/* Whoever changes handlers and blocked signals while others send: in the end the bits fit together. */
static int flutter(void *data)
{
	sigset_t set;

	siginitset(&set, sigmask(SIGUSR1) | sigmask(SIGTERM));
	while (!kthread_should_stop()) {
		allow_signal(SIGUSR1);
		sigprocmask(SIG_BLOCK, &set, NULL);
		cond_resched();
		disallow_signal(SIGUSR1);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		cond_resched();
		flush_signals(current);
	}
	disallow_signal(SIGUSR1);
	return task_sigpending(current) || !sigisemptyset(&current->pending.signal);
}

static const char *pester(struct crew *c, int who)
{
	for (int i = 0; i < test_rounds(2000); i++) {
		send_sig(SIGUSR1, hunt.prey, i & 1);
		if (i % 16 == 0)
			cond_resched();
	}
	return NULL;
}

TEST(signal_changing_minds_and_racing_senders_leave_no_stray_bit)
{
	struct crew c = { .fn = pester, .n = 4, .bound = true };

	hunt.prey = test_start(-1, flutter, NULL, "test/prey");
	TRY(crew_run(&c));
	EXPECT_EQ(test_join(hunt.prey), 0);
	return NULL;
}

/* Sent while the thread is on its way into the sleep, and while it ends. */
static int end_at_once(void *data)
{
	allow_signal(SIGTERM);
	complete(data);
	return wait_event_interruptible(never, false);
}

TEST(signal_that_meets_the_sleeper_on_its_way_is_not_lost)
{
	for (int i = 0; i < test_rounds(300); i++) {
		DECLARE_COMPLETION_ONSTACK(allowed);
		struct task_struct *p = test_start(i % num_online_cpus(), end_at_once, &allowed, "test/signal");

		wait_for_completion(&allowed);
		send_sig(SIGTERM, p, 1);
		EXPECT(eventually(READ_ONCE(p->exit_state)));
		EXPECT_EQ(test_join(p), -ERESTARTSYS);
	}
	return NULL;
}

/* ---- sets ---- */

TEST(signal_sets_hold_every_signal_and_no_other)
{
	sigset_t a, b, r;

	sigemptyset(&a);
	EXPECT(sigisemptyset(&a));
	for (int sig = 1; sig <= _NSIG; sig++) {
		EXPECT(!sigismember(&a, sig));
		sigaddset(&a, sig);
		EXPECT(sigismember(&a, sig));
	}
	sigfillset(&b);
	EXPECT(sigequalsets(&a, &b));
	sigdelset(&a, SIGKILL);
	EXPECT(!sigismember(&a, SIGKILL));
	EXPECT(!sigequalsets(&a, &b));
	siginitset(&b, sigmask(SIGTERM) | sigmask(SIGKILL));
	sigandsets(&r, &a, &b);
	EXPECT_EQ(r.sig[0], sigmask(SIGTERM));
	sigandnsets(&r, &b, &a);
	EXPECT_EQ(r.sig[0], sigmask(SIGKILL));
	sigorsets(&r, &a, &b);
	signotset(&r);
	EXPECT(sigisemptyset(&r));
	siginitsetinv(&a, sigmask(SIGTERM));
	EXPECT(!sigismember(&a, SIGTERM) && sigismember(&a, SIGHUP) && sigismember(&a, 64));
	EXPECT(sigtestsetmask(&b, sigmask(SIGTERM)));
	sigdelsetmask(&b, sigmask(SIGTERM));
	EXPECT(!sigtestsetmask(&b, sigmask(SIGTERM)));
	EXPECT(valid_signal(0) && valid_signal(64) && !valid_signal(65) && !valid_signal(-1));
	return NULL;
}
