/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Segment selectors. In long mode segments do next to nothing: one for code,
 * one for data, and a double-width one that points at the CPU's TSS.
 */
#define GDT_ENTRY_KERNEL_CS	2
#define GDT_ENTRY_KERNEL_DS	3
#define GDT_ENTRY_TSS		4	/* and 5 */
#define GDT_ENTRIES		6

#define __KERNEL_CS		(GDT_ENTRY_KERNEL_CS * 8)
#define __KERNEL_DS		(GDT_ENTRY_KERNEL_DS * 8)
#define GDT_TSS_SELECTOR	(GDT_ENTRY_TSS * 8)
