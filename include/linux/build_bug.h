/* SPDX-License-Identifier: MIT */
/* Checks made while compiling. At run time use BUG_ON() or WARN_ON() of <linux/bug.h>. */
#pragma once

#include <linux/compiler.h>

#define static_assert(expr, ...)	__static_assert(expr, ##__VA_ARGS__, #expr)
#define __static_assert(expr, msg, ...)	_Static_assert(expr, msg)

/*
 * Stop the build when cond is true. cond may depend on inlining: it need only
 * be known after the optimiser has run, as in Linux.
 */
#define BUILD_BUG_ON_MSG(cond, msg)	compiletime_assert(!(cond), msg)
#define BUILD_BUG_ON(cond)		BUILD_BUG_ON_MSG(cond, "BUILD_BUG_ON failed: " #cond)
#define BUILD_BUG()			BUILD_BUG_ON_MSG(1, "BUILD_BUG failed")
#define BUILD_BUG_ON_NOT_POWER_OF_2(n)	BUILD_BUG_ON((n) == 0 || (((n) & ((n) - 1)) != 0))
#define BUILD_BUG_ON_INVALID(e)		((void)(sizeof((__force long)(e))))

#define compiletime_assert(cond, msg)	__compiletime_assert(cond, msg, __COUNTER__)
#define __compiletime_assert(cond, msg, n) __compiletime_assert_(cond, msg, n)
#ifdef __OPTIMIZE__
#define __compiletime_assert_(cond, msg, n)				\
do {									\
	__attribute__((__error__(msg)))					\
	extern void __compiletime_assert_##n(void);			\
	if (!(cond))							\
		__compiletime_assert_##n();				\
} while (0)
#else
#define __compiletime_assert_(cond, msg, n)	((void)(cond))
#endif

/* An expression of value zero that does not compile when e is true. */
#define BUILD_BUG_ON_ZERO(e)		((int)(sizeof(struct { int:(-!!(e)); })))

/* Zero for an array; for a pointer, an error. */
#define __must_be_array(a)		BUILD_BUG_ON_ZERO(__same_type((a), &(a)[0]))
