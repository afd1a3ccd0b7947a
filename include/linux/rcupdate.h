/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Read side of RCU. Differs from Linux: a reader disables preemption, and there are no grace periods yet; what must
 * not vanish under a reader is kept by references.
 */
#include <linux/preempt.h>
#include <asm/barrier.h>

#define rcu_read_lock()		preempt_disable()
#define rcu_read_unlock()	preempt_enable()

/*
 * rcu_assign_pointer: publish what is complete. rcu_dereference: the published pointer; what it points to is read
 * behind it. Context: any; the reader between rcu_read_lock() and rcu_read_unlock().
 */
/* ORDER(rcu-publish): the writer's end: everything that v points to was written before. */
#define rcu_assign_pointer(p, v) smp_store_release(&(p), (v))
/* ORDER(rcu-publish): the reader's end: an address must be read before what is there, so the dependency orders them. */
#define rcu_dereference(p)	READ_ONCE(p)
