/* SPDX-License-Identifier: MIT */
/*
 * idr and ida: an xarray that tracks which places are free. A number n of an idr lies at n - idr_base. An ida has a
 * value, not a pointer, at each number that was given.
 */
#include <linux/idr.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/minmax.h>

static int no_space(int err)
{
	return err == -EBUSY ? -ENOSPC : err;
}

int idr_alloc_u32(struct idr *idr, void *ptr, u32 *nextid, unsigned long max, gfp_t gfp)
{
	u32 base = idr->idr_base, from = *nextid < base ? 0 : *nextid - base, id;
	int err;

	if (max < base)
		return -ENOSPC;
	err = xa_alloc(&idr->idr_rt, &id, ptr, XA_LIMIT(from, min_t(unsigned long, max - base, UINT_MAX)), gfp);
	if (!err)
		*nextid = id + base;
	return no_space(err);
}
EXPORT_SYMBOL(idr_alloc_u32);

int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	u32 id = start;
	int err;

	if (WARN_ONCE(start < 0, "idr_alloc() from %d: numbers are not negative\n", start))
		return -EINVAL;
	err = idr_alloc_u32(idr, ptr, &id, end > 0 ? end - 1 : INT_MAX, gfp);
	return err ? err : id;
}
EXPORT_SYMBOL(idr_alloc);

int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	u32 id = max_t(u32, idr->idr_next, start);
	int max = end > 0 ? end - 1 : INT_MAX, err = -ENOSPC;

	if (id <= max)
		err = idr_alloc_u32(idr, ptr, &id, max, gfp);
	if (err == -ENOSPC && id > start) {
		id = start;
		err = idr_alloc_u32(idr, ptr, &id, max, gfp);
	}
	if (err)
		return err;
	idr->idr_next = id + 1;
	return id;
}
EXPORT_SYMBOL(idr_alloc_cyclic);

void *idr_find(const struct idr *idr, unsigned long id)
{
	return id < idr->idr_base ? NULL : xa_load((struct xarray *)&idr->idr_rt, id - idr->idr_base);
}
EXPORT_SYMBOL(idr_find);

void *idr_remove(struct idr *idr, unsigned long id)
{
	return id < idr->idr_base ? NULL : xa_erase(&idr->idr_rt, id - idr->idr_base);
}
EXPORT_SYMBOL(idr_remove);

void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	void *old = idr_find(idr, id);

	if (!old)
		return ERR_PTR(-ENOENT);
	xa_store(&idr->idr_rt, id - idr->idr_base, ptr, GFP_NOWAIT);
	return old;
}
EXPORT_SYMBOL(idr_replace);

void *idr_get_next_ul(struct idr *idr, unsigned long *nextid)
{
	unsigned long index = *nextid < idr->idr_base ? 0 : *nextid - idr->idr_base;
	void *entry = xa_find(&idr->idr_rt, &index, ULONG_MAX, XA_PRESENT);

	if (entry)
		*nextid = index + idr->idr_base;
	return entry;
}
EXPORT_SYMBOL(idr_get_next_ul);

void *idr_get_next(struct idr *idr, int *nextid)
{
	unsigned long id = *nextid;
	void *entry = idr_get_next_ul(idr, &id);

	if (entry)
		*nextid = id;
	return entry;
}
EXPORT_SYMBOL(idr_get_next);

int idr_for_each(const struct idr *idr, int (*fn)(int id, void *p, void *data), void *data)
{
	unsigned long index;
	void *entry;
	int ret;

	xa_for_each((struct xarray *)&idr->idr_rt, index, entry) {
		ret = fn(index + idr->idr_base, entry, data);
		if (ret)
			return ret;
	}
	return 0;
}
EXPORT_SYMBOL(idr_for_each);

void idr_destroy(struct idr *idr)
{
	xa_destroy(&idr->idr_rt);
	idr->idr_next = 0;
}
EXPORT_SYMBOL(idr_destroy);

int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	u32 id;
	int err;

	if ((int)min < 0)
		return -ENOSPC;
	err = xa_alloc(&ida->xa, &id, xa_mk_value(0), XA_LIMIT(min, min_t(u32, max, INT_MAX)), gfp);
	return err ? no_space(err) : id;
}
EXPORT_SYMBOL(ida_alloc_range);

void ida_free(struct ida *ida, unsigned int id)
{
	WARN(!xa_erase(&ida->xa, id), "ida_free() of %u, which was not given\n", id);
}
EXPORT_SYMBOL(ida_free);

void ida_destroy(struct ida *ida)
{
	xa_destroy(&ida->xa);
}
EXPORT_SYMBOL(ida_destroy);
