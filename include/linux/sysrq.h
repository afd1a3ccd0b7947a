/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Keys that work when nothing else does: Alt-SysRq-KEY on the keyboard, a BREAK on the serial line (in QEMU Ctrl-a b)
 * and then the key, `echo t > /proc/sysrq-trigger`, the command sysrq.
 * Differs from Linux: the keys are a fixed table (kernel/sysrq.c), h lists them; all of them are always allowed.
 * Semantics: Linux's Documentation/admin-guide/sysrq.
 */
#include <linux/types.h>

/* handle_sysrq: do what the key stands for. Context: any but NMI, interrupts included. */
void handle_sysrq(int key);
