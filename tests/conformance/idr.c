/* SPDX-License-Identifier: MIT */
/* IDR and IDA: which numbers are given, what full, wrong and missing ones answer. */
#include "promise.h"
#include <linux/idr.h>

static DEFINE_IDR(idr);
static DEFINE_IDA(ida);
static int a, b, c;

static int each(int id, void *p, void *data)
{
	say("each: %d %d", id, p == data);
	return id == 4 ? -5 : 0;
}

static void run(void)
{
	int id = 3;
	void *p;

	ask(idr_is_empty(&idr));
	ask(idr_alloc(&idr, &a, 0, 0, GFP_KERNEL));
	ask(idr_alloc(&idr, &b, 3, 6, GFP_KERNEL));
	ask(idr_alloc(&idr, &b, 3, 6, GFP_KERNEL));
	ask(idr_alloc(&idr, &c, 3, 6, GFP_KERNEL));
	ask(idr_alloc(&idr, &c, 3, 6, GFP_KERNEL));
	ask(idr_find(&idr, 4) == &b);
	ask_pointer(idr_find(&idr, 99));
	ask(idr_for_each(&idr, each, &b));
	ask(idr_replace(&idr, &c, 4) == &b);
	ask_pointer(idr_replace(&idr, &c, 77));
	ask(idr_get_next(&idr, &id) == &b);
	ask(id);
	ask(idr_remove(&idr, 0) == &a);
	ask_pointer(idr_remove(&idr, 0));
	idr_for_each_entry(&idr, p, id)
		say("entry %d", id);
	ask(idr_alloc_cyclic(&idr, &a, 10, 13, GFP_KERNEL));
	ask(idr_alloc_cyclic(&idr, &a, 10, 13, GFP_KERNEL));
	ask(idr_remove(&idr, 10) == &a);
	ask(idr_alloc_cyclic(&idr, &a, 10, 13, GFP_KERNEL));
	ask(idr_alloc_cyclic(&idr, &a, 10, 13, GFP_KERNEL));
	ask(idr_alloc_cyclic(&idr, &a, 10, 13, GFP_KERNEL));
	idr_destroy(&idr);
	ask(idr_is_empty(&idr));

	ask(ida_is_empty(&ida));
	ask(ida_alloc(&ida, GFP_KERNEL));
	ask(ida_alloc(&ida, GFP_KERNEL));
	ask(ida_alloc_min(&ida, 5, GFP_KERNEL));
	ask(ida_alloc_max(&ida, 1, GFP_KERNEL));
	ask(ida_alloc_range(&ida, 5, 6, GFP_KERNEL));
	ask(ida_alloc_range(&ida, 5, 6, GFP_KERNEL));
	ida_free(&ida, 0);
	ask(ida_alloc(&ida, GFP_KERNEL));
	ask(ida_alloc_range(&ida, 1000, 2000, GFP_KERNEL));
	ida_destroy(&ida);
	ask(ida_is_empty(&ida));
}
promise(run);
