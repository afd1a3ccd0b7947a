/* SPDX-License-Identifier: MIT */
/*
 * SipHash, by Aumasson and Bernstein: a hash that stays unpredictable to
 * whoever does not know the key. siphash_ is SipHash-2-4, with a margin;
 * hsiphash_ is SipHash-1-3, for what lives no longer than the machine runs,
 * such as the addresses behind %p.
 */
#pragma once

#include <linux/bitops.h>
#include <linux/types.h>

typedef struct {
	u64 key[2];
} siphash_key_t;

/* The key of the short form. */
typedef struct {
	u64 key[2];
} hsiphash_key_t;

struct siphash_state {
	u64 v0, v1, v2, v3;
};

static __always_inline void siphash_round(struct siphash_state *s)
{
	s->v0 += s->v1; s->v1 = rol64(s->v1, 13); s->v1 ^= s->v0; s->v0 = rol64(s->v0, 32);
	s->v2 += s->v3; s->v3 = rol64(s->v3, 16); s->v3 ^= s->v2;
	s->v0 += s->v3; s->v3 = rol64(s->v3, 21); s->v3 ^= s->v0;
	s->v2 += s->v1; s->v1 = rol64(s->v1, 17); s->v1 ^= s->v2; s->v2 = rol64(s->v2, 32);
}

static __always_inline struct siphash_state siphash_start(const u64 key[2])
{
	struct siphash_state s = {
		key[0] ^ 0x736f6d6570736575ull, key[1] ^ 0x646f72616e646f6dull,
		key[0] ^ 0x6c7967656e657261ull, key[1] ^ 0x7465646279746573ull,
	};

	return s;
}

static __always_inline void siphash_word(struct siphash_state *s, u64 m)
{
	s->v3 ^= m;
	siphash_round(s);
	siphash_round(s);
	s->v0 ^= m;
}

/* The hash of eight bytes. Context: any. */
static inline u64 siphash_1u64(u64 first, const siphash_key_t *key)
{
	struct siphash_state s = siphash_start(key->key);

	siphash_word(&s, first);
	siphash_word(&s, 8ull << 56);		/* the length ends the message */
	s.v2 ^= 0xff;
	siphash_round(&s);
	siphash_round(&s);
	siphash_round(&s);
	siphash_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

/* 32 bits of hash of two words. Context: any. */
static inline u32 hsiphash_2u32(u32 first, u32 second, const hsiphash_key_t *key)
{
	struct siphash_state s = siphash_start(key->key);
	u64 m = (u64)second << 32 | first, end = 8ull << 56;

	s.v3 ^= m;
	siphash_round(&s);
	s.v0 ^= m;
	s.v3 ^= end;
	siphash_round(&s);
	s.v0 ^= end;
	s.v2 ^= 0xff;
	siphash_round(&s);
	siphash_round(&s);
	siphash_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

/* Of len bytes; the forms for words give what their bytes would. Context: any. */
u64 siphash(const void *data, size_t len, const siphash_key_t *key);
u32 hsiphash(const void *data, size_t len, const hsiphash_key_t *key);

#define SIPHASH_OF(hash, key, type, ...)					\
	({									\
		const type _words[] = { __VA_ARGS__ };				\
		hash(_words, sizeof(_words), key);				\
	})
#define siphash_2u64(a, b, key)		SIPHASH_OF(siphash, key, u64, a, b)
#define siphash_3u64(a, b, c, key)	SIPHASH_OF(siphash, key, u64, a, b, c)
#define siphash_4u64(a, b, c, d, key)	SIPHASH_OF(siphash, key, u64, a, b, c, d)
#define siphash_1u32(a, key)		SIPHASH_OF(siphash, key, u32, a)
#define siphash_2u32(a, b, key)		SIPHASH_OF(siphash, key, u32, a, b)
#define siphash_3u32(a, b, c, key)	SIPHASH_OF(siphash, key, u32, a, b, c)
#define siphash_4u32(a, b, c, d, key)	SIPHASH_OF(siphash, key, u32, a, b, c, d)
#define hsiphash_1u32(a, key)		SIPHASH_OF(hsiphash, key, u32, a)
#define hsiphash_3u32(a, b, c, key)	SIPHASH_OF(hsiphash, key, u32, a, b, c)
#define hsiphash_4u32(a, b, c, d, key)	SIPHASH_OF(hsiphash, key, u32, a, b, c, d)
