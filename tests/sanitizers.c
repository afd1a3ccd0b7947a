/* SPDX-License-Identifier: MIT */
/*
 * Planted faults, and whether the sanitizers find them: `make test-one KASAN=1 TEST=sanitizers`, and with UBSAN=1. In
 * a build that has no sanitizer there is nothing to find.
 */
#include "test.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

/* The compiler shall not see that it is wrong. */
static char *volatile hidden;

static noinline void read_at(char *p)
{
	hidden = p;
	(void)*(volatile char *)hidden;
}

#ifdef CONFIG_KASAN

TEST(sanitizers_kasan_finds_a_read_after_free, .says = "BUG: KASAN: use-after-free in read_at")
{
	char *p = kmalloc(40, GFP_KERNEL);

	EXPECT(p);
	kfree(p);
	read_at(p + 8);
	EXPECT(test_log_has("Allocated by:") && test_log_has("Freed by:"));
	EXPECT(test_log_has("test_body_sanitizers_kasan_finds_a_read_after_free"));
	EXPECT(test_log_has("8 bytes inside an object of 40 bytes"));
	return NULL;
}

TEST(sanitizers_kasan_finds_the_first_byte_behind,
     .says = "BUG: KASAN: slab-out-of-bounds in read_at")
{
	char *p = kmalloc(13, GFP_KERNEL);

	EXPECT(p);
	for (int i = 0; i < 13; i++)
		read_at(p + i);
	read_at(p + 13);
	kfree(p);
	EXPECT(test_log_has("0 bytes behind the end of an object of 13 bytes"));
	return NULL;
}

TEST(sanitizers_kasan_finds_a_copy_that_is_too_long, .says = "Read of size 65")
{
	char *p = kmalloc(64, GFP_KERNEL), *q = kmalloc(128, GFP_KERNEL);

	EXPECT(p && q);
	memset(q, 0, 128);
	memset(p, 0, 64);
	hidden = p;
	memcpy(q, hidden, 64);
	memcpy(q, hidden, 65);
	kfree(p);
	kfree(q);
	return NULL;
}

TEST(sanitizers_kasan_finds_the_use_of_a_freed_page, .says = "use-after-free of a page")
{
	char *p = (char *)__get_free_page(GFP_KERNEL);

	EXPECT(p);
	read_at(p);
	free_page((unsigned long)p);
	read_at(p + 100);
	return NULL;
}

TEST(sanitizers_kasan_finds_a_double_free, .slab_errors = 1, .says = "double free")
{
	char *p = kmalloc(40, GFP_KERNEL);

	hidden = p;
	kfree(hidden);
	kfree(hidden);
	return NULL;
}

static int table[10];

TEST(sanitizers_kasan_finds_an_access_behind_a_variable, .says = "BUG: KASAN: global-out-of-bounds in read_at")
{
	for (int i = 0; i < 10; i++)
		read_at((char *)&table[i] + 3);
	read_at((char *)&table[10]);
	EXPECT(test_log_has("0 bytes behind the end of the variable table of 40 bytes, of tests/sanitizers.c"));
	return NULL;
}

TEST(sanitizers_kasan_finds_an_access_behind_a_constant, .says = "BUG: KASAN: global-out-of-bounds in read_at")
{
	static const char text[] = "seven";

	for (int i = 0; i < 6; i++)
		read_at((char *)text + i);
	read_at((char *)text + 6);
	EXPECT(test_log_has("0 bytes behind the end of the variable text of 6 bytes"));
	return NULL;
}

TEST(sanitizers_kasan_hands_a_freed_object_out_again_late)
{
	char *p = kmalloc(40, GFP_KERNEL), *q;

	kfree(p);
	for (int i = 0; i < 100; i++) {
		q = kmalloc(40, GFP_KERNEL);
		EXPECT(q != p);
		kfree(q);
	}
	return NULL;
}

#else

TEST(sanitizers_kasan_is_off)
{
	read_at("x");
	return NULL;
}

#endif

#ifdef CONFIG_UBSAN

static volatile int forty = 40, nine = 9;

TEST(sanitizers_ubsan_finds_a_shift_by_too_much, .slab_errors = 1,
     .says = "UBSAN: shift-out-of-bounds in tests/sanitizers.c")
{
	volatile int x = 1 << forty;

	(void)x;
	EXPECT(test_log_has("1 is shifted by 40, but its type 'int' has 32 bits"));
	return NULL;
}

TEST(sanitizers_ubsan_finds_an_index_outside, .slab_errors = 1, .says = "UBSAN: array-index-out-of-bounds")
{
	int small[8];
	volatile int sum = 0;

	for (int i = 0; i < 8; i++)
		small[i] = i;
	sum += small[nine];
	EXPECT(test_log_has("index 9 is out of range for the type 'int [8]'"));
	return NULL;
}

#endif
