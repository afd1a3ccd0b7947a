// SPDX-License-Identifier: MIT
/*
 * Multiboot2, as GRUB speaks it, read once.
 *
 * The information is one block: its size, then tags, each with a type, a size
 * and a body, each beginning on 8 bytes, up to an end tag of type 0. Unknown
 * tags are skipped. A block without an end tag, or a tag that reaches over the
 * block's end, has been cut short: then nothing in it can be trusted.
 *
 *	+------------+-----+------+-------------+-----+------+------+----
 *	| total size |  0  | type | size | body | pad | type | size | ...
 *	+------------+-----+------+-------------+-----+------+------+----
 *
 * Format: the Multiboot2 Specification 2.0, section 3.6.
 */
#include "loader.h"

#include <linux/align.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/boot_info.h>
#include <asm/page.h>

#define MAX_INFO_SIZE	(16U << 20)

enum mb2_tag_type {
	MB2_END		= 0,
	MB2_CMDLINE	= 1,
	MB2_LOADER	= 2,
	MB2_MODULE	= 3,
	MB2_MEMORY_MAP	= 6,
	MB2_FRAMEBUFFER	= 8,
	MB2_RSDP_OLD	= 14,
	MB2_RSDP_NEW	= 15,
};

struct mb2_info {
	u32 total_size;
	u32 reserved;
};

struct mb2_tag {
	u32 type;
	u32 size;		/* of header and body, without the padding */
};

struct mb2_module {
	struct mb2_tag tag;
	u32 start;
	u32 end;
	char cmdline[];
};

struct mb2_memory_map {
	struct mb2_tag tag;
	u32 entry_size;
	u32 entry_version;
};

struct mb2_memory {
	u64 start;
	u64 size;
	u32 type;
	u32 reserved;
};

struct mb2_framebuffer {
	struct mb2_tag tag;
	u64 phys;
	u32 pitch;
	u32 width;
	u32 height;
	u8 bpp;
	u8 type;		/* 0 palette, 1 RGB, 2 text */
	u16 reserved;
	/* For RGB only: */
	u8 red_pos, red_size;
	u8 green_pos, green_size;
	u8 blue_pos, blue_size;
};

/* ACPI's root pointer is told as a copy, which must outlive the loader's. */
static u8 rsdp_copy[36];

/* A body must be this long at least. */
static void __init need(const struct mb2_tag *tag, u32 size, const char *what)
{
	if (tag->size < size)
		boot_die("multiboot2: the %s tag has %u bytes, %u are the least",
			 what, tag->size, size);
}

/*
 * GRUB quotes words for its own reading: it puts a backslash before each
 * quote and backslash, and quotes around a word with a space in it. Take the
 * backslashes away; lib/cmdline.c understands the quotes.
 */
static void __init unquote_grub(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from == '\\' && from[1] && strchr("\\\"'", from[1]))
			from++;
		*to++ = *from;
	}
	*to = '\0';
}

static void __init read_module(const struct mb2_module *m)
{
	need(&m->tag, sizeof(*m), "module");
	boot_add_module(m->start, m->end, m->cmdline, m->tag.size - sizeof(*m));
}

static void __init read_memory_map(const struct mb2_memory_map *map)
{
	const u8 *at = (const u8 *)(map + 1);
	u32 body, size;

	need(&map->tag, sizeof(*map), "memory map");
	size = map->entry_size;
	body = map->tag.size - sizeof(*map);
	if (size < sizeof(struct mb2_memory) || size % 8)
		boot_die("multiboot2: memory map entries of %u bytes", size);
	if (body % size)
		boot_die("multiboot2: the memory map is truncated in its entry %u", body / size);

	for (const u8 *end = at + body; at < end; at += size) {
		const struct mb2_memory *m = (const void *)at;

		boot_add_mem(m->start, m->size, m->type);
	}
}

static void __init read_framebuffer(const struct mb2_framebuffer *f)
{
	struct boot_fb *fb = &boot_info.fb;

	need(&f->tag, offsetof(struct mb2_framebuffer, red_pos), "framebuffer");
	if (f->type != 1 && f->type != 2)
		return;				/* palettes: no screen, then */
	if (!f->phys || !f->width || !f->height || f->pitch / f->width < f->bpp / 8U)
		boot_die("multiboot2: a framebuffer %ux%u at %#llx, %u bytes a line",
			 f->width, f->height, f->phys, f->pitch);
	fb->phys = f->phys;
	fb->pitch = f->pitch;
	fb->width = f->width;
	fb->height = f->height;
	fb->bpp = f->bpp;
	fb->type = BOOT_FB_TEXT;
	if (f->type == 2)
		return;

	need(&f->tag, offsetof(struct mb2_framebuffer, blue_size) + 1, "framebuffer");
	fb->type = BOOT_FB_RGB;
	fb->red_pos = f->red_pos;
	fb->red_size = f->red_size;
	fb->green_pos = f->green_pos;
	fb->green_size = f->green_size;
	fb->blue_pos = f->blue_pos;
	fb->blue_size = f->blue_size;
}

/* Of the old pointer (20 bytes) and the new one (36) the new one counts. */
static void __init read_rsdp(const struct mb2_tag *tag)
{
	u32 len = tag->size - sizeof(*tag);

	if (len < 20)
		boot_die("multiboot2: an ACPI root pointer of %u bytes", len);
	if (tag->type == MB2_RSDP_OLD && boot_info.rsdp)
		return;
	memset(rsdp_copy, 0, sizeof(rsdp_copy));
	memcpy(rsdp_copy, tag + 1, min_t(u32, len, sizeof(rsdp_copy)));
	boot_info.rsdp = __pa_symbol(rsdp_copy);
}

static void __init read_tag(const struct mb2_tag *tag)
{
	const char *text = (const char *)(tag + 1);
	u32 len = tag->size - sizeof(*tag);

	switch (tag->type) {
	case MB2_CMDLINE:
		boot_set_cmdline(text, len);
		break;
	case MB2_LOADER:
		boot_set_loader(text, len);
		break;
	case MB2_MODULE:
		read_module((const void *)tag);
		break;
	case MB2_MEMORY_MAP:
		read_memory_map((const void *)tag);
		break;
	case MB2_FRAMEBUFFER:
		read_framebuffer((const void *)tag);
		break;
	case MB2_RSDP_OLD:
	case MB2_RSDP_NEW:
		read_rsdp(tag);
		break;
	}
}

void __init multiboot2_read(u64 phys)
{
	const struct mb2_info *info = boot_phys(phys, sizeof(*info), "its information");
	u32 total = info->total_size;
	u32 at = sizeof(*info);

	if (phys % 8 || total > MAX_INFO_SIZE)
		boot_die("multiboot2: information at %#llx with %u bytes", phys, total);
	boot_phys(phys, total, "its information");

	for (;;) {
		const struct mb2_tag *tag = (const void *)info + at;

		if (at > total || total - at < sizeof(*tag) ||
		    tag->size < sizeof(*tag) || tag->size > total - at)
			boot_die("multiboot2: the information is truncated at byte %u of %u",
				 at, total);
		if (tag->type == MB2_END)
			break;
		read_tag(tag);
		at += ALIGN(tag->size, 8);
	}

	if (!strncmp(boot_info.loader, "GRUB", 4))
		unquote_grub(boot_info.cmdline);
}
