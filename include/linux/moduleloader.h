/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A module's file, before it is a module: an ELF relocatable, checked, laid out and relocated. Pure: nothing here
 * allocates, locks or knows the kernel's symbols, so that the same code is fuzzed on the host. kernel/module.c does
 * the rest.
 */
#include <linux/compiler.h>
#include <linux/elf.h>
#include <linux/types.h>

/* A module's memory by the rights it gets. The init half goes when its init function has returned. */
enum module_part {
	MOD_TEXT, MOD_RODATA, MOD_DATA, MOD_INIT_TEXT, MOD_INIT_RODATA, MOD_INIT_DATA, MOD_PERCPU, NR_MOD_PARTS,
	MOD_NOWHERE = NR_MOD_PARTS,
};

/* No module is larger, so that no sum of sizes overflows. */
#define MODULE_MAX_SIZE		(16UL << 20)
#define MODULE_MAX_ALIGN	4096UL
#define MODULE_MAX_NAME		512	/* of a symbol, its end included: many symbols may share one long name */

struct module_image {
	/* Set by the caller. The file is changed in place: section headers and symbols get their addresses. */
	void		*data;		/* 8-byte aligned */
	size_t		len;

	/* By module_image_check(). */
	Elf64_Shdr	*sec;
	unsigned int	nr_sec;
	const char	*sec_names;
	Elf64_Sym	*sym;
	unsigned int	nr_sym;
	const char	*sym_names;
	char		why[160];	/* what is wrong with it, a sentence without its full stop */

	/* By module_image_layout(). */
	size_t		size[NR_MOD_PARTS];
};

/*
 * module_image_check: can every later step trust the file? Headers, sections, names, symbols, relocations: whatever is
 * an offset, an index or a size lies within what it points into, and is of a kind we know.
 * Return: true; false with m->why filled in. Context: any.
 */
bool module_image_check(struct module_image *m);

/* module_image_layout: which part and offset each section gets (module_section_part); m->size[]. After check.
 * Return: false with m->why if it is too large. */
bool module_image_layout(struct module_image *m);
enum module_part module_section_part(const struct module_image *m, unsigned int sec);

/*
 * module_image_place: sections get their addresses (part[] says where each part begins; MOD_PERCPU's is that of the
 * pattern), their contents are copied there; symbols get the addresses of what they name. Undefined ones keep 0.
 * copy_to: where to write what will be at this address; NULL: there. After layout.
 */
void module_image_place(struct module_image *m, void *const part[NR_MOD_PARTS], void *(*copy_to)(void *address));

/*
 * module_image_relocate: every place that waits for an address gets it. Undefined symbols must have been given theirs.
 * Return: false with m->why if an address does not fit. After place.
 */
bool module_image_relocate(struct module_image *m, void *(*copy_to)(void *address));

/* module_image_section: the number of the section called `name`, 0 if there is none. _bytes: its size in the file. */
unsigned int module_image_section(const struct module_image *m, const char *name);

/*
 * module_image_info: the text behind "tag=" in .modinfo; `from`: after this one, NULL for the first. NULL: no more.
 * An empty tag: whole entries, "tag=text", whatever their tags.
 */
const char *module_image_info(const struct module_image *m, const char *tag, const char *from);
