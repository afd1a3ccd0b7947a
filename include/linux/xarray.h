/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An array with as many places as an unsigned long has values, most of them empty (NULL). It grows where it is used,
 * and readers need no lock. For handing out numbers: xa_alloc(), or <linux/idr.h>.
 *
 * What is stored: a pointer of 4-byte alignment, or a small number made by xa_mk_value().
 * Locking: what changes the array takes xa->xa_lock itself, interrupts off; __xa_ forms are for who holds it.
 * xa_load(), xa_find() and xa_for_each() take nothing but rcu_read_lock(), inside: what they return is kept by whatever
 * keeps the caller's entries. Context: any; with a gfp of GFP_KERNEL, may sleep.
 * Semantics: Linux's Documentation/core-api/xarray. Differs from Linux: one index an entry (no orders, no ranges), no
 * xas_ interface; the __xa_ forms never drop the lock to sleep for memory.
 */
#include <linux/types.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

typedef unsigned int xa_mark_t;
#define XA_MARK_0	0U
#define XA_MARK_1	1U
#define XA_MARK_2	2U
#define XA_PRESENT	8U
#define XA_MARK_MAX	XA_MARK_2
#define XA_FREE_MARK	XA_MARK_0	/* in an array that hands out numbers: this place is free */

#define XA_FLAGS_LOCK_IRQ	1U
#define XA_FLAGS_LOCK_BH	2U
#define XA_FLAGS_TRACK_FREE	4U
#define XA_FLAGS_ALLOC		XA_FLAGS_TRACK_FREE
#define XA_FLAGS_ALLOC1		(XA_FLAGS_TRACK_FREE | 16U)	/* numbers from 1 */

struct xarray {
	spinlock_t		xa_lock;
	unsigned int		xa_flags;	/* constant */
	struct xa_node __rcu	*xa_head;	/* xa_lock; readers: RCU */
};

struct xa_limit {
	u32 max, min;
};
#define XA_LIMIT(_min, _max)	(struct xa_limit){ .min = (_min), .max = (_max) }
#define xa_limit_32b		XA_LIMIT(0, UINT_MAX)
#define xa_limit_31b		XA_LIMIT(0, INT_MAX)
#define xa_limit_16b		XA_LIMIT(0, USHRT_MAX)

#define XARRAY_INIT(name, flags)	{ .xa_lock = __SPIN_LOCK_UNLOCKED(name.xa_lock), .xa_flags = (flags) }
#define DEFINE_XARRAY_FLAGS(name, flags) struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY(name)		DEFINE_XARRAY_FLAGS(name, 0)
#define DEFINE_XARRAY_ALLOC(name)	DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name)	DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)

static inline void xa_init_flags(struct xarray *xa, gfp_t flags)
{
	spin_lock_init(&xa->xa_lock);
	xa->xa_flags = (unsigned int)flags;
	xa->xa_head = NULL;
}

static inline void xa_init(struct xarray *xa)
{
	xa_init_flags(xa, 0);
}

/* Small numbers, told from pointers by bit 0; bits 1,0 = 10: the array's own. */
static inline void *xa_mk_value(unsigned long v) { return (void *)((v << 1) | 1); }
static inline unsigned long xa_to_value(const void *entry) { return (unsigned long)entry >> 1; }
static inline bool xa_is_value(const void *entry) { return (unsigned long)entry & 1; }
static inline void *xa_mk_internal(unsigned long v) { return (void *)((v << 2) | 2); }
static inline bool xa_is_internal(const void *entry) { return ((unsigned long)entry & 3) == 2; }
#define XA_ZERO_ENTRY	xa_mk_internal(257)	/* a place that is taken, but reads as NULL */
static inline bool xa_is_zero(const void *entry) { return entry == XA_ZERO_ENTRY; }
static inline bool xa_is_err(const void *entry) { return xa_is_internal(entry) && (long)entry < 0; }
static inline int xa_err(void *entry) { return xa_is_err(entry) ? (int)((long)entry >> 2) : 0; }

