/* SPDX-License-Identifier: MIT */
/*
 * The containers and small services that modules use: kfifo, xarray, idr, ida, mempool, credentials, resources, random
 * numbers. What needs neither memory nor locks is tested on the host (tests/host).
 */
#include "test.h"

#include <linux/cred.h>
#include <linux/idr.h>
#include <linux/ioport.h>
#include <linux/kfifo.h>
#include <linux/kref.h>
#include <linux/mempool.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timex.h>
#include <linux/utsname.h>
#include <linux/version.h>
#include <linux/xarray.h>

/* ---- kfifo ---- */

static DEFINE_KFIFO(numbers, int, 8);

TEST(data_kfifo_gives_back_in_order_and_says_when_full)
{
	int i, v, some[4];

	kfifo_reset(&numbers);
	EXPECT(kfifo_is_empty(&numbers) && kfifo_size(&numbers) == 8 && kfifo_esize(&numbers) == sizeof(int));
	for (int round = 0; round < 5; round++) {
		for (i = 0; i < 8; i++)
			EXPECT(kfifo_put(&numbers, i));
		EXPECT(!kfifo_put(&numbers, 99) && kfifo_is_full(&numbers) && kfifo_avail(&numbers) == 0);
		EXPECT(kfifo_peek(&numbers, &v) && v == 0);
		EXPECT_EQ(kfifo_out_peek(&numbers, some, 4), 4);
		for (i = 0; i < 3; i++)
			EXPECT(kfifo_get(&numbers, &v) && v == i);
		EXPECT_EQ(kfifo_in(&numbers, some, 4), 3);	/* room for three, across the ring's end */
		kfifo_skip(&numbers);
		EXPECT_EQ(kfifo_len(&numbers), 7);
		EXPECT_EQ(kfifo_out(&numbers, some, 4), 4);
		EXPECT(some[0] == 4 && some[3] == 7);
		EXPECT_EQ(kfifo_out(&numbers, some, 4), 3);
		EXPECT(some[0] == 0 && some[2] == 2 && !kfifo_get(&numbers, &v));
	}
	return NULL;
}

TEST(data_kfifo_of_bytes_and_of_records)
{
	STRUCT_KFIFO_REC_1(32) records;
	struct kfifo bytes;
	char buf[32];

	EXPECT_EQ(kfifo_alloc(&bytes, 1, GFP_KERNEL), -EINVAL);
	EXPECT_EQ(kfifo_alloc(&bytes, 100, GFP_KERNEL), 0);
	EXPECT_EQ(kfifo_size(&bytes), 128);
	EXPECT_EQ(kfifo_in(&bytes, "hello", 5), 5);
	EXPECT_EQ(kfifo_out(&bytes, buf, sizeof(buf)), 5);
	EXPECT(!memcmp(buf, "hello", 5));
	kfifo_free(&bytes);
	EXPECT(!kfifo_initialized(&bytes));

	INIT_KFIFO(records);
	EXPECT_EQ(kfifo_in(&records, "one", 3), 3);
	EXPECT_EQ(kfifo_in(&records, "three", 5), 5);
	EXPECT_EQ(kfifo_peek_len(&records), 3);
	EXPECT_EQ(kfifo_out(&records, buf, sizeof(buf)), 3);
	EXPECT_EQ(kfifo_out(&records, buf, sizeof(buf)), 5);
	EXPECT(!memcmp(buf, "three", 5) && kfifo_is_empty(&records));
	EXPECT_EQ(kfifo_in(&records, buf, 32), 0);		/* its length would not fit */
	return NULL;
}

struct ring_use {
	STRUCT_KFIFO_PTR(u32) fifo;
};

static const char *one_side(struct crew *c, int i)
{
	struct ring_use *r = c->data;
	u32 n = test_rounds(3000), v = 0, want;

	for (want = 0; want < n;) {
		if (i == 0)
			want += kfifo_put(&r->fifo, want);
		else if (kfifo_get(&r->fifo, &v)) {
			if (v != want)
				return test_fail("got %u, not %u", v, want);
			want++;
		}
		cond_resched();
		cpu_relax();
	}
	return NULL;
}

TEST(data_kfifo_needs_no_lock_between_one_and_one, .cpus = 2)
{
	struct ring_use r;
	struct crew c = { .fn = one_side, .data = &r, .n = 2, .bound = true };

	EXPECT_EQ(kfifo_alloc(&r.fifo, 16, GFP_KERNEL), 0);
	TRY(crew_run(&c));
	kfifo_free(&r.fifo);
	return NULL;
}

/* ---- xarray ---- */

