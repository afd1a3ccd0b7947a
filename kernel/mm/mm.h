/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the files of kernel/mm/ have to say to each other only.
 */
#include <linux/mm.h>
#include <linux/slab.h>

/* page_alloc.c, for page_init.c: empty lists, then RAM to put on them. Context: boot. */
void page_alloc_init_lists(void);
void page_alloc_add_range(unsigned long pfn, unsigned long end);

/* shrinker.c: ask all shrinkers. Context: thread, preemptible. Return: how much they say they freed. */
unsigned long shrink_everything(gfp_t gfp);
