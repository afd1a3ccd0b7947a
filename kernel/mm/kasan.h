/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the files kasan*.c: the shadow. */
#include <linux/types.h>

/* A shadow byte: 0, all of its 8 bytes may be used; 1 to 7, so many of them, the first; else why none may. */
#define KASAN_REDZONE	0xfc	/* behind an object, or never handed out */
#define KASAN_FREED	0xfb	/* of an object that was freed */
#define KASAN_GLOBAL	0xf9	/* behind a variable */
#define KASAN_FREE_PAGE	0xff

/* The shadow byte of an address of the direct map, image or modules; NULL: it has none. Context: any. */
u8 *kasan_shadow(unsigned long addr);
/* Fill the shadow of [addr, addr + size): size is a multiple of 8, or what follows is a partial granule. */
void kasan_poison(const void *addr, size_t size, u8 value);
void kasan_unpoison(const void *addr, size_t size);
/* Make the shadow that [addr, addr + size) of image or modules lies in. Context: boot, thread. False: no memory. */
bool kasan_make_shadow(unsigned long addr, size_t size);
void kasan_report(unsigned long addr, size_t size, bool is_write, unsigned long ip);
/* In kasan_global.c. The second: which variable lies before or around this address? False: nobody knows. */
void kasan_globals_init(void);
bool kasan_describe_global(unsigned long addr);