TEST(data_xarray_stores_far_apart_and_finds_in_order)
{
	static const unsigned long at[] = { 0, 1, 63, 64, 4095, 4096, 1UL << 30, 1UL << 62, ULONG_MAX };
	DEFINE_XARRAY(xa);
	unsigned long index;
	void *entry;
	int i = 0;

	EXPECT(xa_empty(&xa) && !xa_load(&xa, 5));
	for (i = ARRAY_SIZE(at) - 1; i >= 0; i--)
		EXPECT(!xa_store(&xa, at[i], xa_mk_value(i), GFP_KERNEL));
	for (i = 0; i < ARRAY_SIZE(at); i++)
		EXPECT_EQ(xa_to_value(xa_load(&xa, at[i])), i);
	i = 0;
	xa_for_each(&xa, index, entry) {
		EXPECT_EQ(index, at[i]);
		EXPECT_EQ(xa_to_value(entry), i);
		i++;
	}
	EXPECT_EQ(i, ARRAY_SIZE(at));
	EXPECT_EQ(xa_insert(&xa, 64, xa_mk_value(9), GFP_KERNEL), -EBUSY);
	EXPECT_EQ(xa_insert(&xa, 65, xa_mk_value(9), GFP_KERNEL), 0);
	EXPECT(xa_cmpxchg(&xa, 65, xa_mk_value(8), NULL, GFP_KERNEL) == xa_mk_value(9));
	EXPECT(xa_cmpxchg(&xa, 65, xa_mk_value(9), NULL, GFP_KERNEL) == xa_mk_value(9));
	EXPECT(!xa_load(&xa, 65));
	for (i = 0; i < ARRAY_SIZE(at); i++)
		EXPECT(xa_erase(&xa, at[i]) == xa_mk_value(i));
	EXPECT(xa_empty(&xa));
	return NULL;
}

TEST(data_xarray_marks_are_found_and_go_with_the_entry)
{
	DEFINE_XARRAY(xa);
	unsigned long index;
	int n = 0;
	void *entry;

	for (index = 0; index < 1000; index += 7)
		xa_store(&xa, index, xa_mk_value(index), GFP_KERNEL);
	for (index = 0; index < 1000; index += 70)
		xa_set_mark(&xa, index, XA_MARK_1);
	xa_set_mark(&xa, 1, XA_MARK_1);		/* nothing is there */
	xa_for_each_marked(&xa, index, entry, XA_MARK_1) {
		EXPECT_EQ(index % 70, 0);
		n++;
	}
	EXPECT_EQ(n, 15);
	EXPECT(xa_get_mark(&xa, 70, XA_MARK_1) && !xa_get_mark(&xa, 77, XA_MARK_1) && xa_marked(&xa, XA_MARK_1));
	xa_clear_mark(&xa, 70, XA_MARK_1);
	EXPECT(!xa_get_mark(&xa, 70, XA_MARK_1));
	for (index = 0; index < 1000; index += 70)
		xa_erase(&xa, index);
	EXPECT(!xa_marked(&xa, XA_MARK_1));
	xa_destroy(&xa);
	EXPECT(xa_empty(&xa));
	return NULL;
}

TEST(data_xarray_hands_out_the_lowest_free_index)
{
	DEFINE_XARRAY_ALLOC1(xa);
	u32 id, next = 0;

	for (u32 i = 1; i <= 200; i++) {
		EXPECT_EQ(xa_alloc(&xa, &id, xa_mk_value(i), xa_limit_31b, GFP_KERNEL), 0);
		EXPECT_EQ(id, i);
	}
	xa_erase(&xa, 17);
	xa_erase(&xa, 150);
	EXPECT_EQ(xa_alloc(&xa, &id, NULL, XA_LIMIT(18, 300), GFP_KERNEL), 0);
	EXPECT_EQ(id, 150);
	EXPECT(!xa_load(&xa, 150));		/* taken, and reads as NULL */
	EXPECT_EQ(xa_alloc(&xa, &id, xa_mk_value(1), XA_LIMIT(0, 16), GFP_KERNEL), -EBUSY);
	EXPECT_EQ(xa_alloc(&xa, &id, xa_mk_value(1), xa_limit_31b, GFP_KERNEL), 0);
	EXPECT_EQ(id, 17);
	xa_destroy(&xa);
	for (u32 i = 0; i < 12; i++) {
		int err = xa_alloc_cyclic(&xa, &id, xa_mk_value(i), XA_LIMIT(1, 5), &next, GFP_KERNEL);

		EXPECT_EQ(err, i && i % 5 == 0);
		EXPECT_EQ(id, i % 5 + 1);
		xa_erase(&xa, id);
	}
	return NULL;
}

