/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The system's names. There is one set: utsname(), the caller's in Linux, is init_utsname(). Context: any.
 * Differs from Linux: sysname is "Bobbin", and nobody changes any.
 */
#include <uapi/linux/utsname.h>

extern struct new_utsname init_uts_name;

static inline struct new_utsname *init_utsname(void) { return &init_uts_name; }
static inline struct new_utsname *utsname(void) { return &init_uts_name; }
