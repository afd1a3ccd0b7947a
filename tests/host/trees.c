/* SPDX-License-Identifier: MIT */
#include "host.h"
#include <linux/array_size.h>
#include <linux/hashtable.h>
#include <linux/hex.h>
#include <linux/jhash.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/prandom.h>
#include <linux/printk.h>
#include <linux/rbtree_augmented.h>
#include <linux/sort.h>
#include <linux/sprintf.h>
#include <linux/string.h>

struct item {
	struct rb_node rb;
	struct list_head list;
	struct hlist_node hash;
	struct llist_node ll;
	unsigned int key, subtree_max;
	bool in;
};

#define NITEMS 300
static struct item items[NITEMS];

static unsigned int own_value(struct item *it)
{
	return it->key * 2654435761u;
}

RB_DECLARE_CALLBACKS_MAX(static, max_callbacks, struct item, rb, unsigned int,
			 subtree_max, own_value);

/* Check the rules below node. Return: its black height, -1 if a rule is broken. */
static int black_height(struct rb_node *node, bool augmented)
{
	struct item *it = rb_entry(node, struct item, rb);
	unsigned int max;
	int left, right;
	bool red;

	if (!node)
		return 1;
	red = !(node->__rb_parent_color & 1);
	max = own_value(it);
	left = black_height(node->rb_left, augmented);
	right = black_height(node->rb_right, augmented);
	if (left < 0 || left != right)
		return -1;
	if (node->rb_left) {
		struct item *l = rb_entry(node->rb_left, struct item, rb);

		if (rb_parent(&l->rb) != node || l->key > it->key ||
		    (red && !(l->rb.__rb_parent_color & 1)))
			return -1;
		max = max > l->subtree_max ? max : l->subtree_max;
	}
	if (node->rb_right) {
		struct item *r = rb_entry(node->rb_right, struct item, rb);

		if (rb_parent(&r->rb) != node || r->key < it->key ||
		    (red && !(r->rb.__rb_parent_color & 1)))
			return -1;
		max = max > r->subtree_max ? max : r->subtree_max;
	}
	if (augmented && it->subtree_max != max)
		return -1;
	return left + !red;
}

static void insert(struct item *it, struct rb_root_cached *root)
{
	struct rb_node **link = &root->rb_root.rb_node, *parent = NULL;
	unsigned int value = own_value(it);
	bool leftmost = true;

	while (*link) {
		struct item *p = rb_entry(*link, struct item, rb);

		parent = *link;
		if (p->subtree_max < value)
			p->subtree_max = value;
		if (it->key < p->key) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	it->subtree_max = value;
	rb_link_node(&it->rb, parent, link);
	rb_insert_augmented_cached(&it->rb, root, leftmost, &max_callbacks);
}

static bool less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct item, rb)->key < rb_entry(b, struct item, rb)->key;
}

/* By the functions with callbacks or by those without: the same rules, and the leftmost node is known. */
static void change_at_random(bool augmented)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	struct rnd_state rnd;
	int round, count = 0;

	prandom_seed_state(&rnd, 7);
	memset(items, 0, sizeof(items));
	for (round = 0; round < 20000; round++) {
		struct item *it = &items[prandom_u32_max_state(&rnd, NITEMS)];

		if (it->in) {
			if (augmented)
				rb_erase_augmented_cached(&it->rb, &root, &max_callbacks);
			else
				rb_erase_cached(&it->rb, &root);
			count--;
		} else {
			it->key = prandom_u32_max_state(&rnd, 500);
			if (augmented)
				insert(it, &root);
			else
				rb_add_cached(&it->rb, &root, less);
			count++;
		}
		it->in = !it->in;
		if (root.rb_root.rb_node)
			CHECK(root.rb_root.rb_node->__rb_parent_color == 1);
		CHECK(rb_first_cached(&root) == rb_first(&root.rb_root));
		if (round % 16 == 0) {
			struct rb_node *n;
			int seen = 0;

			CHECK(black_height(root.rb_root.rb_node, augmented) > 0);
			for (n = rb_first(&root.rb_root); n; n = rb_next(n))
				seen++;
			CHECK_NUM(seen, count);
		}
	}
}

