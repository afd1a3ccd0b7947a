/* SPDX-License-Identifier: MIT */
/* Library code for modules: hashes, sums, patterns, heaps, intervals, numbers of things. Known answers, and edges. */
#include "test.h"

#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/crc32.h>
#include <linux/glob.h>
#include <linux/interval_tree.h>
#include <linux/mm.h>
#include <linux/min_heap.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/uuid.h>

TEST(helpers_siphash_has_its_authors_answers)
{
	siphash_key_t key;
	u8 text[16];
	u64 words[2];

	for (int i = 0; i < 16; i++)
		((u8 *)&key)[i] = text[i] = i;
	EXPECT(siphash(text, 0, &key) == 0x726fdb47dd0e0e31);
	EXPECT(siphash(text, 15, &key) == 0xa129ca6149be45e5);
	memcpy(words, text, 16);
	EXPECT(siphash(text, 8, &key) == siphash_1u64(words[0], &key));
	EXPECT(siphash(text, 16, &key) == siphash_2u64(words[0], words[1], &key));
	EXPECT(siphash(text, 4, &key) == siphash_1u32(words[0], &key));
	return NULL;
}

TEST(helpers_hsiphash_forms_agree)
{
	static const hsiphash_key_t key = { { 1, 2 } };
	static const u32 words[] = { 5, 6, 7, 8 };

	EXPECT_EQ(hsiphash(words, 4, &key), hsiphash_1u32(5, &key));
	EXPECT_EQ(hsiphash(words, 8, &key), hsiphash_2u32(5, 6, &key));
	EXPECT_EQ(hsiphash(words, 12, &key), hsiphash_3u32(5, 6, 7, &key));
	EXPECT_EQ(hsiphash(words, 16, &key), hsiphash_4u32(5, 6, 7, 8, &key));
	EXPECT(hsiphash(words, 16, &key) != hsiphash(words, 15, &key));
	return NULL;
}

TEST(helpers_crc32_has_the_catalogues_answers)
{
	static const u8 text[] = "123456789";

	EXPECT_EQ(~crc32_le(~0, text, 9), 0xcbf43926);
	EXPECT_EQ(~crc32_be(~0, text, 9), 0xfc891918);
	EXPECT_EQ(~__crc32c_le(~0, text, 9), 0xe3069283);
	EXPECT_EQ(crc32_le(7, text, 0), 7);
	for (int n = 0; n <= 9; n++) {
		EXPECT_EQ(crc32_le_combine(crc32_le(~0, text, n), crc32_le(0, text + n, 9 - n), 9 - n),
			  crc32_le(~0, text, 9));
		EXPECT_EQ(__crc32c_le_combine(__crc32c_le(~0, text, n), __crc32c_le(0, text + n, 9 - n), 9 - n),
			  __crc32c_le(~0, text, 9));
	}
	return NULL;
}

TEST(helpers_glob_matches_as_a_shell_does)
{
	static const char *const yes[][2] = {
		{ "", "" }, { "a", "a" }, { "*", "" }, { "*", "abc" }, { "a*c", "abbc" }, { "a*b*c", "aXbYbZc" },
		{ "?", "x" }, { "[a-c]x", "bx" }, { "[!a-c]", "d" }, { "[]]", "]" }, { "[a-]", "-" }, { "\\*", "*" },
		{ "[", "[" }, { "[a", "[a" }, { "*.o", "kernel.o.o" }, { "kworker/*", "kworker/0:1" },
	};
	static const char *const no[][2] = {
		{ "", "a" }, { "a", "" }, { "a", "b" }, { "?", "" }, { "a*c", "ab" }, { "[a-c]", "d" },
		{ "[!a-c]", "a" }, { "\\*", "x" }, { "*a", "ab" }, { "a?", "a" }, { "[!]", "x" },
	};

	for (int i = 0; i < ARRAY_SIZE(yes); i++)
		if (!glob_match(yes[i][0], yes[i][1]))
			return test_fail("'%s' does not match '%s'", yes[i][0], yes[i][1]);
	for (int i = 0; i < ARRAY_SIZE(no); i++)
		if (glob_match(no[i][0], no[i][1]))
			return test_fail("'%s' matches '%s'", no[i][0], no[i][1]);
	return NULL;
}

/* ---- heap ---- */

static bool is_less(const void *a, const void *b)
{
	return *(const int *)a < *(const int *)b;
}

static void swap_ints(void *a, void *b)
{
	swap(*(int *)a, *(int *)b);
}

static const struct min_heap_callbacks ints = { sizeof(int), is_less, swap_ints };

