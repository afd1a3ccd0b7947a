/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Signals, as far as kernel threads have them: a set of pending bits that ends interruptible sleep. Nothing ever
 * interrupts a kernel thread's code; it looks by itself. It ignores every signal that it has not asked for:
 *
 *	allow_signal(SIGTERM);
 *	while (!kthread_should_stop()) {
 *		if (wait_event_interruptible(wq, work_to_do))	-ERESTARTSYS: somebody sent it
 *			break;
 *		...
 *	}
 *
 * What one CPU wants to tell another's thread is rarely a signal: use a condition and <linux/wait.h>.
 * Sleepers ask signal_pending_state() and its like, which are in <linux/sched.h>. Sets of signals: <linux/signal.h>.
 * Semantics: Linux 6.1. Differs: no queue of siginfo, a signal is one bit, real-time signals (32 to 64) included; no
 * process groups, so no kill_pgrp(). Without user space nobody acts by default: SIG_DFL of a deadly signal makes
 * SIGKILL pending too, which ends killable sleep, and the rest is the thread's own business.
 */
#include <linux/sched.h>
#include <linux/rculist.h>
#include <linux/signal.h>

struct pid;

/*
 * Sending. priv: 1 says that the kernel sends it, 0 that somebody does (that is left out by who called
 * allow_kernel_signal()). sig 0 sends nothing. Return: 0, also when it is ignored; -EINVAL: no such signal; -ESRCH: the
 * thread has ended. Context: any; the caller keeps p alive (kill_pid: the struct pid only).
 */
int send_sig(int sig, struct task_struct *p, int priv);
int send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p);
int kill_pid(struct pid *pid, int sig, int priv);
int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid);

/* To the calling thread, even if it ignores or blocks it; both ends with that. Context: thread. */
void force_sig(int sig);

/*
 * What the calling thread wants of a signal; the others in words. SIG_IGN also drops one that is pending.
 * allow_signal: it becomes pending and ends interruptible sleep (SIGKILL killable sleep, too).
 * allow_kernel_signal: only when the kernel sends it. disallow_signal: it leaves no trace.
 * Context: the thread itself. ignore_signals: all of them, of a thread that does not run yet or is the caller.
 */
void kernel_sigaction(int sig, __sighandler_t action);
static inline void allow_signal(int sig) { kernel_sigaction(sig, SIG_KTHREAD); }
static inline void allow_kernel_signal(int sig) { kernel_sigaction(sig, SIG_KTHREAD_KERNEL); }
static inline void disallow_signal(int sig) { kernel_sigaction(sig, SIG_IGN); }
void ignore_signals(struct task_struct *p);

/* A new program's signals: nothing is handled in a particular way, and only if force_default is false does what was
 * ignored stay ignored. Context: the caller, or a thread that does not run yet. */
void flush_signal_handlers(struct task_struct *p, int force_default);

/* flush_signals: forget all that are pending. kernel_dequeue_signal: take one of the caller's; 0 if there is none.
 * Faults (SIGSEGV and its like) come first, then the lowest number. Context: any; the thread itself. */
void flush_signals(struct task_struct *p);
int kernel_dequeue_signal(void);

/*
 * Blocked signals stay pending, but wake nobody and are not given by kernel_dequeue_signal().
 * sigprocmask: change the caller's set (SIG_BLOCK, ...); *oldset, if not NULL, gets the one before. Return: 0, -EINVAL.
 * set_current_blocked: this set; SIGKILL and SIGSTOP are left out of it.
 * recalc_sigpending: after changing current->blocked by hand, under current->sighand->siglock as old code does.
 */
int sigprocmask(int how, sigset_t *set, sigset_t *oldset);
void set_current_blocked(sigset_t *newset);
void __set_current_blocked(const sigset_t *newset);
void recalc_sigpending(void);

/* Does p ignore sig (SIG_IGN)? Context: any; momentary. */
bool sig_is_ignored(struct task_struct *p, int sig);
/* A new thread's: handlers and blocked signals are inherited, pending ones not. For fork.c. */
void copy_signals(struct task_struct *p);

/*
 * The list of all tasks, in the order of their birth, without the idle threads. Between rcu_read_lock() and
 * rcu_read_unlock(): no task_struct that is seen is freed before, but its thread may end; get_task_struct() to keep one
 * longer. To sleep in between, next_task_get(). Every thread is a process of its own with one thread.
 */
#define next_task(p)	list_entry_rcu((p)->tasks.next, struct task_struct, tasks)
#define next_thread(p)	(p)
#define for_each_process(p) \
	for (p = &init_task; (p = next_task(p)) != &init_task; )
#define __for_each_thread(p, t)	for (t = p; t; t = NULL)
#define for_each_thread(p, t)	__for_each_thread(p, t)
#define for_each_process_thread(p, t)	for_each_process(p) for_each_thread(p, t)
#define do_each_thread(g, t) \
	for (g = t = &init_task; (g = t = next_task(g)) != &init_task; ) do
#define while_each_thread(g, t)	while ((t = next_thread(t)) != g)
#define thread_group_empty(p)	((void)(p), true)
#define thread_group_leader(p)	((void)(p), true)
