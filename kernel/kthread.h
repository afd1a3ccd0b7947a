/* SPDX-License-Identifier: MIT */
#pragma once
/* What a kthread has beyond other threads: task->worker_private. For kernel/kthread*.c, and to find a worker by it. */
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/printk.h>

/* Who asks for a thread and waits for it: on his stack. */
struct kthread_asker {
	struct completion	done;
	struct task_struct	*made;		/* written before `done` is completed; with a reference, or an error */
	char			name[TASK_COMM_LEN];
};

struct kthread {
	/* As long as it is a request: constant, but for the links and the asker. threadfn and data stay. */
	int			(*threadfn)(void *);	/* NULL: kthread_create() has not made it */
	void			*data;
	char			*full_name;	/* NULL: comm holds all of it */
	struct list_head	request;	/* kthread_create_lock */
	struct kthread_asker	*asker;		/* ORDER(create-done) */
	struct task_struct	*fail_client;	/* fault injection: whose allocations these are */

	/* As long as it is a thread. */
	unsigned long		flags;		/* atomic bits, below */
	unsigned int		cpu;		/* its CPU, with KTHREAD_IS_PER_CPU; before the thread is woken */
	bool			kept;		/* self, when it ends: somebody holds a reference */
	long			result;		/* self, before `exited` is completed */
	struct completion	parked;
	struct completion	exited;
	struct task_struct	*task;
	struct kthread_worker	*worker;	/* self: attached to it, by kthread_worker_fn() */
	struct list_head	grave;		/* graves_lock; empty while it is not there */
};

/* HAS_PARKER: somebody has asked it to park, and may wait until it has, or ends; it stays set. */
enum { KTHREAD_IS_PER_CPU, KTHREAD_SHOULD_STOP, KTHREAD_SHOULD_PARK, KTHREAD_HAS_PARKER };

/* p's record, or NULL: p is no kthread. */
static inline struct kthread *find_kthread(const struct task_struct *p)
{
	return (p->flags & PF_KTHREAD) ? p->worker_private : NULL;
}

/* The same for functions that must have a kthread: if it is none, a WARN, once for each of them, and still NULL. */
#define to_kthread(p)										\
	({											\
		struct kthread *_k = find_kthread(p);						\
		WARN_ONCE(!_k, "%s() on %s (%d), which is not a kthread: kthread_create() makes one\n",	\
			  __func__, (p)->comm, (p)->pid);					\
		_k;										\
	})

/* Has somebody called kthread_stop() on it? */
static inline bool is_told_to_stop(const struct kthread *self)
{
	return test_bit(KTHREAD_SHOULD_STOP, &self->flags);
}

/* The thread's own part of parking: kthread() parks one that was asked to before it was ever woken. */
void __kthread_parkme(struct kthread *self);
