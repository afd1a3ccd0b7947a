/* SPDX-License-Identifier: MIT */
/* SipHash of any number of bytes: 2 rounds a word and 4 at the end, hsiphash 1 and 3. */
#include <linux/siphash.h>
#include <linux/export.h>
#include <linux/string.h>

static __always_inline void rounds(struct siphash_state *s, int n)
{
	while (n--)
		siphash_round(s);
}

static __always_inline u64 hash(const void *data, size_t len, const u64 key[2], int each, int last)
{
	struct siphash_state s = siphash_start(key);
	u64 end = (u64)len << 56, word = 0;
	const u8 *p = data;

	for (; len >= sizeof(word); len -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		s.v3 ^= word;
		rounds(&s, each);
		s.v0 ^= word;
	}
	word = 0;
	memcpy(&word, p, len);
	end |= word;
	s.v3 ^= end;
	rounds(&s, each);
	s.v0 ^= end;
	s.v2 ^= 0xff;
	rounds(&s, last);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	return hash(data, len, key->key, 2, 4);
}
EXPORT_SYMBOL(siphash);

u32 hsiphash(const void *data, size_t len, const hsiphash_key_t *key)
{
	return hash(data, len, key->key, 1, 3);
}
EXPORT_SYMBOL(hsiphash);
