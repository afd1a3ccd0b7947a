/* SPDX-License-Identifier: MIT */
/*
 * Files that came with the boot, found by name: modules, for insmod.
 *
 * GRUB loads each file by itself and tells where it lies (multiboot2's modules); QEMU's -initrd gives one block, which
 * is then a cpio archive of all of them. Both are only looked at, in place: the page allocator keeps those pages. An
 * archive is a row of entries, each a header of hexadecimal numbers, a name and the contents, padded to four bytes;
 * whatever does not look so ends it, with a line in the log.
 *
 * Those that come later, by loadx, are a list, the youngest first, in front of the others. It only grows: a file that
 * is replaced stays, for an insmod may be reading it. Locking: uploads_lock to add; readers need none.
 *
 * Read next: modtools.c.
 */
#include "bootfiles.h"
#include <linux/align.h>
#include <linux/cmdline.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/boot_info.h>

#define CPIO_MAGIC	"070701"
#define CPIO_HEADER	110
#define CPIO_FILESIZE	(6 + 6 * 8)
#define CPIO_NAMESIZE	(6 + 11 * 8)

static bool hex8(const char *s, u32 *value)
{
	*value = 0;
	for (int i = 0; i < 8; i++) {
		int digit = hex_to_bin(s[i]);

		if (digit < 0)
			return false;
		*value = *value << 4 | digit;
	}
	return true;
}

static void set_name(struct boot_file *f, const char *path, size_t len)
{
	const char *slash;

	while ((slash = memchr(path, '/', len))) {
		len -= slash + 1 - path;
		path = slash + 1;
	}
	f->name = path;
	f->namelen = len;
}

/* The entry at `at` of an archive. Return: where the next one is; 0 at the end. */
static size_t read_entry(const char *archive, size_t size, size_t at, struct boot_file *f)
{
	const char *h = archive + at;
	u32 namesize, filesize;
	size_t data;

	if (size - at < CPIO_HEADER || memcmp(h, CPIO_MAGIC, 6) || !hex8(h + CPIO_NAMESIZE, &namesize) ||
	    !hex8(h + CPIO_FILESIZE, &filesize))
		goto damaged;
	data = ALIGN(at + CPIO_HEADER + namesize, 4);
	if (!namesize || data > size || filesize > size - data || h[CPIO_HEADER + namesize - 1])
		goto damaged;
	if (strcmp(h + CPIO_HEADER, "TRAILER!!!") == 0)
		return 0;
	set_name(f, h + CPIO_HEADER, namesize - 1);
	f->data = archive + data;
	f->size = filesize;
	return min_t(size_t, ALIGN(data + filesize, 4), size);
damaged:
	pr_warn_once("initrd: the archive is damaged at byte %zu; what follows is ignored\n", at);
	return 0;
}

static bool is_archive(const struct boot_module *mod)
{
	return mod->end - mod->start >= CPIO_HEADER && memcmp(__va(mod->start), CPIO_MAGIC, 6) == 0;
}

/* File number n of this loader's module. */
static bool nth_of(const struct boot_module *mod, unsigned int n, struct boot_file *f)
{
	size_t at = 0;

	if (!is_archive(mod)) {
		set_name(f, mod->name, strcspn(mod->name, " "));
		f->data = __va(mod->start);
		f->size = mod->end - mod->start;
		return n == 0;
	}
	do
		at = read_entry(__va(mod->start), mod->end - mod->start, at, f);
	while (at && n--);
	return at;
}

/* ---- those that came later ---- */

struct upload {
	struct upload		*next;		/* constant, all of it */
	struct boot_file	file;
	char			name[];
};

static struct upload *uploads;		/* uploads_lock to write; ORDER(uploads) */
static DEFINE_MUTEX(uploads_lock);

int boot_file_add(const char *name, const void *data, size_t size)
{
	struct upload *u = kmalloc(sizeof(*u) + strlen(name) + 1, GFP_KERNEL);

	if (!u)
		return -ENOMEM;
	strcpy(u->name, name);
	u->file = (struct boot_file){ .name = u->name, .namelen = strlen(name), .data = data, .size = size };
	mutex_lock(&uploads_lock);
	u->next = uploads;
	smp_store_release(&uploads, u);	/* ORDER(uploads): filled in before it is found */
	mutex_unlock(&uploads_lock);
	return 0;
}

static bool nth_upload(unsigned int n, struct boot_file *file)
{
	struct upload *u = smp_load_acquire(&uploads);	/* ORDER(uploads) */

	while (u && n--)
		u = u->next;
	if (u)
		*file = u->file;
	return u;
}

/* ---- all of them ---- */

/* A position: 0 and up: uploads; from BOOT on: which of the loader's modules, and in it, which file. */
#define BOOT	0x80000000u

bool boot_file_next(unsigned int *at, struct boot_file *file)
{
	unsigned int m, n;

	if (*at < BOOT) {
		if (nth_upload(*at, file)) {
			++*at;
			return true;
		}
		*at = BOOT;
	}
	m = (*at & ~BOOT) >> 16;
	n = *at & 0xffff;
	for (; m < boot_info.nr_mod; m++, n = 0)
		if (nth_of(&boot_info.mod[m], n, file)) {
			*at = BOOT | m << 16 | (n + 1);
			return true;
		}
	return false;
}

bool boot_file_find(const char *name, struct boot_file *file)
{
	size_t len = strlen(name);
	unsigned int at = 0;

	if (len > 3 && strcmp(name + len - 3, ".ko") == 0)
		len -= 3;
	while (boot_file_next(&at, file)) {
		size_t have = file->namelen;

		if (have > 3 && memcmp(file->name + have - 3, ".ko", 3) == 0)
			have -= 3;
		if (have == len && parameqn(file->name, name, len))
			return true;
	}
	return false;
}
