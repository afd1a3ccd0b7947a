/* SPDX-License-Identifier: MIT */
/* XArray: what storing, erasing, inserting, marking and walking answer. */
#include "promise.h"
#include <linux/xarray.h>

static DEFINE_XARRAY_ALLOC(xa);
static int a, b;

static void run(void)
{
	unsigned long index;
	u32 id = 0, next = 0;
	void *p;

	ask(xa_empty(&xa));
	ask_pointer(xa_load(&xa, 3));
	ask_pointer(xa_store(&xa, 3, &a, GFP_KERNEL));
	ask(xa_store(&xa, 3, &b, GFP_KERNEL) == &a);
	ask(xa_insert(&xa, 3, &a, GFP_KERNEL));
	ask(xa_insert(&xa, 1000000, &a, GFP_KERNEL));
	ask(xa_cmpxchg(&xa, 3, &b, &a, GFP_KERNEL) == &b);
	ask(xa_load(&xa, 3) == &a);
	ask(xa_to_value(xa_mk_value(77)));
	ask(xa_is_value(xa_mk_value(77)));
	ask(xa_err(xa_store(&xa, 5, xa_mk_value(9), GFP_KERNEL)));
	xa_set_mark(&xa, 5, XA_MARK_1);
	ask(xa_get_mark(&xa, 5, XA_MARK_1));
	ask(xa_get_mark(&xa, 3, XA_MARK_1));
	ask(xa_marked(&xa, XA_MARK_1));
	xa_for_each(&xa, index, p)
		say("%lu: %s", index, xa_is_value(p) ? "value" : "pointer");
	xa_for_each_marked(&xa, index, p, XA_MARK_1)
		say("marked %lu", index);
	index = 0;
	ask_pointer(xa_find(&xa, &index, ULONG_MAX, XA_PRESENT));
	ask(index);
	ask_pointer(xa_find_after(&xa, &index, ULONG_MAX, XA_PRESENT));
	ask(index);
	xa_clear_mark(&xa, 5, XA_MARK_1);
	ask(xa_marked(&xa, XA_MARK_1));
	ask(xa_alloc(&xa, &id, &a, XA_LIMIT(3, 6), GFP_KERNEL));
	ask(id);
	ask(xa_alloc(&xa, &id, &a, XA_LIMIT(3, 6), GFP_KERNEL));
	ask(id);
	ask(xa_alloc(&xa, &id, &a, XA_LIMIT(3, 6), GFP_KERNEL));
	ask(xa_alloc_cyclic(&xa, &id, &a, XA_LIMIT(20, 21), &next, GFP_KERNEL));
	ask(id);
	ask(xa_alloc_cyclic(&xa, &id, &a, XA_LIMIT(20, 21), &next, GFP_KERNEL));
	ask(xa_erase(&xa, 20) == &a);
	ask(xa_alloc_cyclic(&xa, &id, &a, XA_LIMIT(20, 21), &next, GFP_KERNEL));
	ask(xa_reserve(&xa, 50, GFP_KERNEL));
	ask_pointer(xa_load(&xa, 50));
	xa_release(&xa, 50);
	ask_pointer(xa_erase(&xa, 12345));
	xa_destroy(&xa);
	ask(xa_empty(&xa));
}
promise(run);
