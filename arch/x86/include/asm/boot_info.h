/* SPDX-License-Identifier: MIT */
/*
 * What the boot loader told us, in one form whichever loader it was.
 *
 * Filled once by boot_info_init(), checked there, and constant afterwards.
 * Everything is a copy: the loader's own memory may be reused at once. The
 * contents of modules are the exception; they stay where the loader put them,
 * and the page allocator keeps their pages out (mod[]).
 *
 * All addresses are physical. Intervals are half open: start <= x < end.
 */
#pragma once

#include <linux/types.h>

#define COMMAND_LINE_SIZE	1024
#define BOOT_MAX_MEM		256
#define BOOT_MAX_MODULES	32

/* The numbers of ACPI's and multiboot2's memory maps. */
enum boot_mem_type {
	BOOT_MEM_USABLE		= 1,
	BOOT_MEM_RESERVED	= 2,
	BOOT_MEM_ACPI		= 3,	/* tables; usable once they are read */
	BOOT_MEM_NVS		= 4,	/* firmware's own; never touch */
	BOOT_MEM_BAD		= 5,
};

struct boot_mem {
	u64 start;
	u64 end;
	enum boot_mem_type type;
};

struct boot_module {
	u64 start;
	u64 end;
	char name[64];		/* its command line, cut to fit */
};

enum boot_fb_type {
	BOOT_FB_NONE = 0,	/* no screen known: try VGA text at 0xb8000 */
	BOOT_FB_RGB,		/* linear, 32 or 24 or 16 bits a pixel */
	BOOT_FB_TEXT,		/* VGA text: width and height in characters */
};

struct boot_fb {
	enum boot_fb_type type;
	u64 phys;
	u32 pitch;		/* bytes from one line to the next */
	u32 width;
	u32 height;
	u8 bpp;
	u8 red_pos, red_size;	/* in bits, from the lowest */
	u8 green_pos, green_size;
	u8 blue_pos, blue_size;
};

struct boot_info {
	char loader[32];	/* "GRUB 2.06", "PVH" */
	char cmdline[COMMAND_LINE_SIZE];
	u64 rsdp;		/* ACPI's root pointer, 0 if not told */
	unsigned int nr_mem;
	unsigned int nr_mod;
	struct boot_mem mem[BOOT_MAX_MEM];	/* sorted, no overlaps */
	struct boot_module mod[BOOT_MAX_MODULES];
	struct boot_fb fb;
};

extern struct boot_info boot_info;

/*
 * Read what the loader left, whichever it was (boot.S noted its magic number).
 * Ends in boot_die() when it cannot be trusted.
 * Context: boot CPU, first thing after serial_init() and cpu_init().
 */
void boot_info_init(void);

/*
 * Give up booting: say why, in one sentence, on serial line and screen, and
 * stop. It is panic() with "boot: " in front.
 */
void boot_die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
