/* SPDX-License-Identifier: MIT */
/*
 * A pointer that may carry an error number: the last page of the address
 * space is never mapped, so -1..-4095 seen as a pointer cannot be an object.
 * A function returns either NULL or an ERR_PTR on failure; its contract says which.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>

#define MAX_ERRNO	4095

#ifndef __ASSEMBLY__

#define IS_ERR_VALUE(x) \
	unlikely((unsigned long)(void *)(x) >= (unsigned long)-MAX_ERRNO)

/* The pointer that stands for the negative errno `error`. */
static inline void * __must_check ERR_PTR(long error)
{
	return (void *)error;
}

/* The negative errno in an error pointer; only after IS_ERR() said yes. */
static inline long __must_check PTR_ERR(__force const void *ptr)
{
	return (long)ptr;
}

static inline bool __must_check IS_ERR(__force const void *ptr)
{
	return IS_ERR_VALUE((unsigned long)ptr);
}

static inline bool __must_check IS_ERR_OR_NULL(__force const void *ptr)
{
	return unlikely(!ptr) || IS_ERR_VALUE((unsigned long)ptr);
}

/* The same error, as a pointer to whatever the caller returns. */
static inline void * __must_check ERR_CAST(__force const void *ptr)
{
	return (void *)ptr;
}

/* 0, or the negative errno if ptr is an error pointer. */
static inline int __must_check PTR_ERR_OR_ZERO(__force const void *ptr)
{
	return IS_ERR(ptr) ? PTR_ERR(ptr) : 0;
}

#endif /* __ASSEMBLY__ */
