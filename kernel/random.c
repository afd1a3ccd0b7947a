/* SPDX-License-Identifier: MIT */
/*
 * One generator for all, under a lock: a run that repeats asks for numbers in the same order, and gets the same ones.
 * Rejected: a generator per CPU. It would save the lock, and which CPU a thread runs on would decide its numbers.
 */
#include <linux/random.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kstrtox.h>
#include <linux/spinlock.h>

static DEFINE_RAW_SPINLOCK(random_lock);
static struct rnd_state state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53b };	/* random_lock */

static int __init set_random_seed(char *arg)
{
	u64 seed;

	if (!arg || kstrtou64(arg, 0, &seed))
		return 0;
	prandom_seed_state(&state, seed);
	return 1;
}
__setup("random.seed=", set_random_seed);

void get_random_bytes(void *buf, size_t len)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&random_lock, flags);
	prandom_bytes_state(&state, buf, len);
	raw_spin_unlock_irqrestore(&random_lock, flags);
}
EXPORT_SYMBOL(get_random_bytes);

u32 get_random_u32(void)
{
	u32 n;

	get_random_bytes(&n, sizeof(n));
	return n;
}
EXPORT_SYMBOL(get_random_u32);

u64 get_random_u64(void)
{
	u64 n;

	get_random_bytes(&n, sizeof(n));
	return n;
}
EXPORT_SYMBOL(get_random_u64);

u32 get_random_u32_below(u32 ceil)
{
	return (u64)get_random_u32() * ceil >> 32;
}
EXPORT_SYMBOL(get_random_u32_below);
