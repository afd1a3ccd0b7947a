/* SPDX-License-Identifier: MIT */
/*
 * What /proc says of thread 2, which is kthreadd in both.
 *
 * judge: run cat /proc/2/comm
 * judge: run cat /proc/2/wchan
 * judge: run cat /proc/2/cmdline
 * judge: run cat /proc/2/status | grep -E "^Name:|^State:|^Tgid:|^Pid:|^PPid:|^TracerPid:"
 * judge: run cat /proc/2/status | grep -E "^Threads:|^SigPnd:|^ShdPnd:|^SigBlk:|^SigIgn:|^SigCgt:"
 * judge: run cat /proc/2/status | grep -E "^Cpus_allowed:|^Mems_allowed_list:|^Uid:|^Gid:|^Ngid:|^NoNewPrivs:"
 * judge: run cat /proc/2/status | grep -E "^Seccomp:"
 */
#include "promise.h"
#include <linux/pid.h>
#include <linux/sched.h>

static void run(void)
{
	struct task_struct *p;

	rcu_read_lock();
	p = pid_task(find_vpid(2), PIDTYPE_PID);
	ask_text(p->comm);
	ask(p->pid);
	ask(p->real_parent->pid);
	ask(!!(p->flags & PF_KTHREAD));
	rcu_read_unlock();
}
promise(run);
