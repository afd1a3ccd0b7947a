/* SPDX-License-Identifier: MIT */
/*
 * Say no more than `burst` times in `interval`: for messages that a fault could repeat for ever.
 * For messages use pr_*_ratelimited() (<linux/printk.h>); for anything else, `if (__ratelimit(&state))`.
 */
#pragma once

#include <linux/types.h>
#include <linux/param.h>

#define DEFAULT_RATELIMIT_INTERVAL	(5 * HZ)
#define DEFAULT_RATELIMIT_BURST		10

#define RATELIMIT_MSG_ON_RELEASE	1

struct ratelimit_state {
	int interval;		/* in jiffies; constant after initialisation */
	int burst;		/* constant after initialisation; 0 or less: never */
	int busy;		/* the lock of all below, only ever tried: who finds it taken counts as one too many */
	int printed;
	int missed;		/* atomic, without the lock */
	unsigned long flags;
	u64 begin;		/* the interval's first nanosecond on the log's clock; 0: not begun */
};

#define RATELIMIT_STATE_INIT_FLAGS(name, _interval, _burst, _flags) \
	{ .interval = (_interval), .burst = (_burst), .flags = (_flags) }
#define RATELIMIT_STATE_INIT(name, _interval, _burst) RATELIMIT_STATE_INIT_FLAGS(name, _interval, _burst, 0)
#define RATELIMIT_STATE_INIT_DISABLED RATELIMIT_STATE_INIT(ratelimit_state, 0, DEFAULT_RATELIMIT_BURST)
#define DEFINE_RATELIMIT_STATE(name, _interval, _burst) \
	struct ratelimit_state name = RATELIMIT_STATE_INIT(name, _interval, _burst)

/*
 * May the caller speak? An interval of 0 means always. When a new interval begins and messages were held back in the
 * one before, a line tells how many, in the name of func.
 * Context: any. Return: non-zero for yes. Semantics: Linux's ___ratelimit().
 */
int ___ratelimit(struct ratelimit_state *rs, const char *func);
#define __ratelimit(state) ___ratelimit(state, __func__)

static inline void ratelimit_state_init(struct ratelimit_state *rs, int interval, int burst)
{
	*rs = (struct ratelimit_state)RATELIMIT_STATE_INIT(rs, interval, burst);
}

static inline void ratelimit_default_init(struct ratelimit_state *rs)
{
	ratelimit_state_init(rs, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
}

static inline void ratelimit_set_flags(struct ratelimit_state *rs, unsigned long flags)
{
	rs->flags = flags;
}
