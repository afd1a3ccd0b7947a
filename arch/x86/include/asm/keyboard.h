/* SPDX-License-Identifier: MIT */
/*
 * The PC's keyboard. What is typed on it goes into the terminal: kernel/tty.h.
 */
#pragma once

#include <linux/types.h>

/* Find it and let it interrupt. Return: 0, or a negative errno: there is none, or it is silent. Context: thread. */
int keyboard_init(void);

/* Called for Alt-SysRq (Print) and a key, with what that types. Context: interrupt. NULL: such keys do nothing. */
extern void (*keyboard_sysrq)(int key);
