/* SPDX-License-Identifier: MIT */
/* What a thread knows of itself: PID, parent, flags, policy, credentials, CPUs. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

static DECLARE_COMPLETION(done);

static int tells(void *data)
{
	ask_text(current->comm);
	ask(current->pid == current->tgid);
	ask(task_pid_nr(current) == current->pid);
	ask(current->real_parent->pid);
	ask(current->parent == current->real_parent);
	ask(current->group_leader == current);
	ask(thread_group_leader(current));
	ask(!!(current->flags & PF_KTHREAD));
	ask(!!(current->flags & PF_EXITING));
	ask(!!(current->flags & PF_NO_SETAFFINITY));
	ask(current->policy);
	ask(current->prio);
	ask(current->nr_cpus_allowed == num_possible_cpus());
	ask(signal_pending(current));
	ask(from_kuid(&init_user_ns, current_uid()));
	ask(uid_eq(current_euid(), GLOBAL_ROOT_UID));
	ask(kthread_data(current) == data);
	ask(kthread_should_stop());
	ask(kthread_should_park());
	complete(&done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void run(void)
{
	struct task_struct *t;

	say("init runs on %s, kernel thread %d", current->comm, !!(current->flags & PF_KTHREAD));
	t = kthread_run(tells, &done, "task_facts");
	wait_for_completion(&done);
	get_task_struct(t);
	ask(kthread_stop(t));
	ask(t->exit_state != 0);
	put_task_struct(t);
}
promise(run);
