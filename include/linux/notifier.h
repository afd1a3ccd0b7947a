/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Notifier chains: who wants to be told of something puts a block on a chain, and is called, best priority first, when
 * it happens. Four kinds, by what their callbacks may do and who keeps the chain:
 *
 *	atomic		callbacks must not sleep; RCU		call it from anywhere
 *	blocking	callbacks may sleep; an rwsem		call it from threads
 *	srcu		callbacks may sleep; SRCU		calling is cheap, taking off is slow
 *	raw		the caller's lock			the caller's rules
 *
 * A callback is not called any more when its *_unregister() has returned (raw: that is the caller's business).
 * Semantics: the comments of Linux's include/linux/notifier.h, Documentation/core-api.
 */
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>

struct notifier_block;

/* Return: NOTIFY_DONE: not interested. NOTIFY_OK: seen. NOTIFY_BAD: no, and nobody else is asked. NOTIFY_STOP: seen,
 * and nobody else is asked. notifier_from_errno() makes one of these out of 0 or an error. */
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action, void *data);

#define NOTIFY_DONE		0x0000
#define NOTIFY_OK		0x0001
#define NOTIFY_STOP_MASK	0x8000
#define NOTIFY_BAD		(NOTIFY_STOP_MASK | 0x0002)
#define NOTIFY_STOP		(NOTIFY_OK | NOTIFY_STOP_MASK)

static inline int notifier_from_errno(int err)
{
	return err ? NOTIFY_STOP_MASK | (NOTIFY_OK - err) : NOTIFY_OK;
}

static inline int notifier_to_errno(int ret)
{
	ret &= ~NOTIFY_STOP_MASK;
	return ret > NOTIFY_OK ? NOTIFY_OK - ret : 0;
}

struct notifier_block {
	notifier_fn_t			notifier_call;
	struct notifier_block __rcu	*next;		/* the chain's lock; read under RCU by the atomic kind */
	int				priority;	/* the highest is called first; equal ones in order of coming */
};

struct atomic_notifier_head {
	spinlock_t			lock;
	struct notifier_block __rcu	*head;
};

struct blocking_notifier_head {
	struct rw_semaphore		rwsem;
	struct notifier_block __rcu	*head;
};

struct raw_notifier_head {
	struct notifier_block __rcu	*head;
};

struct srcu_notifier_head {
	struct mutex			mutex;
	struct srcu_struct		srcu;
	struct notifier_block __rcu	*head;
};

#define ATOMIC_NOTIFIER_INIT(name)	{ .lock = __SPIN_LOCK_UNLOCKED((name).lock), .head = NULL }
#define BLOCKING_NOTIFIER_INIT(name)	{ .rwsem = __RWSEM_INITIALIZER((name).rwsem), .head = NULL }
#define RAW_NOTIFIER_INIT(name)		{ .head = NULL }

#define ATOMIC_NOTIFIER_HEAD(name)	struct atomic_notifier_head name = ATOMIC_NOTIFIER_INIT(name)
#define BLOCKING_NOTIFIER_HEAD(name)	struct blocking_notifier_head name = BLOCKING_NOTIFIER_INIT(name)
#define RAW_NOTIFIER_HEAD(name)		struct raw_notifier_head name = RAW_NOTIFIER_INIT(name)

#define ATOMIC_INIT_NOTIFIER_HEAD(name)		do { spin_lock_init(&(name)->lock); (name)->head = NULL; } while (0)
#define BLOCKING_INIT_NOTIFIER_HEAD(name)	do { init_rwsem(&(name)->rwsem); (name)->head = NULL; } while (0)
#define RAW_INIT_NOTIFIER_HEAD(name)		do { (name)->head = NULL; } while (0)

/* Context: thread, may sleep. A chain's srcu_struct can run out of memory when it is set up: that is a WARN. */
void srcu_init_notifier_head(struct srcu_notifier_head *nh);
#define srcu_cleanup_notifier_head(name)	cleanup_srcu_struct(&(name)->srcu)

/*
 * *_register: Return: 0; -EEXIST with a WARN: it is on the chain; *_unique_prio: -EBUSY: another one has its priority.
 * *_unregister: Return: 0, or -ENOENT: it is not on the chain.
 * Context: atomic_*_register: any; atomic_*_unregister, blocking, srcu: thread, may sleep, not from a callback.
 */
int atomic_notifier_chain_register(struct atomic_notifier_head *nh, struct notifier_block *nb);
int atomic_notifier_chain_register_unique_prio(struct atomic_notifier_head *nh, struct notifier_block *nb);
int atomic_notifier_chain_unregister(struct atomic_notifier_head *nh, struct notifier_block *nb);
int blocking_notifier_chain_register(struct blocking_notifier_head *nh, struct notifier_block *nb);
int blocking_notifier_chain_register_unique_prio(struct blocking_notifier_head *nh, struct notifier_block *nb);
int blocking_notifier_chain_unregister(struct blocking_notifier_head *nh, struct notifier_block *nb);
int raw_notifier_chain_register(struct raw_notifier_head *nh, struct notifier_block *nb);
int raw_notifier_chain_unregister(struct raw_notifier_head *nh, struct notifier_block *nb);
int srcu_notifier_chain_register(struct srcu_notifier_head *nh, struct notifier_block *nb);
int srcu_notifier_chain_unregister(struct srcu_notifier_head *nh, struct notifier_block *nb);

/*
 * *_call_chain: call them, until one answers with NOTIFY_STOP_MASK. Return: the last one's answer; NOTIFY_DONE if none.
 * *_robust: if one stops it, those called before are called once more, with val_down: so they can take it back.
 */
int atomic_notifier_call_chain(struct atomic_notifier_head *nh, unsigned long val, void *v);
int blocking_notifier_call_chain(struct blocking_notifier_head *nh, unsigned long val, void *v);
int raw_notifier_call_chain(struct raw_notifier_head *nh, unsigned long val, void *v);
int srcu_notifier_call_chain(struct srcu_notifier_head *nh, unsigned long val, void *v);
int blocking_notifier_call_chain_robust(struct blocking_notifier_head *nh, unsigned long val_up,
					unsigned long val_down, void *v);
int raw_notifier_call_chain_robust(struct raw_notifier_head *nh, unsigned long val_up, unsigned long val_down,
				   void *v);
bool atomic_notifier_call_chain_is_empty(struct atomic_notifier_head *nh);
