/* SPDX-License-Identifier: MIT */
#pragma once
/* The line that uptime prints, and top and w begin with: " 02:18:03 up  6:46,  1 user,  load average: 0.00, ...". */
#include <linux/types.h>

#define UPTIME_MAX	128

/* Return: buf. Context: thread. */
const char *uptime_line(char *buf, size_t size);
