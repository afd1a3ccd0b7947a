/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the rooms: the files that came with the boot. */
#include <linux/types.h>

struct boot_file {
	const char	*name;	/* without folders; not ended by a zero */
	size_t		namelen;
	const void	*data;
	size_t		size;
};

/* boot_file_next: the file behind *at, 0 for the first; advances *at. False: there are no more. Context: thread. */
bool boot_file_next(unsigned int *at, struct boot_file *file);
/*
 * boot_file_add: one more, found before those of the same name that are there already; these stay, somebody may be
 * reading them. data is the list's from now on. Return: 0, -ENOMEM: data is still the caller's. Context: thread.
 */
int boot_file_add(const char *name, const void *data, size_t size);
/* boot_file_find: by name, the ending ".ko" may be left out, - and _ are one. */
bool boot_file_find(const char *name, struct boot_file *file);
