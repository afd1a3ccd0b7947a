/* SPDX-License-Identifier: MIT */
/* From the address of a member to the structure around it. */
#pragma once

#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/stddef.h>

#define typeof_member(T, m)	typeof(((T *)0)->m)

/*
 * container_of - the structure of type `type` whose `member` is at ptr
 *
 * Context: any. Return: a pointer, never NULL unless ptr was a small offset;
 * a NULL ptr gives garbage. A ptr of another type than the member's does not
 * compile (void * is let through).
 */
#define container_of(ptr, type, member) ({				\
	void *__mptr = (void *)(ptr);					\
	_Static_assert(__same_type(*(ptr), ((type *)0)->member) ||	\
		       __same_type(*(ptr), void),			\
		       "container_of: ptr is not the address of that member"); \
	((type *)(__mptr - offsetof(type, member))); })

/* The same, but an error pointer or NULL passes through unchanged. */
#define container_of_safe(ptr, type, member) ({				\
	void *__sptr = (void *)(ptr);					\
	IS_ERR_OR_NULL(__sptr) ? ERR_CAST(__sptr) :			\
		container_of(ptr, type, member); })
