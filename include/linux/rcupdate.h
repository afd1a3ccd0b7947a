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
#define rcu_dereference(p)	READ_ONCE(p)
#define rcu_assign_pointer(p, v) smp_store_release(&(p), (v))	/* ORDER(rcu-publish): pairs with rcu_dereference() */
