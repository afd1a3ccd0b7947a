/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Device memory: a physical range made visible to readl(), writel() and friends (<asm/io.h>).
 * https://www.kernel.org/doc/html/v6.1/driver-api/device-io.html
 */
#include <linux/types.h>
#include <asm/io.h>

#ifndef __iomem
#define __iomem
#endif

/*
 * ioremap - make @size bytes of physical memory at @phys visible, uncached. ioremap_wc - stores may be gathered (frame
 * buffers). ioremap_cache - as normal memory (tables of the firmware). Neither end need be page aligned.
 * Context: boot or thread. Return: the address of @phys, or NULL.
 */
void __iomem *ioremap(phys_addr_t phys, unsigned long size);
void __iomem *ioremap_wc(phys_addr_t phys, unsigned long size);
void __iomem *ioremap_cache(phys_addr_t phys, unsigned long size);
#define ioremap_uc(phys, size)	ioremap(phys, size)

/* iounmap - the end of it; NULL is ignored. Context: thread, interrupts on. */
void iounmap(volatile void __iomem *addr);

#define MEMREMAP_WB	(1u << 0)
#define MEMREMAP_WC	(1u << 2)

/*
 * memremap - @size bytes at @phys as normal memory: in place if the direct map has all of it, else by ioremap_cache().
 * memunmap - the end of it. Context, Return: as ioremap().
 */
void *memremap(phys_addr_t phys, size_t size, unsigned long flags);
void memunmap(void *addr);
