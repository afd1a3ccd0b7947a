/* SPDX-License-Identifier: MIT */
/*
 * The page allocator: aligned, apart, given back whole; failing well; from all CPUs at once.
 */
#include "test.h"

#include <linux/fault-inject.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>

TEST(mm_page_every_order_is_aligned_to_its_size)
{
	unsigned int order;

	for (order = 0; order < MAX_ORDER; order++) {
		unsigned long addr = __get_free_pages(GFP_KERNEL | __GFP_NOWARN, order);

		if (!addr) {	/* a small machine has no 4 MiB in one piece, but 64 KiB it must have */
			EXPECT_OP(order, >, 4);
			break;
		}
		EXPECT_EQ(__pa(addr) & ((PAGE_SIZE << order) - 1), 0);
		memset((void *)addr, 0xa5, PAGE_SIZE << order);
		free_pages(addr, order);
	}
	return NULL;
}

TEST(mm_page_zeroed_means_zeroed)
{
	unsigned long dirty = __get_free_page(GFP_KERNEL), clean;

	EXPECT(dirty);
	memset((void *)dirty, 0xff, PAGE_SIZE);
	free_page(dirty);
	clean = get_zeroed_page(GFP_KERNEL);
	EXPECT(clean);
	EXPECT(memchr_inv((void *)clean, 0, PAGE_SIZE) == NULL);
	free_page(clean);
	return NULL;
}

TEST(mm_page_free_pages_come_together_again)
{
	static unsigned long p[256];
	long before = test_free_pages();
	int i, round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < ARRAY_SIZE(p); i++) {
			p[i] = __get_free_page(GFP_KERNEL);
			EXPECT(p[i]);
		}
		for (i = 0; i < ARRAY_SIZE(p); i += 2)		/* every second one, then the rest */
			free_page(p[i]);
		for (i = 1; i < ARRAY_SIZE(p); i += 2)
			free_page(p[i]);
	}
	EXPECT_OP(test_free_pages(), >=, before - 4);
	p[0] = __get_free_pages(GFP_KERNEL, 6);			/* 256 KiB in one piece are there again */
	EXPECT(p[0]);
	free_pages(p[0], 6);
	return NULL;
}

/* Takes everything there is. The chain of pages needs no memory of its own. */
TEST(mm_page_exhaustion_gives_null_and_everything_comes_back)
{
	void **chain = NULL;
	long n = 0;

	for (;;) {
		void **page = (void **)__get_free_page(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);

		if (!page)
			break;
		*page = chain;
		chain = page;
		n++;
	}
	EXPECT(__get_free_pages(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY, 3) == 0);
	while (chain) {
		void **next = *chain;

		free_page((unsigned long)chain);
		chain = next;
	}
	EXPECT_OP(n, >, 100);
	return NULL;
}

TEST(mm_page_too_large_an_order_gives_null)
{
	EXPECT(alloc_pages(GFP_KERNEL | __GFP_NOWARN, MAX_ORDER) == NULL);
	EXPECT(alloc_pages(GFP_KERNEL | __GFP_NOWARN, 60) == NULL);
	return NULL;
}

TEST(mm_page_address_and_page_belong_together)
{
	struct page *page = alloc_page(GFP_KERNEL);

	EXPECT(page);
	EXPECT(virt_to_page(page_address(page)) == page);
	EXPECT(pfn_to_page(page_to_pfn(page)) == page);
	EXPECT_EQ(__pa(__va(page_to_phys(page))), page_to_phys(page));
	__free_page(page);
	return NULL;
}

static const char *take_and_give(struct crew *c, int who)
{
	unsigned long held[16] = { 0 };
	unsigned int order[16];
	u32 random = test_seed(who);
	int i;

	for (i = 0; i < test_rounds(2000); i++) {
		int slot = test_random(&random) % 16;
		unsigned long *word = (unsigned long *)held[slot];

		if (word) {
			if (word[0] != (unsigned long)word + who || word[(PAGE_SIZE << order[slot]) / 8 - 1] != who)
				return test_fail("a page of thread %d was written by another", who);
			free_pages(held[slot], order[slot]);
			held[slot] = 0;
			continue;
		}
		order[slot] = test_random(&random) % 4;
		word = (unsigned long *)__get_free_pages(GFP_KERNEL, order[slot]);
		if (!word)
			continue;
		held[slot] = (unsigned long)word;
		word[0] = (unsigned long)word + who;
		word[(PAGE_SIZE << order[slot]) / 8 - 1] = who;
	}
	for (i = 0; i < 16; i++)
		if (held[i])
			free_pages(held[i], order[i]);
	return NULL;
}

TEST(mm_page_no_page_is_given_to_two_threads)
{
	struct crew c = { .fn = take_and_give, .n = 8 };

	return crew_run(&c);
}

TEST(mm_page_the_nth_allocation_fails_when_told_to)
{
	unsigned long a, b;

	fail_nth_arm(2);
	a = __get_free_page(GFP_KERNEL);
	b = __get_free_page(GFP_KERNEL);
	EXPECT(fail_nth_disarm());
	EXPECT(a);
	EXPECT(!b);
	free_page(a);
	return NULL;
}
