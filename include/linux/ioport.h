/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Ranges of I/O ports and addresses, and who has them: a tree in which nobody overlaps a sibling.
 * Context: any. Differs from Linux: nothing is listed in files, and drivers here do not ask for theirs.
 */
#include <linux/types.h>

struct resource {
	resource_size_t	start, end;	/* both inclusive */
	const char	*name;
	unsigned long	flags;
	unsigned long	desc;
	struct resource	*parent, *sibling, *child;	/* the tree's lock */
};

#define IORESOURCE_IO		0x00000100
#define IORESOURCE_MEM		0x00000200
#define IORESOURCE_IRQ		0x00000400
#define IORESOURCE_DMA		0x00000800
#define IORESOURCE_BUSY		0x80000000

#define DEFINE_RES_NAMED(_start, _size, _name, _flags) \
	{ .start = (_start), .end = (_start) + (_size) - 1, .name = (_name), .flags = (_flags) }
#define DEFINE_RES_IO(_start, _size)	DEFINE_RES_NAMED((_start), (_size), NULL, IORESOURCE_IO)
#define DEFINE_RES_MEM(_start, _size)	DEFINE_RES_NAMED((_start), (_size), NULL, IORESOURCE_MEM)

extern struct resource ioport_resource, iomem_resource;

static inline resource_size_t resource_size(const struct resource *res)
{
	return res->end - res->start + 1;
}

/* Does r2 lie inside r1? Do they overlap? */
static inline bool resource_contains(const struct resource *r1, const struct resource *r2)
{
	return r1->start <= r2->start && r1->end >= r2->end;
}

static inline bool resource_overlaps(const struct resource *r1, const struct resource *r2)
{
	return r1->start <= r2->end && r1->end >= r2->start;
}

/* request_resource: `new` becomes a child of root. 0, or -EBUSY: it overlaps one, or does not lie inside root.
 * release_resource: 0, or -EINVAL: it is in no tree. */
int request_resource(struct resource *root, struct resource *new);
int release_resource(struct resource *old);

/* The same with a struct resource made here. NULL: somebody has it, or there is no memory. May sleep. */
struct resource *__request_region(struct resource *parent, resource_size_t start, resource_size_t n, const char *name,
				  int flags);
void __release_region(struct resource *parent, resource_size_t start, resource_size_t n);
#define request_region(start, n, name)		__request_region(&ioport_resource, (start), (n), (name), 0)
#define request_mem_region(start, n, name)	__request_region(&iomem_resource, (start), (n), (name), 0)
#define release_region(start, n)		__release_region(&ioport_resource, (start), (n))
#define release_mem_region(start, n)		__release_region(&iomem_resource, (start), (n))
