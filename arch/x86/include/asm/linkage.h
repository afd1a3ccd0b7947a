/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The machine's half of <linux/linkage.h>, which is the page to include.
 */
#ifdef __ASSEMBLY__
/* Functions begin on 16 bytes; the gap in front is nops, which a debugger may look at. */
#define SYM_ALIGN .p2align 4, 0x90
#else
/* A C function called from assembly. All of ours use the ABI's convention. */
#define asmlinkage
#endif

#include <linux/linkage.h>
