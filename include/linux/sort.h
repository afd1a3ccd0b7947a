/* SPDX-License-Identifier: MIT */
/* Sorting and searching arrays in place. */
#pragma once

#include <linux/types.h>

/*
 * sort - order num elements of size bytes by cmp, by heap sort: no memory, never quadratic
 *
 * swap may be NULL. Not stable. Context: any, but time grows with num.
 */
void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap);
void sort_r(void *base, size_t num, size_t size, cmp_r_func_t cmp, swap_r_func_t swap,
	    const void *priv);

/* bsearch - find key in a sorted array. Return: the element, or NULL. */
void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp);
