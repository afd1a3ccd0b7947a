/* SPDX-License-Identifier: MIT */
/*
 * Repeatable pseudo-random numbers: the same seed gives the same sequence, and
 * all state is in the struct. Fast and predictable: for tests and jitter.
 */
#pragma once

#include <linux/types.h>

struct rnd_state {
	u32 s1, s2, s3, s4;
};

/* Start the sequence of this seed. Context: any; the caller owns the state. */
void prandom_seed_state(struct rnd_state *state, u64 seed);

/* The next 32 bits; the next nbytes bytes. */
u32 prandom_u32_state(struct rnd_state *state);
void prandom_bytes_state(struct rnd_state *state, void *buf, size_t nbytes);

/* The next number of 0..ep_ro-1. */
static inline u32 prandom_u32_max_state(struct rnd_state *state, u32 ep_ro)
{
	return (u32)(((u64)prandom_u32_state(state) * ep_ro) >> 32);
}

/* One step of a small generator whose whole state is the number. */
static inline u32 next_pseudo_random32(u32 seed)
{
	return seed * 1664525 + 1013904223;
}
