/* SPDX-License-Identifier: MIT */
/* NULL, offsetof and the sizes of members. bool and the integer types are in <linux/types.h>. */
#pragma once

#undef NULL
#define NULL ((void *)0)

enum {
	false = 0,
	true = 1,
};

#undef offsetof
#define offsetof(type, member)	__builtin_offsetof(type, member)

/* The size of a member, without an object of the type at hand. */
#define sizeof_field(type, member)	sizeof(((type *)0)->member)

/* The offset of the first byte behind a member. */
#define offsetofend(type, member) \
	(offsetof(type, member) + sizeof_field(type, member))