HOST_TEST(rbtree_keeps_its_rules_through_random_changes)
{
	change_at_random(true);
}

HOST_TEST(rbtree_without_callbacks_keeps_its_rules_and_knows_its_leftmost)
{
	change_at_random(false);
}

/* Always the first out and something new in, as a run queue does: the tree is small, then large, then empty. */
HOST_TEST(rbtree_gives_its_leftmost_in_order)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	struct rnd_state rnd;
	unsigned int last;

	prandom_seed_state(&rnd, 7);
	for (unsigned int n = 1; n <= 64; n++) {
		memset(items, 0, sizeof(items));
		for (unsigned int i = 0; i < n; i++) {
			items[i].key = prandom_u32_max_state(&rnd, 50);
			rb_add_cached(&items[i].rb, &root, less);
		}
		last = 0;
		for (unsigned int i = 0; i < 4 * n; i++) {
			struct item *it = rb_entry(rb_first_cached(&root), struct item, rb);

			CHECK(it->key >= last);
			last = it->key;
			rb_erase_cached(&it->rb, &root);
			CHECK(rb_first_cached(&root) == rb_first(&root.rb_root));
			if (i >= 3 * n)
				continue;
			it->key += prandom_u32_max_state(&rnd, 50);
			rb_add_cached(&it->rb, &root, less);
		}
		CHECK(!root.rb_root.rb_node && !root.rb_leftmost);
	}
}

static int cmp_key(const void *key, const struct rb_node *n)
{
	return (int)*(const unsigned int *)key - (int)rb_entry(n, struct item, rb)->key;
}

HOST_TEST(rbtree_walks_both_ways_and_finds)
{
	struct rb_root root = RB_ROOT;
	struct item *pos, *next;
	struct rb_node *n;
	unsigned int i, key = 40, seen = 0;

	for (i = 0; i < 100; i++) {
		items[i].key = (i * 37) % 100 / 2 * 2;	/* every even key twice */
		rb_add(&items[i].rb, &root, less);
	}
	for (n = rb_first(&root), i = 0; n; n = rb_next(n), i++)
		CHECK_NUM(rb_entry(n, struct item, rb)->key, i / 2 * 2);
	for (n = rb_last(&root), i = 99; n; n = rb_prev(n), i--)
		CHECK_NUM(rb_entry(n, struct item, rb)->key, i / 2 * 2);
	rb_for_each(n, &key, &root, cmp_key)
		seen++;
	CHECK_NUM(seen, 2);
	key = 41;
	CHECK(rb_find(&key, &root, cmp_key) == NULL);

	items[200] = items[0];
	rb_replace_node(&items[0].rb, &items[200].rb, &root);
	seen = 0;
	rbtree_postorder_for_each_entry_safe(pos, next, &root, rb) {
		if (pos->rb.rb_left)
			CHECK(rb_entry(pos->rb.rb_left, struct item, rb)->in == true);
		pos->in = true;
		seen++;
	}
	CHECK_NUM(seen, 100);
	for (i = 1; i < 100; i++)
		rb_erase(&items[i].rb, &root);
	rb_erase(&items[200].rb, &root);
	CHECK(RB_EMPTY_ROOT(&root));
}

/* The keys of a list as one string. */
static const char *keys(struct list_head *head)
{
	static char text[64];
	struct item *it;
	int len = 0;

	text[0] = 0;
	list_for_each_entry(it, head, list)
		len += scnprintf(text + len, sizeof(text) - len, "%u", it->key);
	return text;
}

static void fill(struct list_head *head, unsigned int from, unsigned int to)
{
	INIT_LIST_HEAD(head);
	for (; from <= to; from++) {
		items[from].key = from;
		list_add_tail(&items[from].list, head);
	}
}

