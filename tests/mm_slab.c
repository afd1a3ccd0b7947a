/* SPDX-License-Identifier: MIT */
/*
 * kmalloc and caches: sizes, alignment, zeroing, and that overruns, double frees and use after free are caught.
 */
#include "test.h"

#include <linux/preempt.h>
#include <linux/ktime.h>
#include <linux/kasan.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/timex.h>

TEST(mm_slab_every_size_is_usable_to_its_last_byte)
{
	static const size_t sizes[] = { 1, 7, 8, 9, 31, 64, 65, 96, 100, 192, 500, 1024, 4000, 4096, 8192,
					8193, 70000 };
	int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u8 *p = kmalloc(sizes[i], GFP_KERNEL);

		EXPECT(p);
		EXPECT_EQ((unsigned long)p % 8, 0);
		EXPECT_OP(ksize(p), >=, sizes[i]);
		memset(p, 0x77, sizes[i]);
		kfree(p);
	}
	return NULL;
}

TEST(mm_slab_kzalloc_and_kcalloc_are_zeroed_even_from_used_memory)
{
	int i;

	for (i = 0; i < 50; i++) {
		u8 *p = kzalloc(300, GFP_KERNEL), *q = kcalloc(10, 30, GFP_KERNEL);

		EXPECT(p && q);
		EXPECT(memchr_inv(p, 0, 300) == NULL && memchr_inv(q, 0, 300) == NULL);
		memset(p, 0xff, 300);
		memset(q, 0xff, 300);
		kfree(p);
		kfree(q);
	}
	return NULL;
}

TEST(mm_slab_null_and_nothing_are_handled)
{
	void *nothing = kmalloc(0, GFP_KERNEL);

	EXPECT(ZERO_OR_NULL_PTR(nothing));
	kfree(nothing);
	kfree(NULL);
	kmem_cache_destroy(NULL);
	EXPECT(kcalloc(1UL << 60, 1UL << 10, GFP_KERNEL) == NULL);
	EXPECT(kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN) == NULL);
	return NULL;
}

TEST(mm_slab_krealloc_keeps_the_contents)
{
	char *p = kmalloc(10, GFP_KERNEL);
	int i;

	EXPECT(p);
	memcpy(p, "012345678", 10);
	for (i = 20; i < 20000; i *= 3) {
		p = krealloc(p, i, GFP_KERNEL);
		EXPECT(p && strcmp(p, "012345678") == 0);
	}
	p = krealloc(p, 5, GFP_KERNEL);
	EXPECT(p && memcmp(p, "01234", 5) == 0);
	kfree(p);
	return NULL;
}

TEST(mm_slab_strings_and_memory_are_duplicated)
{
	char *a = kstrdup("bobbin", GFP_KERNEL), *b = kasprintf(GFP_KERNEL, "%s-%d", "cpu", 3);
	char *c = kmemdup("xyz", 4, GFP_KERNEL);

	EXPECT(a && b && c);
	EXPECT(strcmp(a, "bobbin") == 0 && strcmp(b, "cpu-3") == 0 && strcmp(c, "xyz") == 0);
	kfree(a);
	kfree(b);
	kfree(c);
	return NULL;
}

struct thing {
	long a, b, c;
};

static void construct(void *p)
{
	((struct thing *)p)->a = 99;
}

TEST(mm_slab_a_cache_aligns_and_constructs)
{
	struct kmem_cache *s = kmem_cache_create("test-thing", sizeof(struct thing), 64, 0, construct);
	struct thing *t[100];
	int i;

	EXPECT(s);
	for (i = 0; i < 100; i++) {
		t[i] = kmem_cache_alloc(s, GFP_KERNEL);
		EXPECT(t[i]);
		EXPECT_EQ((unsigned long)t[i] % 64, 0);
		EXPECT_EQ(t[i]->a, 99);
	}
	EXPECT_EQ(kmem_cache_in_use(s), 100);
	for (i = 0; i < 100; i++)
		kmem_cache_free(s, t[i]);
	kasan_quarantine_drain();
	EXPECT_EQ(kmem_cache_in_use(s), 0);
	kmem_cache_destroy(s);
	return NULL;
}

/* ---- misuse: reported, and the kernel goes on ---- */

/* The compiler must not see through the deliberate mistakes. */
static u8 *hide(void *p)
{
	asm volatile("" : "+r"(p));
	return p;
}

TEST(mm_slab_a_write_beyond_the_end_is_reported_on_free, .slab_errors = 1)
{
	u8 *p = hide(kmalloc(100, GFP_KERNEL));

	EXPECT(p);
	p[ksize(p)] = 1;
	kfree(p);
	return NULL;
}

TEST(mm_slab_a_second_free_is_reported, .slab_errors = 1)
{
	u8 *p = hide(kmalloc(100, GFP_KERNEL));

	EXPECT(p);
	kfree(p);
	kfree(hide(p));
	return NULL;
}