TEST(helpers_min_heap_gives_them_in_order)
{
	int data[64], last = -1;
	struct min_heap heap = { data, 0, ARRAY_SIZE(data) };
	u32 state = test_seed(1);

	for (int i = 0; i < 32; i++)
		data[i] = test_random(&state) % 100;
	heap.nr = 32;
	min_heapify_all(&heap, &ints);
	for (int i = 0; i < 32; i++) {
		int n = test_random(&state) % 100;

		min_heap_push(&heap, &n, &ints);
	}
	EXPECT_EQ(heap.nr, 64);
	for (; heap.nr; min_heap_pop(&heap, &ints)) {
		EXPECT(data[0] >= last);
		last = data[0];
	}
	for (int i = 3; i; i--)
		min_heap_push(&heap, &i, &ints);
	last = 9;
	min_heap_pop_push(&heap, &last, &ints);
	EXPECT_EQ(data[0], 2);
	return NULL;
}

TEST(helpers_min_heap_full_or_empty_says_so, .warns = "heap")
{
	int data[1], n = 1;
	struct min_heap heap = { data, 0, 1 };

	min_heap_pop(&heap, &ints);
	EXPECT_EQ(heap.nr, 0);
	min_heap_push(&heap, &n, &ints);
	min_heap_push(&heap, &n, &ints);
	EXPECT_EQ(heap.nr, 1);
	return NULL;
}

/* ---- intervals ---- */

#define INTERVALS 60

static int count_touching(struct rb_root_cached *root, unsigned long from, unsigned long to)
{
	struct interval_tree_node *node;
	unsigned long start = 0;
	int n = 0;

	for (node = interval_tree_iter_first(root, from, to); node; node = interval_tree_iter_next(node, from, to)) {
		if (node->start < start || node->start > to || node->last < from)
			return -1;
		start = node->start;
		n++;
	}
	return n;
}

TEST(helpers_interval_tree_finds_all_that_touch_and_no_others)
{
	static struct interval_tree_node nodes[INTERVALS];
	struct rb_root_cached root = RB_ROOT_CACHED;
	u32 state = test_seed(2);

	for (int i = 0; i < INTERVALS; i++) {
		nodes[i].start = test_random(&state) % 1000;
		nodes[i].last = nodes[i].start + test_random(&state) % 100;
		interval_tree_insert(&nodes[i], &root);
	}
	for (int gone = 0; gone <= INTERVALS; gone++) {
		unsigned long from = test_random(&state) % 1000, to = from + test_random(&state) % 50;
		int touching = 0;

		for (int i = gone; i < INTERVALS; i++)
			touching += nodes[i].start <= to && nodes[i].last >= from;
		EXPECT_EQ(count_touching(&root, from, to), touching);
		EXPECT_EQ(count_touching(&root, 0, ULONG_MAX), INTERVALS - gone);
		if (gone < INTERVALS)
			interval_tree_remove(&nodes[gone], &root);
	}
	EXPECT(RB_EMPTY_ROOT(&root.rb_root));
	return NULL;
}

/* ---- names, bits, arrays ---- */

TEST(helpers_uuid_and_guid_are_read_and_printed_alike)
{
	static const char text[] = "33221100-5544-7766-8899-aabbccddeeff";
	char buf[40];
	guid_t g, h;
	uuid_t u, v;

	EXPECT_EQ(guid_parse(text, &g), 0);
	EXPECT_EQ(uuid_parse(text, &u), 0);
	h = GUID_INIT(0x33221100, 0x5544, 0x7766, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff);
	v = UUID_INIT(0x33221100, 0x5544, 0x7766, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff);
	EXPECT(guid_equal(&g, &h) && uuid_equal(&u, &v));
	EXPECT(g.b[0] == 0x00 && u.b[0] == 0x33);
	snprintf(buf, sizeof(buf), "%pUb", &u);
	EXPECT(!strcmp(buf, text));
	snprintf(buf, sizeof(buf), "%pUl", &g);
	EXPECT(!strcmp(buf, text));
	EXPECT_EQ(uuid_parse("33221100-5544-7766-8899-aabbccddeef", &u), -EINVAL);
	EXPECT_EQ(uuid_parse("332211005-544-7766-8899-aabbccddeeff", &u), -EINVAL);
	EXPECT_EQ(guid_parse("", &g), -EINVAL);
	EXPECT(uuid_equal(&u, &v));
	return NULL;
}

TEST(helpers_uuid_generated_is_random_and_says_version_4)
{
	uuid_t u, v;
	guid_t g;

	uuid_gen(&u);
	uuid_gen(&v);
	guid_gen(&g);
	EXPECT(!uuid_equal(&u, &v) && !uuid_is_null(&u) && !guid_is_null(&g));
	EXPECT(u.b[6] >> 4 == 4 && u.b[8] >> 6 == 2 && g.b[7] >> 4 == 4 && g.b[8] >> 6 == 2);
	return NULL;
}

