/* SPDX-License-Identifier: MIT */
/*
 * Birth and death below the kthread layer: kernel_thread(), pids, zombies, wait, orphans; nothing leaks.
 */
#include "test.h"

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>

static int exit_code_is(void *data)
{
	do_exit((long)data << 8);
}

static int return_code(void *data)
{
	return (int)(long)data << 8;
}

/*
 * A child that tells its parent: it stays a zombie until the parent waits. Kernel threads ignore SIGCHLD from birth,
 * so one that wants to wait must say so first.
 */
static pid_t spawn(int (*fn)(void *), long data)
{
	kernel_sigaction(SIGCHLD, SIG_DFL);
	return kernel_thread(fn, (void *)data, CLONE_FS | CLONE_FILES | SIGCHLD);
}

/* Is the thread still to be found? Only a look: it may be gone a moment later. */
static bool is_listed(pid_t pid)
{
	struct task_struct *p = find_get_task_by_vpid(pid);

	if (p)
		put_task_struct(p);
	return p != NULL;
}

static int exit_state_of(pid_t pid)
{
	struct task_struct *p = find_get_task_by_vpid(pid);
	int state = p ? READ_ONCE(p->exit_state) : -1;

	if (p)
		put_task_struct(p);
	return state;
}

TEST(fork_child_of_kernel_thread_is_a_child_of_the_caller)
{
	pid_t pid = spawn(exit_code_is, 1);
	struct task_struct *p = find_get_task_by_vpid(pid);

	EXPECT_OP(pid, >, 2);
	EXPECT(p);
	EXPECT(p->real_parent == current);
	EXPECT_EQ(p->tgid, p->pid);
	put_task_struct(p);
	EXPECT_EQ(kernel_wait4(pid, NULL, 0, NULL), pid);
	return NULL;
}

TEST(exit_a_zombie_stays_until_its_parent_waits)
{
	pid_t pid = spawn(exit_code_is, 3);
	int stat = 0;

	EXPECT(eventually(exit_state_of(pid) == EXIT_ZOMBIE));
	EXPECT(is_listed(pid));
	EXPECT_EQ(kernel_wait4(pid, &stat, 0, NULL), pid);
	EXPECT_EQ(stat, 3 << 8);
	EXPECT(!is_listed(pid));
	EXPECT_EQ(kernel_wait4(pid, &stat, 0, NULL), -ECHILD);
	return NULL;
}

TEST(exit_the_returned_value_is_the_exit_code)
{
	pid_t pid = spawn(return_code, 5);
	int stat = 0;

	EXPECT_EQ(kernel_wait4(pid, &stat, 0, NULL), pid);
	EXPECT_EQ(stat, 5 << 8);
	return NULL;
}

TEST(exit_kernel_wait_takes_one_child)
{
	pid_t pid = spawn(exit_code_is, 7);
	int stat = 0;

	EXPECT_EQ(kernel_wait(pid, &stat), pid);
	EXPECT_EQ(stat, 7 << 8);
	return NULL;
}

/* Ends when its parent sleeps, waiting for it. */
static int slow_child(void *data)
{
	while (!test_asleep(current->real_parent, TASK_INTERRUPTIBLE))
		test_nap();
	return 0;
}

TEST(exit_wait_sleeps_until_a_child_ends_and_wnohang_does_not)
{
	pid_t pid = spawn(slow_child, 0);

	EXPECT_EQ(kernel_wait4(-1, NULL, WNOHANG, NULL), 0);
	EXPECT_EQ(kernel_wait4(-1, NULL, 0, NULL), pid);
	EXPECT_EQ(kernel_wait4(-1, NULL, 0, NULL), -ECHILD);
	return NULL;
}

TEST(exit_wait_for_any_takes_them_all)
{
	int i, got = 0;

	for (i = 0; i < 20; i++)
		EXPECT_OP(spawn(exit_code_is, i), >, 0);
	while (kernel_wait4(-1, NULL, 0, NULL) > 0)
		got++;
	EXPECT_EQ(got, 20);
	return NULL;
}

TEST(exit_without_a_signal_to_the_parent_reaps_itself)
{
	pid_t pid = kernel_thread(exit_code_is, NULL, CLONE_FS | CLONE_FILES);

	EXPECT_OP(pid, >, 0);
	EXPECT(eventually(!is_listed(pid)));
	return NULL;
}

TEST(exit_children_of_a_parent_that_ignores_sigchld_reap_themselves_and_its_wait_ends)
{
	pid_t pid = kernel_thread(slow_child, NULL, CLONE_FS | CLONE_FILES | SIGCHLD);

	EXPECT_OP(pid, >, 0);
	EXPECT_EQ(kernel_wait4(pid, NULL, 0, NULL), -ECHILD);
	EXPECT(!is_listed(pid));
	return NULL;
}

/* ---- orphans ---- */

static pid_t grandchild;
static bool let_go;

static int wait_to_be_let_go(void *data)
{
	while (!READ_ONCE(let_go))
		test_nap();
	return 0;
}

