/* SPDX-License-Identifier: MIT */
/* Multiples of frequencies and sizes by name. */
#pragma once

#define KILO	1000UL
#define MEGA	1000000UL
#define GIGA	1000000000UL

#define HZ_PER_KHZ	1000UL
#define KHZ_PER_MHZ	1000UL
#define HZ_PER_MHZ	1000000UL
