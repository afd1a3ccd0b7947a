/* SPDX-License-Identifier: MIT */
/*
 * Notifier chains.
 *
 * One list, four ways to keep it. The list is singly linked and ordered by priority; putting on and taking off are one
 * pointer each, published for readers under RCU, so a call goes along while others come and go. What the kinds differ
 * in is only who excludes whom:
 *
 *			change			call
 *	atomic		spinlock		rcu_read_lock(); taking off waits for a grace period
 *	blocking	rwsem, to write		rwsem, to read
 *	srcu		mutex			srcu_read_lock(); taking off waits for that one's grace period
 *	raw		the caller's		the caller's
 *
 * A callback of a blocking chain that changes its own chain would wait for itself; lockdep (DEBUG=1) says so.
 * Read next: kernel/reboot.c, which has one.
 */
#include <linux/notifier.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>

static int chain_add(struct notifier_block __rcu **at, struct notifier_block *nb, bool unique)
{
	for (; *at; at = &(*at)->next) {
		if (WARN(*at == nb, "notifier %ps is registered already\n", nb->notifier_call))
			return -EEXIST;
		if (nb->priority > (*at)->priority)
			break;
		if (unique && nb->priority == (*at)->priority)
			return -EBUSY;
	}
	nb->next = *at;
	/* ORDER(rcu-publish): filled in, then on the chain. */
	rcu_assign_pointer(*at, nb);
	return 0;
}

static int chain_del(struct notifier_block __rcu **at, struct notifier_block *nb)
{
	for (; *at; at = &(*at)->next)
		if (*at == nb) {
			rcu_assign_pointer(*at, nb->next);
			return 0;
		}
	return -ENOENT;
}

/* Calls at most `max` of them; *called counts them. */
static int chain_call(struct notifier_block __rcu **head, unsigned long val, void *v, int max, int *called)
{
	struct notifier_block *nb = rcu_dereference_raw(*head), *next;
	int ret = NOTIFY_DONE;

	for (; nb && max; nb = next, max--) {
		next = rcu_dereference_raw(nb->next);	/* it may take itself off a raw chain */
		ret = nb->notifier_call(nb, val, v);
		(*called)++;
		if (ret & NOTIFY_STOP_MASK)
			break;
	}
	return ret;
}

static int chain_call_all(struct notifier_block __rcu **head, unsigned long val, void *v)
{
	int called = 0;

	return chain_call(head, val, v, -1, &called);
}

static int chain_call_robust(struct notifier_block __rcu **head, unsigned long up, unsigned long down, void *v)
{
	int called = 0, back = 0, ret = chain_call(head, up, v, -1, &called);

	if (ret & NOTIFY_STOP_MASK)
		chain_call(head, down, v, called - 1, &back);
	return ret;
}

/* ---- atomic ---- */

static int atomic_add_block(struct atomic_notifier_head *nh, struct notifier_block *nb, bool unique)
{
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&nh->lock, flags);
	ret = chain_add(&nh->head, nb, unique);
	spin_unlock_irqrestore(&nh->lock, flags);
	return ret;
}

int atomic_notifier_chain_register(struct atomic_notifier_head *nh, struct notifier_block *nb)
{
	return atomic_add_block(nh, nb, false);
}
EXPORT_SYMBOL_GPL(atomic_notifier_chain_register);

int atomic_notifier_chain_register_unique_prio(struct atomic_notifier_head *nh, struct notifier_block *nb)
{
	return atomic_add_block(nh, nb, true);
}
EXPORT_SYMBOL_GPL(atomic_notifier_chain_register_unique_prio);

int atomic_notifier_chain_unregister(struct atomic_notifier_head *nh, struct notifier_block *nb)
{
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&nh->lock, flags);
	ret = chain_del(&nh->head, nb);
	spin_unlock_irqrestore(&nh->lock, flags);
	synchronize_rcu();
	return ret;
}
EXPORT_SYMBOL_GPL(atomic_notifier_chain_unregister);

int atomic_notifier_call_chain(struct atomic_notifier_head *nh, unsigned long val, void *v)
{
	int ret;

	rcu_read_lock();
	ret = chain_call_all(&nh->head, val, v);
	rcu_read_unlock();
	return ret;
}
EXPORT_SYMBOL_GPL(atomic_notifier_call_chain);

bool atomic_notifier_call_chain_is_empty(struct atomic_notifier_head *nh)
{
	return !rcu_access_pointer(nh->head);
}

/* ---- blocking ---- */