HOST_TEST(list_moves_splices_and_cuts)
{
	struct list_head a, b;

	fill(&a, 1, 5);
	CHECK_STR(keys(&a), "12345");
	list_move(&items[4].list, &a);
	CHECK_STR(keys(&a), "41235");
	list_rotate_left(&a);
	CHECK_STR(keys(&a), "12354");
	list_swap(&items[1].list, &items[4].list);
	CHECK_STR(keys(&a), "42351");
	list_swap(&items[4].list, &items[2].list);
	CHECK_STR(keys(&a), "24351");
	list_cut_position(&b, &a, &items[3].list);
	CHECK_STR(keys(&b), "243");
	CHECK_STR(keys(&a), "51");
	list_splice_tail_init(&b, &a);
	CHECK_STR(keys(&a), "51243");
	CHECK(list_empty(&b));
	list_cut_before(&b, &a, &items[2].list);
	CHECK_STR(keys(&b), "51");
	list_splice_init(&b, &a);
	CHECK_STR(keys(&a), "51243");
	list_rotate_to_front(&items[2].list, &a);
	CHECK_STR(keys(&a), "24351");
	list_bulk_move_tail(&a, &items[4].list, &items[3].list);
	CHECK_STR(keys(&a), "25143");
	CHECK_NUM(list_count_nodes(&a), 5);
	items[6].key = 6;
	list_replace(&items[5].list, &items[6].list);
	CHECK_STR(keys(&a), "26143");
}

HOST_TEST(list_walks_survive_removal_and_know_the_ends)
{
	struct item *it, *n;
	LIST_HEAD(a);

	CHECK(list_first_entry_or_null(&a, struct item, list) == NULL);
	fill(&a, 1, 6);
	list_for_each_entry_safe(it, n, &a, list)
		if (it->key % 2)
			list_del(&it->list);
	CHECK_STR(keys(&a), "246");
	CHECK(items[1].list.next == LIST_POISON1 && items[1].list.prev == LIST_POISON2);
	CHECK(list_is_first(&items[2].list, &a) && list_is_last(&items[6].list, &a));
	it = &items[2];
	list_for_each_entry_continue(it, &a, list)
		CHECK(it->key > 2);
	CHECK(list_entry_is_head(it, &a, list));
	list_for_each_entry_safe_reverse(it, n, &a, list)
		list_del_init(&it->list);
	CHECK(list_empty(&a) && list_empty(&items[4].list) && list_empty_careful(&a));
}

HOST_TEST(hlist_and_hashtable_find_what_was_added)
{
	DEFINE_HASHTABLE(table, 4);
	struct hlist_node *tmp;
	struct item *it;
	unsigned int i, bkt, seen = 0;

	for (i = 0; i < 50; i++) {
		items[i].key = i;
		hash_add(table, &items[i].hash, items[i].key);
	}
	hash_for_each(table, bkt, it, hash)
		seen += it->key;
	CHECK_NUM(seen, 49 * 50 / 2);
	seen = 0;
	hash_for_each_possible(table, it, hash, 17u)
		seen += it->key == 17;
	CHECK_NUM(seen, 1);
	hash_for_each_safe(table, bkt, tmp, it, hash)
		hash_del(&it->hash);
	CHECK(hash_empty(table) && !hash_hashed(&items[3].hash));
}

HOST_TEST(llist_gives_back_what_was_pushed_in_either_order)
{
	LLIST_HEAD(head);
	struct item *it, *n;
	int i, want = 4;

	CHECK(llist_empty(&head) && llist_del_first(&head) == NULL);
	for (i = 0; i < 5; i++) {
		items[i].key = i;
		CHECK(llist_add(&items[i].ll, &head) == (i == 0));
	}
	CHECK(llist_del_first(&head) == &items[4].ll);
	llist_add(&items[4].ll, &head);
	llist_for_each_entry(it, head.first, ll)
		CHECK_NUM(it->key, want--);
	want = 0;
	llist_for_each_entry_safe(it, n, llist_reverse_order(llist_del_all(&head)), ll)
		CHECK_NUM(it->key, want++);
	CHECK_NUM(want, 5);
	CHECK(llist_empty(&head));
}

