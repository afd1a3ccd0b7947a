/* SPDX-License-Identifier: MIT */
#pragma once
/* What the parts of module_fuzz share: module_fuzz.c sends damaged files through the loader, module_damage.c damages
 * them, module_kernel.c stands in for the rest of the kernel. */
#include "host.h"
#include <linux/moduleloader.h>

/* A number below `below`, by the round's own sequence. */
u64 rnd(u64 below);

/* damage: change the file in place, or cut it off. */
void damage(char *file, size_t *len);

/* Where the stand-ins give memory, and what they take for the kernel's code. */
#define PLACES_START	0x20000000UL	/* within 31 bits, as relocations of type 32S want it */
#define PLACES_END	0x40000000UL
#define PERCPU_START	0x44000000UL
#define TEXT_START	0x50000000UL
#define TEXT_SIZE	0x100000UL

/* What the kernel exports: each name that a file lacks, unless another file exports it. */
void kernel_exports(const struct module_image *img);
void kernel_is_ready(void);
bool is_kernel_function(const void *fn);	/* one that this program really has */

extern unsigned int live;		/* how many pieces of memory are not given back */
extern bool memory_may_fail;
extern char last_line[256];		/* of the log */
extern unsigned int lines;
extern unsigned long next_module;	/* where the next module will lie */
