/* SPDX-License-Identifier: MIT */
#pragma once
/* Between kernel/main.c, which brings the kernel up, and kernel/init.c, which is what PID 1 does with it. */

/* What PID 1 does once everything is up; all CPUs run, all initcalls were made. Never returns. */
void __attribute__((noreturn)) run_init(void);

/* Hand the command line's parameters to those who registered for them; early ones first. main.c */
void parse_early_params(void);