#define xa_trylock(xa)			spin_trylock(&(xa)->xa_lock)
#define xa_lock(xa)			spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa)			spin_unlock(&(xa)->xa_lock)
#define xa_lock_bh(xa)			spin_lock_bh(&(xa)->xa_lock)
#define xa_unlock_bh(xa)		spin_unlock_bh(&(xa)->xa_lock)
#define xa_lock_irq(xa)			spin_lock_irq(&(xa)->xa_lock)
#define xa_unlock_irq(xa)		spin_unlock_irq(&(xa)->xa_lock)
#define xa_lock_irqsave(xa, flags)	spin_lock_irqsave(&(xa)->xa_lock, flags)
#define xa_unlock_irqrestore(xa, flags)	spin_unlock_irqrestore(&(xa)->xa_lock, flags)

/*
 * xa_load: what is at index. xa_store: put it there; xa_erase: NULL there; both return what was there, xa_store()
 * possibly an error (xa_err()). xa_insert: only into an empty place: 0, -EBUSY, -ENOMEM. xa_cmpxchg: store if old is
 * there; returns what was there. xa_reserve: have the place ready; xa_release: undo it.
 */
void *xa_load(struct xarray *xa, unsigned long index);
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);
int xa_reserve(struct xarray *xa, unsigned long index, gfp_t gfp);
void xa_release(struct xarray *xa, unsigned long index);
void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *__xa_erase(struct xarray *xa, unsigned long index);
int __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);
#define xa_store_bh(xa, i, e, gfp)	xa_store(xa, i, e, gfp)
#define xa_store_irq(xa, i, e, gfp)	xa_store(xa, i, e, gfp)
#define xa_erase_bh(xa, i)		xa_erase(xa, i)
#define xa_erase_irq(xa, i)		xa_erase(xa, i)
#define xa_insert_bh(xa, i, e, gfp)	xa_insert(xa, i, e, gfp)
#define xa_insert_irq(xa, i, e, gfp)	xa_insert(xa, i, e, gfp)

/*
 * xa_alloc: store the entry at the lowest free index within the limit, whose number goes to *id. 0, -EBUSY: none is
 * free, -ENOMEM. _cyclic: from *next on, which moves on; 1 when it began again at the limit's beginning.
 * The array was made with XA_FLAGS_ALLOC.
 */
int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp);
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next, gfp_t gfp);
int __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp);
#define xa_alloc_irq(xa, id, e, l, gfp)	xa_alloc(xa, id, e, l, gfp)
#define xa_alloc_bh(xa, id, e, l, gfp)	xa_alloc(xa, id, e, l, gfp)

/* Marks: three bits for each entry that is there. A new entry has none; NULL cannot have any. */
bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
bool xa_marked(const struct xarray *xa, xa_mark_t mark);

/* The first entry at or after *index (xa_find_after: after), up to max, with that mark (XA_PRESENT: any); *index
 * becomes its place. NULL: none. xa_destroy: empty the array; the entries are the caller's. */
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter);
void xa_destroy(struct xarray *xa);

static inline bool xa_empty(const struct xarray *xa)
{
	return !READ_ONCE(xa->xa_head);
}

#define xa_for_each_range(xa, index, entry, start, last) \
	for (index = start, entry = xa_find(xa, &index, last, XA_PRESENT); entry; \
	     entry = xa_find_after(xa, &index, last, XA_PRESENT))
#define xa_for_each_start(xa, index, entry, start) \
	xa_for_each_range(xa, index, entry, start, ULONG_MAX)
#define xa_for_each(xa, index, entry) \
	xa_for_each_start(xa, index, entry, 0)
#define xa_for_each_marked(xa, index, entry, filter) \
	for (index = 0, entry = xa_find(xa, &index, ULONG_MAX, filter); entry; \
	     entry = xa_find_after(xa, &index, ULONG_MAX, filter))
