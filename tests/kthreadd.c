/* SPDX-License-Identifier: MIT */
/*
 * The family: who is PID 0, 1 and 2, and who is whose child.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>

TEST(kthreadd_is_pid_2_and_its_parent_is_pid_0)
{
	struct task_struct *p = find_task_by_vpid(2);

	EXPECT(p);
	EXPECT(strcmp(p->comm, "kthreadd") == 0);
	EXPECT_EQ(p->real_parent->pid, 0);
	EXPECT(p->real_parent == &init_task);
	EXPECT(p->flags & PF_KTHREAD);
	return NULL;
}

TEST(kthreadd_init_is_pid_1_and_its_parent_is_pid_0)
{
	struct task_struct *p = find_task_by_vpid(1);

	EXPECT(p);
	EXPECT_EQ(p->real_parent->pid, 0);
	EXPECT(!(p->flags & PF_KTHREAD));
	return NULL;
}

TEST(kthreadd_is_the_parent_of_every_other_kernel_thread)
{
	struct task_struct *p = NULL;
	int others = 0;

	while ((p = next_task_get(p)) != NULL) {
		int parent = task_ppid_nr(p);

		if (!(p->flags & PF_KTHREAD) || p->pid <= 2)
			continue;
		others++;
		if (parent != 2) {
			const char *why = test_fail("%s (%d) has parent %d", p->comm, p->pid, parent);

			put_task_struct(p);
			return why;
		}
	}
	EXPECT(others >= 1);	/* this test runs on one */
	return NULL;
}

TEST(kthreadd_and_init_may_run_on_every_cpu)
{
	EXPECT(cpumask_subset(cpu_online_mask, &find_task_by_vpid(1)->cpus_mask));
	EXPECT(cpumask_subset(cpu_online_mask, &find_task_by_vpid(2)->cpus_mask));
	return NULL;
}

TEST(kthreadd_sleeps_when_it_has_nothing_to_do)
{
	EXPECT(eventually(test_asleep(find_task_by_vpid(2), TASK_INTERRUPTIBLE)));
	return NULL;
}

static int nothing(void *data)
{
	return test_wait_for_stop();
}

/* Lists must agree: a thread is on its parent's list of children exactly while it can be found. */
static bool is_child_of_kthreadd(struct task_struct *wanted)
{
	struct task_struct *p;
	bool found = false;

	raw_spin_lock_irq(&tasklist_lock);
	list_for_each_entry(p, &find_task_by_vpid(2)->children, sibling)
		found |= p == wanted;
	raw_spin_unlock_irq(&tasklist_lock);
	return found;
}

TEST(kthreadd_lists_its_children)
{
	struct task_struct *p = test_start(-1, nothing, NULL, "test/child");

	EXPECT(is_child_of_kthreadd(p));
	kthread_stop(p);
	EXPECT(eventually(!is_child_of_kthreadd(p)));
	put_task_struct(p);
	return NULL;
}

TEST(kthreadd_ignores_signals)
{
	struct task_struct *p = find_task_by_vpid(2);

	send_sig(SIGTERM, p, 1);
	send_sig(SIGINT, p, 1);
	EXPECT(!signal_pending(p));
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	return NULL;
}
