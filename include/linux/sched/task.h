/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A task_struct's life: made by kernel_clone(), ended by do_exit(), freed with its last reference.
 * To make a thread of a module's, use <linux/kthread.h> instead.
 */
#include <linux/types.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/upcall.h>

struct kthread;
struct task_struct;
struct completion;
struct pid;

/* What kernel_clone() is asked for. Differs from Linux: no user-space members. */
struct kernel_clone_args {
	u64		flags;		/* CLONE_* without the signal */
	int		exit_signal;	/* 0: the parent is not told, the thread reaps itself */
	int		kthread;	/* PF_KTHREAD */
	int		idle;		/* an idle thread: PID 0, on no list */
	int		(*fn)(void *);
	void		*fn_arg;
	struct kthread	*record;	/* the kthread's, if the caller has made one; it stays his if this fails */
};

/*
 * kernel_clone: a new thread, running fn(fn_arg); child of the caller. Return: its pid, or -EAGAIN (no pid, too many
 * threads), -ENOMEM. Context: may sleep.
 * kernel_thread: the same by its everyday arguments, as a kernel thread. user_mode_thread: not PF_KTHREAD (init).
 * do_fork: the older name; flags end in the signal for the parent.
 */
pid_t kernel_clone(struct kernel_clone_args *args);
pid_t kernel_thread(int (*fn)(void *), void *arg, unsigned long flags);
pid_t user_mode_thread(int (*fn)(void *), void *arg, unsigned long flags);
long do_fork(unsigned long clone_flags, int (*fn)(void *), void *arg);
struct task_struct *copy_process(struct pid *pid, int node, struct kernel_clone_args *args);
struct task_struct *fork_idle(int cpu);
void fork_init(void);

/* do_exit(code), in <linux/upcall.h>: end the calling thread. Context: thread; never returns. A zombie stays until the
 * parent waits, unless the thread was made without exit_signal or the parent ignores SIGCHLD. */

/*
 * kernel_wait4: wait for a child (pid > 0: that one, -1: any) to end and reap it. Return: its pid, 0 under WNOHANG with
 * none ended, -ECHILD, -ERESTARTSYS. *stat gets the exit code. Context: may sleep.
 * Differs from Linux: no process groups, no rusage. kernel_wait: the same for one child, without options.
 */
#define WNOHANG 1
long kernel_wait4(pid_t pid, int *stat, int options, void *rusage);
int kernel_wait(pid_t pid, int *stat);
/* exit.c tells fork.c that a thread has left the list (tasklist_lock held). */
void task_forgotten(void);
/* is_task_struct: does p point to a task_struct that has not been freed? A pointer that never did, or no longer does,
 * is told from one that does by a mark in the struct. Context: any; p may be anything. */
bool is_task_struct(const struct task_struct *p);
unsigned long nr_processes_ever(void);

/* get_task_struct: keep the struct (not the thread) alive. put_task_struct(p), in <linux/upcall.h>: let it go; the last
 * one frees it. Context: any. */
static inline struct task_struct *get_task_struct(struct task_struct *p)
{
	refcount_inc(&p->usage);
	return p;
}

/* Every thread in pid order, safely while they come and go: each call returns the next with a reference, and puts the
 * one it was given. Stop early: put_task_struct() the one you hold. Context: thread. */
struct task_struct *next_task_get(struct task_struct *prev);
/* The first thread with this PID or a higher one, with a reference, or NULL: to go on where one was. */
struct task_struct *find_ge_task_get(pid_t from);

extern int pid_max;
/* pids_in_use: process numbers given out, 0 included. Momentary; looks at them all: for tests. */
unsigned int pids_in_use(void);
/* The PID that was given out last. */
pid_t last_pid_given(void);
extern int max_threads;