/* Readers look while one writer stores and erases: each entry's value is its index. */
static struct xarray shared;
static bool enough;

static const char *use_xarray(struct crew *c, int i)
{
	u32 state = test_seed(i);

	for (int k = 0; i == 0 && k < test_rounds(2000); k++) {
		unsigned long index = test_random(&state) % 64 << test_random(&state) % 20;

		if (k % 2)
			xa_store(&shared, index, xa_mk_value(index), GFP_KERNEL);
		else
			xa_erase(&shared, index);
	}
	if (i == 0)
		WRITE_ONCE(enough, true);
	while (!READ_ONCE(enough)) {
		unsigned long index;
		void *entry;

		xa_for_each(&shared, index, entry)
			if (entry != xa_mk_value(index))
				return test_fail("%lu at %lu", xa_to_value(entry), index);
		cond_resched();
		cpu_relax();
	}
	return NULL;
}

TEST(data_xarray_is_read_without_a_lock)
{
	struct crew c = { .fn = use_xarray, .n = num_online_cpus() + 1 };

	WRITE_ONCE(enough, false);
	xa_init(&shared);
	TRY(crew_run(&c));
	xa_destroy(&shared);
	return NULL;
}

/* ---- idr, ida ---- */

TEST(data_idr_gives_numbers_to_pointers)
{
	DEFINE_IDR(idr);
	int a, b, id, n = 0, *p;

	EXPECT(idr_is_empty(&idr));
	idr_preload(GFP_KERNEL);
	id = idr_alloc(&idr, &a, 5, 8, GFP_NOWAIT);
	idr_preload_end();
	EXPECT_EQ(id, 5);
	EXPECT_EQ(idr_alloc(&idr, &b, 5, 8, GFP_KERNEL), 6);
	EXPECT_EQ(idr_alloc(&idr, &b, 5, 8, GFP_KERNEL), 7);
	EXPECT_EQ(idr_alloc(&idr, &b, 5, 8, GFP_KERNEL), -ENOSPC);
	EXPECT(idr_find(&idr, 5) == &a && idr_find(&idr, 6) == &b && !idr_find(&idr, 4));
	EXPECT(idr_replace(&idr, &a, 6) == &b && idr_find(&idr, 6) == &a);
	EXPECT(idr_replace(&idr, &a, 60) == ERR_PTR(-ENOENT));
	EXPECT(idr_remove(&idr, 5) == &a && !idr_remove(&idr, 5));
	idr_for_each_entry(&idr, p, id)
		n += id;
	EXPECT_EQ(n, 6 + 7);
	EXPECT_EQ(idr_alloc_cyclic(&idr, &a, 5, 9, GFP_KERNEL), 5);
	EXPECT_EQ(idr_alloc_cyclic(&idr, &a, 5, 9, GFP_KERNEL), 8);
	idr_remove(&idr, 5);
	EXPECT_EQ(idr_alloc_cyclic(&idr, &a, 5, 9, GFP_KERNEL), 5);
	idr_destroy(&idr);
	EXPECT(idr_is_empty(&idr));
	return NULL;
}

TEST(data_ida_gives_the_lowest_number, .warns = "which was not given")
{
	DEFINE_IDA(ida);

	for (int i = 0; i < 300; i++)
		EXPECT_EQ(ida_alloc(&ida, GFP_KERNEL), i);
	ida_free(&ida, 77);
	EXPECT_EQ(ida_alloc_min(&ida, 100, GFP_KERNEL), 300);
	EXPECT_EQ(ida_alloc_max(&ida, 50, GFP_KERNEL), -ENOSPC);
	EXPECT_EQ(ida_alloc(&ida, GFP_KERNEL), 77);
	ida_free(&ida, 1000);
	ida_destroy(&ida);
	EXPECT(ida_is_empty(&ida));
	return NULL;
}

/* ---- mempool ---- */

static bool no_memory;

static void *fickle_alloc(gfp_t gfp, void *size)
{
	return READ_ONCE(no_memory) ? NULL : kmalloc((size_t)size, gfp);
}

static int takes_one(void *data)
{
	mempool_t *pool = data;
	void *element = mempool_alloc(pool, GFP_KERNEL);

	BLAME_UNLESS(element);
	mempool_free(element, pool);
	return 0;
}

