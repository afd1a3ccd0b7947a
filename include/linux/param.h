/* SPDX-License-Identifier: MIT */
/* The rate of the clock tick. */
#pragma once

#define HZ		250
#define USER_HZ		100
#define CLOCKS_PER_SEC	USER_HZ
