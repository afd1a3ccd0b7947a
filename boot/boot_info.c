// SPDX-License-Identifier: MIT
/*
 * boot_info: what a loader said, checked and in order.
 *
 * A loader is a stranger. multiboot2.c and pvh.c know its dialect and hand
 * over each fact as they meet it; here the facts are checked, copied, and the
 * memory map is put in order. Afterwards nothing in the kernel needs to ask
 * again whether the map is sorted, or an end lies behind its start.
 *
 * The map. Real firmware delivers it unsorted, and with ranges that overlap;
 * that is no reason not to boot, but no byte may be usable that anybody calls
 * otherwise. So the map is cut at every start and end that occurs in it, each
 * piece gets the most cautious of the types that claim it, and equal
 * neighbours are joined again:
 *
 *	told	|------ usable ------|
 *		      |- reserved -|
 *	kept	|- u -|- reserved -|-|
 *
 * What is told is rejected where it makes no sense whatever: a range that
 * wraps around, more ranges than a machine has, the kernel lying in memory
 * that is not usable, or too little of it.
 *
 * Rejected: reading the loader's structures in place later on. It would
 * forbid the page allocator to use that memory, for ever.
 */
#include <asm/boot_info.h>

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/page.h>
#include <asm/screen.h>

#include "loader.h"

#define EARLY_MAPPED	(4ULL << 30)	/* boot.S maps so much */
#define MIN_MEMORY	(8ULL << 20)
#define WHITE_ON_RED	0x4f00

struct boot_info boot_info;

/* Written by boot.S. */
extern u32 boot_magic;
extern u32 boot_info_phys;

extern char _text[], _end[];

/* The map as it was told, in the order of telling. */
static struct boot_mem told[BOOT_MAX_MEM] __initdata;
static unsigned int nr_told __initdata;

static void show_as_text(const char *why)
{
	u16 *cell = __va(0xb8000);

	for (; *why; why++)
		*cell++ = WHITE_ON_RED | (u8)*why;
}

static void show_as_pixels(const struct boot_fb *fb, const char *why)
{
	for (u32 x = 0; *why && x + FONT_WIDTH <= fb->width; why++, x += FONT_WIDTH) {
		const u8 *rows = font_glyph(*why);

		for (u32 y = 0; y < FONT_HEIGHT; y++) {
			u32 *pixel = __va(fb->phys + y * fb->pitch + x * 4);

			for (u32 i = 0; i < FONT_WIDTH; i++)
				pixel[i] = rows[y] & (0x80 >> i) ? ~0U : 0;
		}
	}
}

/* The console of the screen comes up much later: bring one line there anyway. */
static void show_on_screen(const char *why)
{
	const struct boot_fb *fb = &boot_info.fb;

	if (fb->type == BOOT_FB_RGB) {
		u64 end = fb->phys + (u64)fb->pitch * FONT_HEIGHT;

		if (fb->bpp == 32 && fb->height >= FONT_HEIGHT &&
		    fb->phys < EARLY_MAPPED && end <= EARLY_MAPPED)
			show_as_pixels(fb, why);
	} else {
		show_as_text(why);
	}
}

void boot_die(const char *fmt, ...)
{
	static char why[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);

	show_on_screen(why);
	panic("boot: %s", why);
}

const void * __init boot_phys(u64 phys, u64 size, const char *what)
{
	if (!phys || phys >= EARLY_MAPPED || size > EARLY_MAPPED - phys)
		boot_die("the loader put %s at %#llx, %llu bytes: out of reach",
			 what, phys, size);
	return __va(phys);
}

void __init boot_set_loader(const char *name, size_t len)
{
	strscpy(boot_info.loader, name, min(len, sizeof(boot_info.loader)));
}

/* The text may be the whole of a tag of max bytes: its zero must be in there. */
void __init boot_set_cmdline(const char *text, size_t max)
{
	size_t len = strnlen(text, max);

	if (len >= sizeof(boot_info.cmdline))
		boot_die("the command line is too long, %zu characters are the most",
			 sizeof(boot_info.cmdline) - 1);
	if (len == max)
		boot_die("the command line is truncated, it has no end within %zu bytes", max);
	memcpy(boot_info.cmdline, text, len + 1);
}

void __init boot_add_mem(u64 start, u64 size, u32 type)
{
	if (size == 0)
		return;
	if (start + size < start)
		boot_die("memory map: %#llx with %#llx bytes wraps around", start, size);
	if (nr_told == BOOT_MAX_MEM)
		boot_die("memory map: more than %d ranges", BOOT_MAX_MEM);
	if (type < BOOT_MEM_USABLE || type > BOOT_MEM_BAD)
		type = BOOT_MEM_RESERVED;
	told[nr_told++] = (struct boot_mem){ start, start + size, type };
}