static int leave_an_orphan(void *data)
{
	WRITE_ONCE(grandchild, spawn(wait_to_be_let_go, 0));
	return 0;
}

TEST(exit_orphans_go_to_init_and_are_reaped)
{
	pid_t child;
	struct task_struct *p;

	let_go = false;
	grandchild = 0;
	child = spawn(leave_an_orphan, 0);
	EXPECT_EQ(kernel_wait4(child, NULL, 0, NULL), child);
	p = find_get_task_by_vpid(grandchild);
	EXPECT(p);
	EXPECT_EQ(p->real_parent->pid, 1);
	put_task_struct(p);
	WRITE_ONCE(let_go, true);
	EXPECT(eventually(!is_listed(grandchild)));
	return NULL;
}

/* ---- many ---- */

TEST(fork_do_fork_is_the_older_name)
{
	int stat = 0;
	long pid;

	kernel_sigaction(SIGCHLD, SIG_DFL);
	pid = do_fork(CLONE_KERNEL | SIGCHLD, exit_code_is, (void *)2L);
	EXPECT_OP(pid, >, 2);
	EXPECT_EQ(kernel_wait4(pid, &stat, 0, NULL), pid);
	EXPECT_EQ(stat, 2 << 8);
	return NULL;
}

static const char *spawn_and_reap(struct crew *c, int who)
{
	int i, round;

	for (round = 0; round < test_rounds(25); round++) {
		for (i = 0; i < 20; i++)
			EXPECT_OP(spawn(exit_code_is, i), >, 0);
		for (i = 0; i < 20; i++)
			EXPECT_OP(kernel_wait4(-1, NULL, 0, NULL), >, 0);
	}
	return NULL;
}

/* 4,000 threads: the runner sees that threads and free pages are then what they were. */
TEST(exit_thousands_created_and_reaped_under_load_leak_nothing)
{
	struct crew c = { .fn = spawn_and_reap, .n = 8, .bound = true };

	return crew_run(&c);
}

static struct task_struct *kept;

TEST(exit_a_reference_keeps_the_struct_but_not_the_thread)
{
	pid_t pid = spawn(exit_code_is, 0);

	kept = find_get_task_by_vpid(pid);
	EXPECT(kept);
	EXPECT_EQ(kernel_wait4(pid, NULL, 0, NULL), pid);
	EXPECT(!is_listed(pid));
	EXPECT_EQ(kept->pid, pid);		/* still readable */
	EXPECT(kept->exit_state);
	put_task_struct(kept);
	return NULL;
}

TEST(fork_every_task_is_found_by_the_walk_and_by_its_pid)
{
	struct task_struct *p = NULL;
	int walked = 0;

	while ((p = next_task_get(p)) != NULL) {
		walked++;
		if (READ_ONCE(p->exit_state))
			continue;
		if (find_task_by_vpid(p->pid) != p && !READ_ONCE(p->exit_state))
			test_blame("pid %d is not found", p->pid);
	}
	EXPECT_OP(walked, >=, 3);
	return NULL;
}

static const char *walk_or_spawn(struct crew *c, int who)
{
	int i;

	for (i = 0; i < 100; i++) {
		struct task_struct *p = NULL;

		if (who & 1) {
			EXPECT_OP(spawn(exit_code_is, 0), >, 0);
			EXPECT_OP(kernel_wait4(-1, NULL, 0, NULL), >, 0);
			continue;
		}
		while ((p = next_task_get(p)) != NULL)
			BLAME_UNLESS(p->pid > 0 && p->comm[TASK_COMM_LEN - 1] == '\0');
	}
	return NULL;
}

TEST(exit_the_task_list_can_be_walked_while_threads_come_and_go)
{
	struct crew c = { .fn = walk_or_spawn, .n = 4, .bound = true };

	return crew_run(&c);
}

static int look_who_runs(void *unused)
{
	while (!kthread_should_stop()) {
		for (unsigned int cpu = 0; cpu < nr_cpu_ids; cpu++) {
			struct task_struct *p;

			if (!cpu_online(cpu))
				continue;
			rcu_read_lock();
			p = READ_ONCE(per_cpu(current_task, cpu));
			for (int i = 0; i < 50; i++)
				cpu_relax();
			BLAME_UNLESS(is_task_struct(p));
			rcu_read_unlock();
		}
		cond_resched();
	}
	return 0;
}

/* Reaped long before its last switch, or after: who has found it as the thread that runs there may look at it. */
TEST(exit_who_runs_stays_a_thread_for_rcu_readers, .cpus = 2)
{
	struct task_struct *p = test_start(1, look_who_runs, NULL, "test/looker");
	pid_t pid;

	for (int i = test_rounds(200); i--; ) {
		pid = spawn(exit_code_is, 1);
		EXPECT_OP(pid, >, 0);
		EXPECT_EQ(kernel_wait4(pid, NULL, 0, NULL), pid);
	}
	test_join(p);
	return NULL;
}
