/* SPDX-License-Identifier: MIT */
/* The name of an error number, as %pe prints it. */
#pragma once

#include <linux/stddef.h>

/*
 * errname - "-ENOMEM" for -12, "ENOMEM" for 12
 *
 * Context: any. Return: a constant string, or NULL if the number has no name.
 */
const char *errname(int err);
