/* SPDX-License-Identifier: MIT */
/*
 * Misuse, by the names that the shell knows: each is explained, and the machine goes on.
 */
#include "../kernel/misuse.h"
#include "test.h"

#include <linux/errno.h>
#include <linux/string.h>

TEST(misuse_names_are_different_and_have_a_sentence)
{
	const struct misuse *a, *b;

	for (a = __misuses_start; a < __misuses_end; a++) {
		EXPECT(a->provoke && a->sentence && strlen(a->sentence) > 10);
		for (b = __misuses_start; b < a; b++)
			EXPECT(strcmp(a->name, b->name) != 0);
	}
	EXPECT_EQ(misuse_provoke("no-such-misuse"), -ENOENT);
	return NULL;
}

TEST(misuse_stop_dead_thread_is_explained, .warns = "had ended by itself")
{
	EXPECT_EQ(misuse_provoke("stop-dead-thread"), 0);
	return NULL;
}