TEST(helpers_bitmap_text_comes_in_pieces)
{
	DECLARE_BITMAP(map, 128);
	char whole[64], part[64];
	int n = 0, got;

	bitmap_zero(map, 128);
	bitmap_set(map, 3, 5);
	bitmap_set(map, 100, 1);
	EXPECT_EQ(bitmap_print_list_to_buf(whole, map, 128, 0, sizeof(whole)), strlen("3-7,100\n"));
	EXPECT(!memcmp(whole, "3-7,100\n", 8));
	while ((got = bitmap_print_list_to_buf(part + n, map, 128, n, 3)) > 0)
		n += got;
	EXPECT(n == 8 && !memcmp(whole, part, 8));
	EXPECT_EQ(bitmap_print_bitmask_to_buf(whole, map, 128, 0, 64), 36);
	EXPECT(!memcmp(whole, "00000010,00000000,00000000,000000f8\n", 36));
	EXPECT_EQ(bitmap_print_bitmask_to_buf(whole, map, 128, -1, 64), 0);
	return NULL;
}

TEST(helpers_runs_and_groups_of_bits_from_a_place_on)
{
	DECLARE_BITMAP(map, 64);
	unsigned long b = 5, e, runs = 0, clump, sum = 0;

	bitmap_zero(map, 64);
	bitmap_set(map, 0, 3);
	bitmap_set(map, 8, 2);
	bitmap_set(map, 60, 4);
	for_each_set_bitrange_from(b, e, map, 64)
		runs = runs * 100 + e - b;
	EXPECT_EQ(runs, 204);
	b = 9;
	runs = 0;
	for_each_clear_bitrange_from(b, e, map, 64)
		runs = runs * 100 + e - b;
	EXPECT_EQ(runs, 50);
	for_each_set_clump8(b, clump, map, 64)
		sum = sum * 1000 + b + clump;
	EXPECT_EQ(sum, 7011000 + 56 + 0xf0);
	return NULL;
}

TEST(helpers_arrays_of_pointers_are_joined)
{
	static const char *const a[] = { "1", "2", NULL }, *const b[] = { "3", NULL };
	const char *const *both = memcat_p(a, b);

	EXPECT(both && both[0] == a[0] && both[1] == a[1] && both[2] == b[0] && !both[3]);
	kfree(both);
	return NULL;
}

TEST(helpers_letters_change_their_size)
{
	char buf[8];

	string_upper(buf, "aZ9-");
	EXPECT(!strcmp(buf, "AZ9-"));
	string_lower(buf, buf);
	EXPECT(!strcmp(buf, "az9-"));
	EXPECT(string_is_terminated(buf, sizeof(buf)) && !string_is_terminated(buf, 4));
	EXPECT(!strcmp(str_yes_no(true), "yes") && !strcmp(str_on_off(false), "off"));
	EXPECT(si_mem_available() > 0);
	return NULL;
}

/* As many words as the bits need, no more: what is behind is a red zone, and free looks at that. */
TEST(helpers_bitmaps_and_masks_of_ones_own)
{
	static const unsigned int sizes[] = { 1, 64, 65, 1000 };
	cpumask_var_t mask;

	for (int i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned long *a = bitmap_alloc(sizes[i], GFP_KERNEL), *z = bitmap_zalloc(sizes[i], GFP_KERNEL);
		bool right = a && z && bitmap_empty(z, sizes[i]);

		if (right) {
			bitmap_fill(a, sizes[i]);
			bitmap_copy(z, a, sizes[i]);
			right = bitmap_weight(z, sizes[i]) == sizes[i];
		}
		bitmap_free(a);
		bitmap_free(z);
		EXPECT(right);
	}
	bitmap_free(NULL);

	EXPECT(alloc_cpumask_var(&mask, GFP_KERNEL) && cpumask_available(mask));
	cpumask_setall(mask);
	free_cpumask_var(mask);
	EXPECT(zalloc_cpumask_var(&mask, GFP_KERNEL));
	EXPECT(cpumask_empty(mask));
	cpumask_set_cpu(nr_cpu_ids - 1, mask);
	EXPECT_EQ(cpumask_first(mask), nr_cpu_ids - 1);
	free_cpumask_var(mask);
	return NULL;
}

/* By kasprintf(), which is kvasprintf() with the arguments spelled out. */
TEST(helpers_kvasprintf_takes_as_much_as_the_text_needs)
{
	char *empty = kasprintf(GFP_KERNEL, "%s", ""), *s = kasprintf(GFP_KERNEL, "%d and %s", -5, "seven");
	char *wide = kasprintf(GFP_KERNEL, "%5000d", 1);
	bool right = empty && s && wide && !*empty && ksize(empty) < 32 && !strcmp(s, "-5 and seven") &&
		     strlen(wide) == 5000 && wide[4999] == '1';

	kfree(empty);
	kfree(s);
	kfree(wide);
	EXPECT(right);
	return NULL;
}
