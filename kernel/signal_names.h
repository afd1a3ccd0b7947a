/* SPDX-License-Identifier: MIT */
#pragma once
/* Signals by their names, for kill and its relatives. */
#include <linux/types.h>

/* "15", "TERM", "SIGTERM", "RTMIN+2", in any case. Return: the number, 0 included, or -EINVAL. */
int signal_by_name(const char *s);

/* "SIGTERM", or "signal 32" for one that has no name. Return: buf. */
const char *signal_name(int sig, char *buf, size_t size);

/* All of them as bash's kill -l prints them. */
void signal_list(void);

/*
 * Send sig to p as somebody, for the command `who`, and say on the console why nothing will come of it where that is
 * known. Return: 0 or a negative errno.
 */
struct task_struct;
int signal_send(const char *who, struct task_struct *p, int sig);