static int blocking_add_block(struct blocking_notifier_head *nh, struct notifier_block *nb, bool unique)
{
	int ret;

	down_write(&nh->rwsem);
	ret = chain_add(&nh->head, nb, unique);
	up_write(&nh->rwsem);
	return ret;
}

int blocking_notifier_chain_register(struct blocking_notifier_head *nh, struct notifier_block *nb)
{
	return blocking_add_block(nh, nb, false);
}
EXPORT_SYMBOL_GPL(blocking_notifier_chain_register);

int blocking_notifier_chain_register_unique_prio(struct blocking_notifier_head *nh, struct notifier_block *nb)
{
	return blocking_add_block(nh, nb, true);
}
EXPORT_SYMBOL_GPL(blocking_notifier_chain_register_unique_prio);

int blocking_notifier_chain_unregister(struct blocking_notifier_head *nh, struct notifier_block *nb)
{
	int ret;

	down_write(&nh->rwsem);
	ret = chain_del(&nh->head, nb);
	up_write(&nh->rwsem);
	return ret;
}
EXPORT_SYMBOL_GPL(blocking_notifier_chain_unregister);

int blocking_notifier_call_chain(struct blocking_notifier_head *nh, unsigned long val, void *v)
{
	int ret;

	down_read(&nh->rwsem);
	ret = chain_call_all(&nh->head, val, v);
	up_read(&nh->rwsem);
	return ret;
}
EXPORT_SYMBOL_GPL(blocking_notifier_call_chain);

int blocking_notifier_call_chain_robust(struct blocking_notifier_head *nh, unsigned long val_up,
					unsigned long val_down, void *v)
{
	int ret;

	down_read(&nh->rwsem);
	ret = chain_call_robust(&nh->head, val_up, val_down, v);
	up_read(&nh->rwsem);
	return ret;
}
EXPORT_SYMBOL_GPL(blocking_notifier_call_chain_robust);

/* ---- raw ---- */

int raw_notifier_chain_register(struct raw_notifier_head *nh, struct notifier_block *nb)
{
	return chain_add(&nh->head, nb, false);
}
EXPORT_SYMBOL_GPL(raw_notifier_chain_register);

int raw_notifier_chain_unregister(struct raw_notifier_head *nh, struct notifier_block *nb)
{
	return chain_del(&nh->head, nb);
}
EXPORT_SYMBOL_GPL(raw_notifier_chain_unregister);

int raw_notifier_call_chain(struct raw_notifier_head *nh, unsigned long val, void *v)
{
	return chain_call_all(&nh->head, val, v);
}
EXPORT_SYMBOL_GPL(raw_notifier_call_chain);

int raw_notifier_call_chain_robust(struct raw_notifier_head *nh, unsigned long val_up, unsigned long val_down,
				   void *v)
{
	return chain_call_robust(&nh->head, val_up, val_down, v);
}
EXPORT_SYMBOL_GPL(raw_notifier_call_chain_robust);

/* ---- SRCU ---- */

void srcu_init_notifier_head(struct srcu_notifier_head *nh)
{
	mutex_init(&nh->mutex);
	WARN(init_srcu_struct(&nh->srcu), "no memory for a notifier chain\n");
	nh->head = NULL;
}
EXPORT_SYMBOL_GPL(srcu_init_notifier_head);

int srcu_notifier_chain_register(struct srcu_notifier_head *nh, struct notifier_block *nb)
{
	int ret;

	mutex_lock(&nh->mutex);
	ret = chain_add(&nh->head, nb, false);
	mutex_unlock(&nh->mutex);
	return ret;
}
EXPORT_SYMBOL_GPL(srcu_notifier_chain_register);

int srcu_notifier_chain_unregister(struct srcu_notifier_head *nh, struct notifier_block *nb)
{
	int ret;

	mutex_lock(&nh->mutex);
	ret = chain_del(&nh->head, nb);
	mutex_unlock(&nh->mutex);
	synchronize_srcu(&nh->srcu);
	return ret;
}
EXPORT_SYMBOL_GPL(srcu_notifier_chain_unregister);

int srcu_notifier_call_chain(struct srcu_notifier_head *nh, unsigned long val, void *v)
{
	int ret, idx = srcu_read_lock(&nh->srcu);

	ret = chain_call_all(&nh->head, val, v);
	srcu_read_unlock(&nh->srcu, idx);
	return ret;
}
EXPORT_SYMBOL_GPL(srcu_notifier_call_chain);
