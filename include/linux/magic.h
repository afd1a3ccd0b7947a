/* SPDX-License-Identifier: MIT */
#pragma once
/* Numbers that mark memory as what it is. */

/* The lowest word of every thread stack; overwritten, the stack was too small. Linux's value. */
#define STACK_END_MAGIC		0x57AC6E9DUL
/* task_struct.magic is the struct's own address, scrambled with this: no garbage looks like it. */
#define TASK_MAGIC		0x7461736b5f626f62UL
