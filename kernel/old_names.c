/* SPDX-License-Identifier: MIT */
/*
 * What modules of 2.6 need beyond macros: turning a copy of the caller into a daemon, and the big kernel lock.
 *
 * Before there was kthreadd, a kernel thread was a copy of whoever asked for it: often of insmod, a process with a
 * terminal, a nice value and signals of its own, which wanted to end soon. daemonize() was the list of what to undo. It
 * did not undo everything; kernel/history.c shows what was forgotten, and docs/history.md tells the story.
 *
 * Locking: tasklist_lock for the family; bkl for the big kernel lock. Read next: kernel/history.c.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/old_names.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sprintf.h>

pid_t old_kernel_thread(int (*fn)(void *), void *arg, unsigned long flags)
{
	return (kernel_thread)(fn, arg, flags);
}
EXPORT_SYMBOL(old_kernel_thread);

/* A kthread's end is awaited by who stops it, so it ends in its own way. */
void __noreturn old_do_exit(long code)
{
	if (current->flags & PF_KTHREAD)
		kthread_exit(code);
	(do_exit)(code);
}
EXPORT_SYMBOL(old_do_exit);

/* The calling thread leaves its parent, who shall not wait for it, and becomes init's child. */
void reparent_to_init(void)
{
	struct task_struct *init = find_task_by_vpid(1);

	raw_spin_lock_irq(&tasklist_lock);
	current->real_parent = current->parent = init;
	list_move_tail(&current->sibling, &init->children);
	current->exit_signal = SIGCHLD;
	raw_spin_unlock_irq(&tasklist_lock);
	if (!rt_task(current) && task_nice(current) < 0)
		set_user_nice(current, 0);
}
EXPORT_SYMBOL(reparent_to_init);

void daemonize(const char *name, ...)
{
	char comm[TASK_COMM_LEN];
	sigset_t all;
	va_list args;

	va_start(args, name);
	vsnprintf(comm, sizeof(comm), name, args);
	va_end(args);
	set_task_comm(current, comm);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	flush_signals(current);
	reparent_to_init();
}
EXPORT_SYMBOL(daemonize);

/* ---- the big kernel lock ---- */

static DEFINE_MUTEX(bkl);
static struct task_struct *bkl_owner;	/* bkl; others read it to see that it is not they */
static int bkl_depth;			/* bkl */

void lock_kernel(void)
{
	if (READ_ONCE(bkl_owner) != current) {
		mutex_lock(&bkl);
		WRITE_ONCE(bkl_owner, current);
	}
	bkl_depth++;
}
EXPORT_SYMBOL(lock_kernel);

void unlock_kernel(void)
{
	if (WARN_ONCE(READ_ONCE(bkl_owner) != current, "%s (%d) unlocks the big kernel lock without having it\n",
		      current->comm, current->pid))
		return;
	if (--bkl_depth)
		return;
	WRITE_ONCE(bkl_owner, NULL);
	mutex_unlock(&bkl);
}
EXPORT_SYMBOL(unlock_kernel);