void __init boot_add_module(u64 start, u64 end, const char *name, size_t max)
{
	struct boot_module *mod = &boot_info.mod[boot_info.nr_mod];
	size_t len = strnlen(name, max);

	if (boot_info.nr_mod == BOOT_MAX_MODULES)
		boot_die("more than %d modules", BOOT_MAX_MODULES);
	if (start >= end || end > EARLY_MAPPED)
		boot_die("module %u lies at %#llx to %#llx", boot_info.nr_mod, start, end);
	if (start < __pa_symbol(_end) && end > __pa_symbol(_text))
		boot_die("module %u lies on the kernel", boot_info.nr_mod);

	mod->start = start;
	mod->end = end;
	len = min(len, sizeof(mod->name) - 1);
	memcpy(mod->name, name, len);
	mod->name[len] = '\0';
	boot_info.nr_mod++;
}

/* The higher, the more cautious: what anybody calls bad is bad. */
static int __init caution(enum boot_mem_type type)
{
	switch (type) {
	case BOOT_MEM_USABLE:	return 1;
	case BOOT_MEM_ACPI:	return 2;
	case BOOT_MEM_NVS:	return 3;
	case BOOT_MEM_RESERVED:	return 4;
	case BOOT_MEM_BAD:	return 5;
	}
	return 4;
}

/* The least boundary (a start or an end) above addr; 0 if there is none. */
static u64 __init next_boundary(u64 addr)
{
	u64 next = 0;

	for (unsigned int i = 0; i < nr_told; i++) {
		if (told[i].start > addr && (!next || told[i].start < next))
			next = told[i].start;
		if (told[i].end > addr && (!next || told[i].end < next))
			next = told[i].end;
	}
	return next;
}

/* What is at addr, by the most cautious voice; NULL for a hole. */
static const struct boot_mem * __init most_cautious(u64 addr)
{
	const struct boot_mem *found = NULL;

	for (unsigned int i = 0; i < nr_told; i++)
		if (told[i].start <= addr && addr < told[i].end &&
		    (!found || caution(told[i].type) > caution(found->type)))
			found = &told[i];
	return found;
}

/* told[] in any order -> boot_info.mem[], sorted and without overlaps. */
static void __init sort_memory_map(void)
{
	struct boot_mem *last = NULL;
	u64 start, end;

	for (start = 0; (end = next_boundary(start)) != 0; start = end) {
		const struct boot_mem *m = most_cautious(start);

		if (!m)
			continue;
		if (last && last->end == start && last->type == m->type) {
			last->end = end;
			continue;
		}
		if (boot_info.nr_mem == BOOT_MAX_MEM)
			boot_die("memory map: more than %d ranges when sorted", BOOT_MAX_MEM);
		last = &boot_info.mem[boot_info.nr_mem++];
		*last = (struct boot_mem){ start, end, m->type };
	}
}

/* Does one usable range hold all of start .. end? */
static bool __init is_usable(u64 start, u64 end)
{
	for (unsigned int i = 0; i < boot_info.nr_mem; i++) {
		const struct boot_mem *m = &boot_info.mem[i];

		if (m->type == BOOT_MEM_USABLE && m->start <= start && end <= m->end)
			return true;
	}
	return false;
}

static void __init check_memory(void)
{
	u64 usable = 0;

	for (unsigned int i = 0; i < boot_info.nr_mem; i++)
		if (boot_info.mem[i].type == BOOT_MEM_USABLE)
			usable += boot_info.mem[i].end - boot_info.mem[i].start;

	if (!usable)
		boot_die("the loader gave no memory map with usable memory");
	if (usable < MIN_MEMORY)
		boot_die("too little memory: %llu KiB usable, %llu KiB needed",
			 usable >> 10, MIN_MEMORY >> 10);
	if (!is_usable(__pa_symbol(_text), __pa_symbol(_end)))
		boot_die("the kernel, %#lx to %#lx, lies in memory not called usable",
			 __pa_symbol(_text), __pa_symbol(_end));
}

static void __init check_modules(void)
{
	for (unsigned int i = 0; i < boot_info.nr_mod; i++) {
		const struct boot_module *a = &boot_info.mod[i];

		if (!is_usable(a->start, a->end))
			boot_die("module %u lies in memory not called usable", i);
		for (unsigned int j = 0; j < i; j++)
			if (a->start < boot_info.mod[j].end && boot_info.mod[j].start < a->end)
				boot_die("modules %u and %u lie on each other", j, i);
	}
}

void __init boot_info_init(void)
{
	if (boot_magic == MB2_LOADER_MAGIC)
		multiboot2_read(boot_info_phys);
	else if (boot_magic == PVH_MAGIC)
		pvh_read(boot_info_phys);
	else
		boot_die("unknown loader, magic number %#x", boot_magic);

	sort_memory_map();
	check_memory();
	check_modules();
}