static int cmp_int(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

HOST_TEST(sort_orders_every_length_and_bsearch_finds)
{
	struct rnd_state rnd;
	int v[100], n, i;
	long long sum;

	prandom_seed_state(&rnd, 3);
	for (n = 0; n <= 100; n++) {
		sum = 0;
		for (i = 0; i < n; i++)
			sum += v[i] = (int)prandom_u32_state(&rnd) >> (n % 30);
		sort(v, n, sizeof(int), cmp_int, NULL);
		for (i = 0; i < n; i++) {
			CHECK(i == 0 || v[i - 1] <= v[i]);
			sum -= v[i];
			CHECK(*(int *)bsearch(&v[i], v, n, sizeof(int), cmp_int) == v[i]);
		}
		CHECK_NUM(sum, 0);
	}
	CHECK(bsearch(&(int){ -1 }, (int[]){ 1, 2 }, 2, sizeof(int), cmp_int) == NULL);
}

HOST_TEST(prandom_repeats_by_seed_and_is_spread)
{
	struct rnd_state a, b;
	unsigned int counts[16] = { 0 }, i;
	u8 bytes[7];

	prandom_seed_state(&a, 42);
	prandom_seed_state(&b, 42);
	for (i = 0; i < 16000; i++) {
		u32 n = prandom_u32_state(&a);

		CHECK(n == prandom_u32_state(&b));
		counts[n >> 28]++;
	}
	for (i = 0; i < 16; i++)
		CHECK(counts[i] > 850 && counts[i] < 1150);
	prandom_seed_state(&b, 43);
	CHECK(prandom_u32_state(&a) != prandom_u32_state(&b));
	prandom_bytes_state(&a, bytes, sizeof(bytes));
	for (i = 0; i < 1000; i++)
		CHECK(prandom_u32_max_state(&a, 10) < 10);
}

HOST_TEST(jhash_depends_on_every_byte_and_agrees_with_lookup3)
{
	u32 words[3] = { 1, 2, 3 };
	char text[] = "Four score and seven years ago";
	u32 whole = jhash(text, 30, 0);
	int i;

	CHECK_NUM(whole, 0x17770551);
	CHECK_NUM(jhash(text, 30, 1), 0xcd628161);
	CHECK_NUM(jhash(words, 12, 9), jhash2(words, 3, 9));
	CHECK_NUM(jhash_3words(1, 2, 3, 9), jhash2(words, 3, 9));
	CHECK_NUM(jhash_1word(1, 9), jhash2(words, 1, 9));
	for (i = 0; i < 30; i++) {
		text[i] ^= 1;
		CHECK(jhash(text, 30, 0) != whole);
		text[i] ^= 1;
	}
}

HOST_TEST(hexdump_lines_have_linux_columns)
{
	static const u8 data[] = "hello, \1world!\200";
	char line[80];

	CHECK_NUM(hex_dump_to_buffer(data, 16, 16, 1, line, sizeof(line), true), 65);
	CHECK_STR(line, "68 65 6c 6c 6f 2c 20 01 77 6f 72 6c 64 21 80 00  hello, .world!..");
	hex_dump_to_buffer(data, 8, 16, 4, line, sizeof(line), false);
	CHECK_STR(line, "6c6c6568 01202c6f");
	CHECK_NUM(hex_dump_to_buffer(data, 3, 16, 1, line, 6, true), 52);
	CHECK_STR(line, "68 65");
	CHECK_NUM(hex_dump_to_buffer(data, 0, 16, 1, line, sizeof(line), true), 0);
	CHECK_STR(line, "");
}

HOST_TEST(hex_digits_go_both_ways)
{
	u8 bytes[3];
	char text[7] = "";

	CHECK(hex2bin(bytes, "01aBff", 3) == 0 && bytes[1] == 0xab);
	CHECK(hex2bin(bytes, "0g", 1) < 0);
	*bin2hex(text, bytes, 1) = 0;
	CHECK_NUM(hex_to_bin('F'), 15);
	CHECK_NUM(hex_to_bin('x'), -1);
}
