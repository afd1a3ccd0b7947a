/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Random numbers for everybody. For a sequence of one's own: <linux/prandom.h>.
 * Differs from Linux: nothing here is secret. The numbers follow from "random.seed=N" of the command line, so that a
 * run repeats; without it they are the same in every boot. Context: any but NMI.
 */
#include <linux/types.h>
#include <linux/prandom.h>

u32 get_random_u32(void);
u64 get_random_u64(void);
void get_random_bytes(void *buf, size_t len);
/* 0 to ceil - 1. */
u32 get_random_u32_below(u32 ceil);

static inline u8 get_random_u8(void) { return get_random_u32(); }
static inline u16 get_random_u16(void) { return get_random_u32(); }
static inline unsigned int get_random_int(void) { return get_random_u32(); }
static inline unsigned long get_random_long(void) { return get_random_u64(); }
static inline u32 prandom_u32(void) { return get_random_u32(); }
static inline u32 prandom_u32_max(u32 ep_ro) { return ep_ro ? get_random_u32_below(ep_ro) : 0; }
static inline void prandom_bytes(void *buf, size_t len) { get_random_bytes(buf, len); }

/* There is never anything to wait for. */
static inline int wait_for_random_bytes(void) { return 0; }
static inline bool rng_is_initialized(void) { return true; }
static inline int get_random_bytes_wait(void *buf, size_t len)
{
	get_random_bytes(buf, len);
	return 0;
}
static inline void add_device_randomness(const void *buf, size_t len) { }
