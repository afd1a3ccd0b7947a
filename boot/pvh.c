// SPDX-License-Identifier: MIT
/*
 * PVH: QEMU's -kernel, without any loader. The road of tests and of the
 * edit-run loop: the first line appears within a fifth of a second.
 *
 * One structure, found by boot.S, points to all else. -append is the command
 * line as it is; -initrd arrives as the one module.
 *
 * Format: Xen's public header arch-x86/hvm/start_info.h, version 1.
 */
#include "loader.h"

#include <linux/build_bug.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/boot_info.h>

struct pvh_start_info {
	u32 magic;
	u32 version;
	u32 flags;
	u32 nr_modules;
	u64 modules;
	u64 cmdline;
	u64 rsdp;
	u64 memory_map;		/* from version 1 on */
	u32 nr_memory_map;
	u32 reserved;
};

struct pvh_module {
	u64 start;
	u64 size;
	u64 cmdline;
	u64 reserved;
};

struct pvh_memory {
	u64 start;
	u64 size;
	u32 type;
	u32 reserved;
};

static_assert(sizeof(struct pvh_start_info) == 56);

static void __init read_memory_map(const struct pvh_start_info *info)
{
	const struct pvh_memory *m;

	if (info->version < 1)
		boot_die("PVH: version %u has no memory map", info->version);
	if (info->nr_memory_map > BOOT_MAX_MEM)
		boot_die("PVH: a memory map of %u entries", info->nr_memory_map);
	m = boot_phys(info->memory_map, info->nr_memory_map * sizeof(*m), "the memory map");
	for (u32 i = 0; i < info->nr_memory_map; i++)
		boot_add_mem(m[i].start, m[i].size, m[i].type);
}

static void __init read_modules(const struct pvh_start_info *info)
{
	const struct pvh_module *m;

	if (!info->nr_modules)
		return;
	if (info->nr_modules > BOOT_MAX_MODULES)
		boot_die("PVH: %u modules", info->nr_modules);
	m = boot_phys(info->modules, info->nr_modules * sizeof(*m), "the list of modules");
	for (u32 i = 0; i < info->nr_modules; i++) {
		const char *name = "";
		size_t max = 0;

		if (m[i].cmdline) {
			max = sizeof(boot_info.mod[0].name);
			name = boot_phys(m[i].cmdline, max, "a module's name");
		}
		boot_add_module(m[i].start, m[i].start + m[i].size, name, max);
	}
}

void __init pvh_read(u64 phys)
{
	const struct pvh_start_info *info = boot_phys(phys, sizeof(*info), "its information");

	boot_set_loader("PVH", sizeof("PVH"));
	if (info->cmdline)
		boot_set_cmdline(boot_phys(info->cmdline, COMMAND_LINE_SIZE, "the command line"),
				 COMMAND_LINE_SIZE);
	boot_info.rsdp = info->rsdp;
	read_memory_map(info);
	read_modules(info);

	/* Nobody tells of a screen, but the BIOS has run: it is in text mode. */
	boot_info.fb = (struct boot_fb){
		.type = BOOT_FB_TEXT, .phys = 0xb8000, .pitch = 160,
		.width = 80, .height = 25, .bpp = 16,
	};
}
