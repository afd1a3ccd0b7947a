/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Signals, as far as kernel threads have them: a set of pending bits that ends interruptible sleep. A kernel thread
 * ignores every signal it has not asked for with allow_signal(); nothing ever interrupts its code.
 * Sleepers ask signal_pending_state() and its like, which are in <linux/sched.h>.
 * Semantics: Linux 6.1. Differs: no queue of siginfo; a signal is one bit. SIGCHLD, SIGCONT, SIGURG and SIGWINCH never
 * become pending; allowing SIGCHLD only makes children wait to be reaped. Init gets no signal at all.
 */
#include <linux/sched.h>
#include <linux/signal.h>

/* Context: any. send_sig, force_sig: 0, or -EINVAL. force_sig delivers even what is ignored. */
int send_sig(int sig, struct task_struct *p, int priv);
void force_sig_task(int sig, struct task_struct *p);
/* Context: the thread itself. */
void allow_signal(int sig);
void disallow_signal(int sig);
void allow_kernel_signal(int sig);
void ignore_signals(struct task_struct *p);
void flush_signals(struct task_struct *p);
/* Takes one pending signal; 0 if none. */
int kernel_dequeue_signal(void);
/* Is sig ignored by p? */
bool sig_is_ignored(struct task_struct *p, int sig);

/* The list of all tasks. Hold tasklist_lock; to walk without holding a lock, next_task_get(). */
#define next_task(p)	list_entry((p)->tasks.next, struct task_struct, tasks)
#define for_each_process(p) \
	for (p = &init_task; (p = next_task(p)) != &init_task; )
#define for_each_process_thread(p, t)	for_each_process(p) for (t = p; t; t = NULL)
#define do_each_thread(g, t) \
	for (g = t = &init_task; (g = t = next_task(g)) != &init_task; ) do
#define while_each_thread(g, t)	while (0)
