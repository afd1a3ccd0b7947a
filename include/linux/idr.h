/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Handing out small numbers: with a pointer to each (idr), or only the numbers (ida). New code may prefer xa_alloc()
 * of <linux/xarray.h>, on which both stand.
 *
 * idr: the caller excludes other writers by a lock of his; idr_find() and idr_for_each_entry() need rcu_read_lock() or
 * that lock. ida: locks itself. Context: any; with GFP_KERNEL, may sleep.
 * Semantics: Linux's Documentation/core-api/idr. Differs from Linux: idr_preload() only disables preemption, so that an
 * idr_alloc(GFP_NOWAIT) after it may still fail for want of memory.
 */
#include <linux/types.h>
#include <linux/preempt.h>
#include <linux/xarray.h>

struct idr {
	struct xarray	idr_rt;
	unsigned int	idr_base;	/* the first number */
	unsigned int	idr_next;	/* where idr_alloc_cyclic() goes on */
};

#define IDR_INIT_BASE(name, base)	{ .idr_rt = XARRAY_INIT(name.idr_rt, XA_FLAGS_ALLOC), .idr_base = (base) }
#define IDR_INIT(name)			IDR_INIT_BASE(name, 0)
#define DEFINE_IDR(name)		struct idr name = IDR_INIT(name)

static inline void idr_init_base(struct idr *idr, int base)
{
	xa_init_flags(&idr->idr_rt, XA_FLAGS_ALLOC);
	idr->idr_base = base;
	idr->idr_next = 0;
}

static inline void idr_init(struct idr *idr)
{
	idr_init_base(idr, 0);
}

static inline unsigned int idr_get_cursor(const struct idr *idr) { return READ_ONCE(idr->idr_next); }
static inline void idr_set_cursor(struct idr *idr, unsigned int val) { WRITE_ONCE(idr->idr_next, val); }
static inline bool idr_is_empty(const struct idr *idr) { return xa_empty(&idr->idr_rt); }
static inline void idr_preload(gfp_t gfp) { preempt_disable(); }
static inline void idr_preload_end(void) { preempt_enable(); }

/*
 * idr_alloc: the lowest free number from start to end - 1 (end <= 0: no end), for ptr. _cyclic: after the last one
 * given, beginning again at start. _u32: *nextid is the lowest wanted and becomes the number; up to max, included.
 * Return: the number (_u32: 0), -ENOSPC, -ENOMEM, -EINVAL.
 */
int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
int idr_alloc_u32(struct idr *idr, void *ptr, u32 *nextid, unsigned long max, gfp_t gfp);
/* The pointer of id, or NULL. _remove: and id is free. _replace: the old pointer, or ERR_PTR(-ENOENT). */
void *idr_find(const struct idr *idr, unsigned long id);
void *idr_remove(struct idr *idr, unsigned long id);
void *idr_replace(struct idr *idr, void *ptr, unsigned long id);
/* fn for each until it returns not 0: that. The next pointer at or after *nextid. All numbers free, idr reusable. */
int idr_for_each(const struct idr *idr, int (*fn)(int id, void *p, void *data), void *data);
void *idr_get_next(struct idr *idr, int *nextid);
void *idr_get_next_ul(struct idr *idr, unsigned long *nextid);
void idr_destroy(struct idr *idr);

#define idr_for_each_entry(idr, entry, id) \
	for (id = 0; ((entry) = idr_get_next(idr, &(id))) != NULL; id++)
#define idr_for_each_entry_ul(idr, entry, tmp, id) \
	for (tmp = 0, id = 0; ((entry) = tmp <= id ? idr_get_next_ul(idr, &(id)) : NULL) != NULL; tmp = id, ++id)
#define idr_for_each_entry_continue(idr, entry, id) \
	for ((entry) = idr_get_next((idr), &(id)); entry; ++id, (entry) = idr_get_next((idr), &(id)))

struct ida {
	struct xarray xa;
};

#define IDA_INIT(name)	{ .xa = XARRAY_INIT(name.xa, XA_FLAGS_ALLOC) }
#define DEFINE_IDA(name) struct ida name = IDA_INIT(name)

static inline void ida_init(struct ida *ida)
{
	xa_init_flags(&ida->xa, XA_FLAGS_ALLOC);
}

static inline bool ida_is_empty(const struct ida *ida)
{
	return xa_empty(&ida->xa);
}

/* The lowest free number from min to max, both included. Return: it, -ENOSPC, -ENOMEM. ida_free: WARNs if not given. */
int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp);
void ida_free(struct ida *ida, unsigned int id);
void ida_destroy(struct ida *ida);

static inline int ida_alloc(struct ida *ida, gfp_t gfp)
{
	return ida_alloc_range(ida, 0, ~0, gfp);
}

static inline int ida_alloc_min(struct ida *ida, unsigned int min, gfp_t gfp)
{
	return ida_alloc_range(ida, min, ~0, gfp);
}

static inline int ida_alloc_max(struct ida *ida, unsigned int max, gfp_t gfp)
{
	return ida_alloc_range(ida, 0, max, gfp);
}

#define ida_simple_get(ida, start, end, gfp)	ida_alloc_range(ida, start, (end) - 1, gfp)
#define ida_simple_remove(ida, id)		ida_free(ida, id)
