/* SPDX-License-Identifier: MIT */
/*
 * Who has which I/O ports and addresses: <linux/ioport.h>. The children of a resource are a list in ascending order,
 * linked by `sibling`; so whom a new one overlaps is seen where it would be put. Lock: resource_lock for all trees.
 */
#include <linux/ioport.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct resource ioport_resource = { .name = "PCI IO", .start = 0, .end = 0xffff, .flags = IORESOURCE_IO };
struct resource iomem_resource = { .name = "PCI mem", .start = 0, .end = ~0ULL, .flags = IORESOURCE_MEM };
EXPORT_SYMBOL(ioport_resource);
EXPORT_SYMBOL(iomem_resource);

static DEFINE_RAW_SPINLOCK(resource_lock);

int request_resource(struct resource *root, struct resource *new)
{
	struct resource **p = &root->child;
	unsigned long flags;
	int err = -EBUSY;

	if (new->end < new->start || !resource_contains(root, new))
		return -EBUSY;
	raw_spin_lock_irqsave(&resource_lock, flags);
	while (*p && (*p)->end < new->start)
		p = &(*p)->sibling;
	if (!*p || (*p)->start > new->end) {
		new->sibling = *p;
		new->parent = root;
		*p = new;
		err = 0;
	}
	raw_spin_unlock_irqrestore(&resource_lock, flags);
	return err;
}
EXPORT_SYMBOL(request_resource);

int release_resource(struct resource *old)
{
	struct resource **p;
	unsigned long flags;
	int err = -EINVAL;

	raw_spin_lock_irqsave(&resource_lock, flags);
	for (p = old->parent ? &old->parent->child : NULL; p && *p; p = &(*p)->sibling) {
		if (*p != old)
			continue;
		*p = old->sibling;
		old->parent = old->sibling = NULL;
		err = 0;
		break;
	}
	raw_spin_unlock_irqrestore(&resource_lock, flags);
	return err;
}
EXPORT_SYMBOL(release_resource);

struct resource *__request_region(struct resource *parent, resource_size_t start, resource_size_t n, const char *name,
				  int flags)
{
	struct resource *res = kzalloc(sizeof(*res), GFP_KERNEL);

	if (!res)
		return NULL;
	*res = (struct resource)DEFINE_RES_NAMED(start, n, name, parent->flags | IORESOURCE_BUSY | flags);
	if (request_resource(parent, res)) {
		kfree(res);
		return NULL;
	}
	return res;
}
EXPORT_SYMBOL(__request_region);

void __release_region(struct resource *parent, resource_size_t start, resource_size_t n)
{
	struct resource *res;
	unsigned long flags;

	raw_spin_lock_irqsave(&resource_lock, flags);
	for (res = parent->child; res; res = res->sibling)
		if (res->start == start && res->end == start + n - 1)
			break;
	raw_spin_unlock_irqrestore(&resource_lock, flags);
	if (WARN(!res, "release of [%#llx, %#llx], which nobody has requested like that\n", start, start + n - 1))
		return;
	release_resource(res);
	kfree(res);
}
EXPORT_SYMBOL(__release_region);
