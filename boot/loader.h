/* SPDX-License-Identifier: MIT */
/*
 * What the readers of loader information share: each understands one loader
 * (multiboot2.c, pvh.c) and reports what it finds by the boot_add_ functions
 * of boot_info.c, which check it.
 */
#pragma once

#include <linux/types.h>

#define MB2_LOADER_MAGIC	0x36d76289
#define PVH_MAGIC		0x336ec578

/* The loader's information, at the physical address that boot.S noted. */
void multiboot2_read(u64 phys);
void pvh_read(u64 phys);

/*
 * boot_phys: the size bytes at phys, through the early tables, which reach
 * 4 GiB. Dies if they lie elsewhere; what names them in the sentence.
 */
const void *boot_phys(u64 phys, u64 size, const char *what);

/* Each dies on nonsense. Context: boot_info_init() only. */
void boot_set_loader(const char *name, size_t len);
void boot_set_cmdline(const char *text, size_t max);
void boot_add_mem(u64 start, u64 size, u32 type);
void boot_add_module(u64 start, u64 end, const char *name, size_t max);