TEST(mm_slab_a_write_after_free_is_reported, .slab_errors = 1)
{
	struct kmem_cache *s = kmem_cache_create("test-uaf", 200, 0, 0, NULL);
	u8 *p[64];
	int i;

	EXPECT(s);
	p[0] = hide(kmem_cache_alloc(s, GFP_KERNEL));
	EXPECT(p[0]);
	kmem_cache_free(s, p[0]);
	p[0][16] = 1;
	kasan_quarantine_drain();
	for (i = 0; i < ARRAY_SIZE(p); i++) {	/* found when the object is handed out again */
		p[i] = kmem_cache_alloc(s, GFP_KERNEL);
		EXPECT(p[i]);
	}
	for (i = 0; i < ARRAY_SIZE(p); i++)
		kmem_cache_free(s, p[i]);
	kmem_cache_destroy(s);
	return NULL;
}

TEST(mm_slab_a_wild_pointer_is_reported, .slab_errors = 1)
{
	u8 *p = hide(kmalloc(100, GFP_KERNEL));

	EXPECT(p);
	kfree(hide(p + 8));
	kfree(p);
	return NULL;
}

TEST(mm_slab_a_cache_with_objects_in_use_is_not_destroyed, .slab_errors = 1)
{
	struct kmem_cache *s = kmem_cache_create("test-busy", 64, 0, 0, NULL);
	void *p = kmem_cache_alloc(s, GFP_KERNEL);

	EXPECT(p);
	kmem_cache_destroy(s);
	kmem_cache_free(s, p);
	kmem_cache_destroy(s);
	return NULL;
}

/* Under icount the time-stamp counter counts instructions. Linux 6.1 needs 323 for this pair. */
TEST(mm_slab_kmalloc_and_kfree_take_fewer_instructions_than_in_linux, .cost = true)
{
	u64 start;
	int i;

	kfree(kmalloc(64, GFP_KERNEL));
	preempt_disable();
	start = get_cycles();
	for (i = 0; i < 1000; i++)
		kfree(kmalloc(64, GFP_ATOMIC));
	start = get_cycles() - start;
	preempt_enable();
	if (!test_real_time && !test_shaken && !IS_ENABLED(CONFIG_LOCKDEP)) {
		test_note("kmalloc(64) and kfree: %llu instructions", start / 1000);
		EXPECT_OP(start / 1000, <, 200);
	}
	return NULL;
}

/* ---- from all CPUs ---- */

static const char *take_and_give(struct crew *c, int who)
{
	u8 *held[32] = { NULL };
	size_t size[32];
	u32 random = test_seed(who);
	int i;

	for (i = 0; i < test_rounds(5000); i++) {
		int slot = test_random(&random) % 32;

		if (held[slot]) {
			if (memchr_inv(held[slot], who, size[slot]))
				return test_fail("an object of thread %d was written by another", who);
			kfree(held[slot]);
			held[slot] = NULL;
			continue;
		}
		size[slot] = 1 + test_random(&random) % 600;
		held[slot] = kmalloc(size[slot], GFP_KERNEL);
		if (held[slot])
			memset(held[slot], who, size[slot]);
	}
	for (i = 0; i < 32; i++)
		kfree(held[i]);
	return NULL;
}

TEST(mm_slab_no_object_is_given_to_two_threads)
{
	struct crew c = { .fn = take_and_give, .n = 8 };

	return crew_run(&c);
}

/* One side allocates, the other frees: objects travel between CPUs' caches. */
static void *pipe[64];

static const char *alloc_here_free_there(struct crew *c, int who)
{
	int i;

	for (i = 0; i < test_rounds(5000); i++) {
		void **slot = &pipe[i % 64], *p;

		if (who & 1) {
			kfree(xchg(slot, NULL));
			continue;
		}
		p = xchg(slot, kmalloc(128, GFP_KERNEL));
		kfree(p);
	}
	return NULL;
}

static const char *make_or_shrink(struct crew *c, int who)
{
	u64 start = ktime_get_ns();
	int i;

	for (i = 0; i < test_rounds(300) && !test_took_long(start); i++) {
		struct kmem_cache *s;

		if (who & 1) {
			kmem_cache_shrink_all();
			continue;
		}
		s = kmem_cache_create("test-brief", 64, 0, 0, NULL);
		EXPECT(s);
		kmem_cache_destroy(s);
	}
	return NULL;
}

/* Whoever shrinks waits for all other CPUs, so none may wait for him with interrupts off. */
TEST(mm_slab_caches_come_and_go_while_others_shrink, .cpus = 2)
{
	struct crew c = { .fn = make_or_shrink, .n = num_online_cpus(), .bound = true };

	return crew_run(&c);
}

TEST(mm_slab_objects_may_be_freed_on_another_cpu)
{
	struct crew c = { .fn = alloc_here_free_there, .n = 4, .bound = true };
	int i;

	TRY(crew_run(&c));
	for (i = 0; i < 64; i++)
		kfree(xchg(&pipe[i], NULL));
	return NULL;
}
