/* SPDX-License-Identifier: MIT */
/*
 * Repeatable pseudo-random numbers: "xoshiro128**" by Blackman and Vigna (public
 * domain), seeded through "splitmix64" so that seeds 1 and 2 have nothing in
 * common. Differs from Linux: another generator, so another sequence per seed.
 */
#include <linux/prandom.h>
#include <linux/bitops.h>
#include <linux/export.h>

static u64 splitmix64(u64 *x)
{
	u64 z = (*x += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	u64 a = splitmix64(&seed), b = splitmix64(&seed);

	state->s1 = (u32)a;
	state->s2 = (u32)(a >> 32);
	state->s3 = (u32)b;
	state->s4 = (u32)(b >> 32) | 1;		/* all zero would stay zero */
}
EXPORT_SYMBOL(prandom_seed_state);

u32 prandom_u32_state(struct rnd_state *state)
{
	u32 result = rol32(state->s2 * 5, 7) * 9;
	u32 t = state->s2 << 9;

	state->s3 ^= state->s1;
	state->s4 ^= state->s2;
	state->s2 ^= state->s3;
	state->s1 ^= state->s4;
	state->s3 ^= t;
	state->s4 = rol32(state->s4, 11);
	return result;
}
EXPORT_SYMBOL(prandom_u32_state);

void prandom_bytes_state(struct rnd_state *state, void *buf, size_t nbytes)
{
	u8 *p = buf;
	u32 word = 0;
	size_t i;

	for (i = 0; i < nbytes; i++) {
		if (i % 4 == 0)
			word = prandom_u32_state(state);
		p[i] = (u8)word;
		word >>= 8;
	}
}
EXPORT_SYMBOL(prandom_bytes_state);
