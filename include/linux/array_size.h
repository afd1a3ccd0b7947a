/* SPDX-License-Identifier: MIT */
/* The number of elements of an array; a pointer does not compile. */
#pragma once

#include <linux/build_bug.h>

#define ARRAY_SIZE(arr)	(sizeof(arr) / sizeof((arr)[0]) + __must_be_array(arr))
