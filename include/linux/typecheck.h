/* SPDX-License-Identifier: MIT */
/* Warn when an expression is not of the type named. */
#pragma once

#define typecheck(type, x)						\
({	type __dummy;							\
	typeof(x) __dummy2;						\
	(void)(&__dummy == &__dummy2);					\
	1;								\
})
