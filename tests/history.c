/* SPDX-License-Identifier: MIT */
/*
 * The three ways in which Linux has made kernel threads (kernel/history.c), and whole modules of those days
 * (tests/old_*.c, compiled with the switch of <linux/old_names.h>), loaded and unloaded.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/pid.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "old_modules.h"
#include "../kernel/history.h"
#include "../kernel/shell.h"

static struct history h;

static const char *run_history(void)
{
	int err = history_run(&h);

	workqueue_retire_idle();
	EXPECT_EQ(err, 0);
	return NULL;
}

TEST(history_a_bare_thread_inherits_everything)
{
	struct specimen *s = &h.specimens[WAY_BARE];

	TRY(run_history());
	EXPECT_EQ(s->maker_pid, h.pid);
	EXPECT_EQ(s->parent_pid, h.pid);
	EXPECT(strcmp(s->comm, "insmod") == 0);
	EXPECT_EQ(s->nice, h.nice);
	EXPECT(cpumask_equal(&s->cpus, cpumask_of(h.cpu)));
	EXPECT(s->sees_sigterm);
	EXPECT(s->left_body);
	return NULL;
}

TEST(history_daemonize_undoes_some_of_it)
{
	struct specimen *s = &h.specimens[WAY_DAEMONIZED];

	TRY(run_history());
	EXPECT_EQ(s->maker_pid, h.pid);
	EXPECT_EQ(s->parent_pid, 1);
	EXPECT(strcmp(s->comm, "history/1") == 0);
	EXPECT(s->blocks_sigterm && !s->sees_sigterm);
	EXPECT(!s->left_body);
	/* What it forgets. */
	EXPECT_EQ(s->nice, h.nice);
	EXPECT(cpumask_equal(&s->cpus, cpumask_of(h.cpu)));
	return NULL;
}

static const char *expect_clean(struct specimen *s)
{
	EXPECT_EQ(s->nice, 0);
	EXPECT(cpumask_equal(&s->cpus, cpu_online_mask));
	EXPECT(!s->sees_sigterm && !s->blocks_sigterm);
	EXPECT(!s->left_body);
	EXPECT(strncmp(s->comm, "history/", 8) == 0);
	return NULL;
}

TEST(history_a_helper_s_copy_is_clean_and_the_worker_s_child)
{
	struct specimen *s = &h.specimens[WAY_HELPER];

	TRY(run_history());
	TRY(expect_clean(s));
	EXPECT(strncmp(s->maker, "kworker/", 8) == 0);
	EXPECT_EQ(s->maker_pid, s->parent_pid);
	return NULL;
}

TEST(history_kthreadd_s_copy_is_clean_and_kthreadd_s_child)
{
	struct specimen *s = &h.specimens[WAY_KTHREADD];

	TRY(run_history());
	TRY(expect_clean(s));
	EXPECT_EQ(s->maker_pid, 2);
	EXPECT_EQ(s->parent_pid, 2);
	return NULL;
}

TEST(history_runs_again_and_again_and_leaves_nothing)
{
	for (int i = 0; i < test_rounds(20); i++)
		EXPECT_EQ(history_run(&h), 0);
	shell_run("history");
	workqueue_retire_idle();
	return NULL;
}

/* ---- modules of those days ---- */

TEST(history_module_of_2_6_0_is_ended_by_a_signal, .limit = 60)
{
	struct task_struct *p;

	EXPECT_EQ(old_daemon_init(), 0);
	p = find_get_task_by_vpid(old_daemon_pid);
	EXPECT(p);
	EXPECT(eventually(old_daemon_turns >= 3));
	EXPECT(strncmp(p->comm, "olddaemon/", 10) == 0);
	EXPECT_EQ(task_ppid_nr(p), 1);
	old_daemon_exit();
	EXPECT(eventually(p->exit_state));
	put_task_struct(p);
	return NULL;
}

TEST(history_module_of_2_6_10_gets_its_data_everywhere)
{
	EXPECT_EQ(old_mill_init(), 0);
	EXPECT(eventually(READ_ONCE(old_mill_rounds) >= 5));
	old_mill_exit();
	EXPECT_EQ(old_mill_faults, 0);
	workqueue_retire_idle();
	return NULL;
}

TEST(history_module_of_3_10_has_a_worker)
{
	EXPECT_EQ(old_worker_init(), 0);
	EXPECT_EQ(old_worker_orders, 1 + 2 + 3 + 4);
	EXPECT_EQ(old_worker_cpu, num_online_cpus() - 1);
	EXPECT(eventually(READ_ONCE(old_worker_checks) >= 3));
	old_worker_exit();
	workqueue_retire_idle();
	return NULL;
}
