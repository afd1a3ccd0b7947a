/* SPDX-License-Identifier: MIT */
/* UUIDs: random ones, and from text. The text's digits come in order; only a guid's first three groups are turned. */
#include <linux/uuid.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/random.h>

/* Where in the text the two digits of each byte are. */
static const u8 digits_at[UUID_SIZE] = { 0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34 };
/* Which byte of the text is which of a guid. */
static const u8 guid_order[UUID_SIZE] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

const guid_t guid_null;
EXPORT_SYMBOL(guid_null);
const uuid_t uuid_null;
EXPORT_SYMBOL(uuid_null);

/* Version 4 (random) in the byte that has the version, variant 1. */
static void make(u8 *b, unsigned int version_byte)
{
	get_random_bytes(b, UUID_SIZE);
	b[version_byte] = (b[version_byte] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
}

void generate_random_uuid(unsigned char uuid[UUID_SIZE])
{
	make(uuid, 6);
}
EXPORT_SYMBOL(generate_random_uuid);

void generate_random_guid(unsigned char guid[UUID_SIZE])
{
	make(guid, 7);
}
EXPORT_SYMBOL(generate_random_guid);

void uuid_gen(uuid_t *uuid)
{
	generate_random_uuid(uuid->b);
}
EXPORT_SYMBOL_GPL(uuid_gen);

void guid_gen(guid_t *guid)
{
	generate_random_guid(guid->b);
}
EXPORT_SYMBOL_GPL(guid_gen);

bool uuid_is_valid(const char *uuid)
{
	for (unsigned int i = 0; i < UUID_STRING_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? uuid[i] != '-' : hex_to_bin(uuid[i]) < 0)
			return false;
	}
	return true;
}
EXPORT_SYMBOL(uuid_is_valid);

static int parse(const char *text, u8 *b, const u8 *order)
{
	if (!uuid_is_valid(text))
		return -EINVAL;
	for (unsigned int i = 0; i < UUID_SIZE; i++) {
		const char *digits = text + digits_at[i];

		b[order ? order[i] : i] = hex_to_bin(digits[0]) << 4 | hex_to_bin(digits[1]);
	}
	return 0;
}

int guid_parse(const char *uuid, guid_t *g)
{
	return parse(uuid, g->b, guid_order);
}
EXPORT_SYMBOL(guid_parse);

int uuid_parse(const char *uuid, uuid_t *u)
{
	return parse(uuid, u->b, NULL);
}
EXPORT_SYMBOL(uuid_parse);