TEST(data_mempool_gives_when_memory_does_not)
{
	mempool_t *pool = mempool_create(2, fickle_alloc, mempool_kfree, (void *)100);
	struct task_struct *waiter;
	void *a, *b;

	EXPECT(pool);
	no_memory = true;
	a = mempool_alloc(pool, GFP_KERNEL);
	b = mempool_alloc(pool, GFP_ATOMIC);
	EXPECT(a && b && !mempool_alloc(pool, GFP_ATOMIC));
	waiter = test_start(-1, takes_one, pool, "test/mempool");
	EXPECT(eventually(test_asleep(waiter, TASK_UNINTERRUPTIBLE)));
	mempool_free(a, pool);
	EXPECT(eventually(READ_ONCE(waiter->exit_state)));
	test_join(waiter);
	mempool_free(b, pool);
	no_memory = false;
	EXPECT_EQ(mempool_resize(pool, 5), 0);
	EXPECT_EQ(mempool_resize(pool, 1), 0);
	mempool_destroy(pool);
	return NULL;
}

TEST(data_mempool_has_ready_made_kinds)
{
	struct kmem_cache *cache = kmem_cache_create("test_pool", 40, 0, 0, NULL);
	mempool_t *a = mempool_create_slab_pool(3, cache), *b = mempool_create_kmalloc_pool(3, 64);
	mempool_t *c = mempool_create_page_pool(1, 0);
	void *x;

	EXPECT(cache && a && b && c);
	EXPECT((x = mempool_alloc(a, GFP_KERNEL)));
	mempool_free(x, a);
	EXPECT((x = mempool_alloc(b, GFP_KERNEL)));
	mempool_free(x, b);
	EXPECT((x = mempool_alloc(c, GFP_KERNEL)));
	mempool_free(x, c);
	mempool_destroy(a);
	mempool_destroy(b);
	mempool_destroy(c);
	kmem_cache_destroy(cache);
	return NULL;
}

/* ---- the small ones ---- */

TEST(data_credentials_are_changed_by_a_copy)
{
	struct cred *new = prepare_creds(), *blank = cred_alloc_blank();
	const struct cred *old;

	EXPECT(new && blank);
	EXPECT(uid_eq(current_uid(), GLOBAL_ROOT_UID) && from_kuid(&init_user_ns, current_euid()) == 0);
	new->euid = KUIDT_INIT(1000);
	old = override_creds(new);
	EXPECT_EQ(from_kuid(&init_user_ns, current_euid()), 1000);
	revert_creds(old);
	EXPECT_EQ(__kuid_val(current_euid()), 0);
	commit_creds(new);
	EXPECT_EQ(__kuid_val(task_euid(current)), 1000);
	abort_creds(blank);
	return NULL;	/* this thread ends with them; the runner counts objects */
}

TEST(data_resources_do_not_overlap)
{
	static struct resource a = DEFINE_RES_MEM(0x1000, 0x100), b = DEFINE_RES_MEM(0x10ff, 0x10);
	static struct resource c = DEFINE_RES_MEM(0x1100, 0x10);
	struct resource *r;

	EXPECT_EQ(request_resource(&iomem_resource, &a), 0);
	EXPECT_EQ(request_resource(&iomem_resource, &b), -EBUSY);
	EXPECT_EQ(request_resource(&iomem_resource, &c), 0);
	EXPECT_EQ(release_resource(&a), 0);
	EXPECT_EQ(release_resource(&a), -EINVAL);
	EXPECT_EQ(release_resource(&c), 0);
	r = request_region(0x300, 8, "test");
	EXPECT(r && resource_size(r) == 8 && !request_region(0x307, 1, "test"));
	release_region(0x300, 8);
	return NULL;
}

TEST(data_random_numbers_differ_and_keep_their_bounds)
{
	u64 or = 0, and = ~0ULL;

	for (int i = 0; i < 1000; i++) {
		u64 n = get_random_u64();

		or |= n;
		and &= n;
		EXPECT(get_random_u32_below(10) < 10 && prandom_u32_max(3) < 3);
	}
	EXPECT(or == ~0ULL && and == 0);
	return NULL;
}

static int released;

static void release(struct kref *kref)
{
	released++;
}

TEST(data_kref_releases_with_the_lock)
{
	static DEFINE_SPINLOCK(lock);
	struct kref k;

	released = 0;
	kref_init(&k);
	kref_get(&k);
	EXPECT(!kref_put_lock(&k, release, &lock) && !spin_is_locked(&lock));
	EXPECT(kref_put_lock(&k, release, &lock) && spin_is_locked(&lock));
	spin_unlock(&lock);
	EXPECT_EQ(released, 1);
	EXPECT(!kref_get_unless_zero(&k));
	return NULL;
}

TEST(data_the_system_says_which_linux_it_is_like)
{
	EXPECT(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0) && LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0));
	EXPECT(!strncmp(utsname()->release, "6.1.", 4) && !strcmp(init_utsname()->machine, "x86_64"));
	EXPECT(get_cycles());
	return NULL;
}
