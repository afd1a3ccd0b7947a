/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Numbers for things that nobody hands out: 16 bytes, random. A uuid_t has them in the order of its text, a guid_t the
 * first three groups with the low byte first. Print them by %pUb and %pUl. For small numbers: <linux/idr.h>.
 * Context: any. Semantics: RFC 4122.
 */
#include <linux/string.h>
#include <linux/types.h>

#define UUID_SIZE	16
#define UUID_STRING_LEN	36	/* without the NUL */

typedef struct {
	__u8 b[UUID_SIZE];
} guid_t;

typedef struct {
	__u8 b[UUID_SIZE];
} uuid_t;

#define GUID_INIT(a, b, c, d0, d1, d2, d3, d4, d5, d6, d7)				\
((guid_t)										\
{{ (a) & 0xff, ((a) >> 8) & 0xff, ((a) >> 16) & 0xff, ((a) >> 24) & 0xff,		\
   (b) & 0xff, ((b) >> 8) & 0xff, (c) & 0xff, ((c) >> 8) & 0xff,			\
   (d0), (d1), (d2), (d3), (d4), (d5), (d6), (d7) }})

#define UUID_INIT(a, b, c, d0, d1, d2, d3, d4, d5, d6, d7)				\
((uuid_t)										\
{{ ((a) >> 24) & 0xff, ((a) >> 16) & 0xff, ((a) >> 8) & 0xff, (a) & 0xff,		\
   ((b) >> 8) & 0xff, (b) & 0xff, ((c) >> 8) & 0xff, (c) & 0xff,			\
   (d0), (d1), (d2), (d3), (d4), (d5), (d6), (d7) }})

extern const guid_t guid_null;
extern const uuid_t uuid_null;

static inline bool guid_equal(const guid_t *a, const guid_t *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline void guid_copy(guid_t *dst, const guid_t *src)
{
	*dst = *src;
}

static inline bool guid_is_null(const guid_t *guid)
{
	return guid_equal(guid, &guid_null);
}

static inline bool uuid_equal(const uuid_t *a, const uuid_t *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline void uuid_copy(uuid_t *dst, const uuid_t *src)
{
	*dst = *src;
}

static inline bool uuid_is_null(const uuid_t *uuid)
{
	return uuid_equal(uuid, &uuid_null);
}

/* guid_gen, uuid_gen: a new one (version 4, random). generate_random_*: the same into plain bytes. */
void guid_gen(guid_t *guid);
void uuid_gen(uuid_t *uuid);
void generate_random_guid(unsigned char guid[UUID_SIZE]);
void generate_random_uuid(unsigned char uuid[UUID_SIZE]);

/* Is it 8-4-4-4-12 hexadecimal digits? What follows them does not matter. */
bool uuid_is_valid(const char *uuid);

/* Return: 0, or -EINVAL for other text: then nothing is written. */
int guid_parse(const char *uuid, guid_t *g);
int uuid_parse(const char *uuid, uuid_t *u);
