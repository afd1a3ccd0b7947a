/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The machine's byte order: x86 is little-endian. The conversions
 * (cpu_to_be32() and so on) are <linux/byteorder.h>.
 */
#ifndef __LITTLE_ENDIAN
#define __LITTLE_ENDIAN 1234
#endif

#include <linux/byteorder.h>
