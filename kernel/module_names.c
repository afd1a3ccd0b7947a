/* SPDX-License-Identifier: MIT */
/*
 * What lies at an address of a module: for backtraces, %pS, and for GDB.
 *
 * Each module keeps the names of its functions and variables, sorted by address; a search halves that table. Readers
 * are backtraces, in any context, an NMI included, so they take no lock: they walk the list of modules as RCU readers,
 * and a module's memory goes only after a grace period (module.c).
 *
 * ORDER(module-list): a module is linked in by list_add_rcu() when its table is complete, and found here.
 */
#include "module.h"
#include <linux/kallsyms.h>
#include <linux/export.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/sort.h>

static bool within(const struct module_layout *l, unsigned long addr, unsigned long size)
{
	return addr - (unsigned long)l->base < size;
}

struct module *__module_address(unsigned long addr)
{
	struct module *mod;

	/* ORDER(module-list): what is in the list is complete. */
	list_for_each_entry_rcu(mod, &modules, list)
		if (within(&mod->core_layout, addr, mod->core_layout.size) ||
		    within(&mod->init_layout, addr, mod->init_layout.size))
			return mod;
	return NULL;
}

struct module *__module_text_address(unsigned long addr)
{
	struct module *mod = __module_address(addr);

	if (mod && !within(&mod->core_layout, addr, mod->core_layout.text_size) &&
	    !within(&mod->init_layout, addr, mod->init_layout.text_size))
		return NULL;
	return mod;
}

bool is_module_address(unsigned long addr)
{
	bool found;

	rcu_read_lock();
	found = __module_address(addr);
	rcu_read_unlock();
	return found;
}
EXPORT_SYMBOL(is_module_address);

/* ---- names ---- */

/* Where the module's code ends that addr lies in. */
static unsigned long end_around(const struct module *mod, unsigned long addr)
{
	const struct module_layout *l = &mod->core_layout;

	if (!within(l, addr, l->text_size))
		l = &mod->init_layout;
	return (unsigned long)l->base + l->text_size;
}

static const char *lookup_in(const struct module *mod, unsigned long addr, unsigned long *size, unsigned long *offset)
{
	unsigned int low = 0, high = mod->num_ksyms;
	unsigned long end = end_around(mod, addr);

	if (!high || addr < mod->ksyms[0].addr)
		return NULL;
	while (high - low > 1) {
		unsigned int middle = low + (high - low) / 2;

		if (mod->ksyms[middle].addr <= addr)
			low = middle;
		else
			high = middle;
	}
	if (low + 1 < mod->num_ksyms)
		end = min(end, mod->ksyms[low + 1].addr);
	if (size)
		*size = end - mod->ksyms[low].addr;
	if (offset)
		*offset = addr - mod->ksyms[low].addr;
	return mod->ksyms[low].name;
}

static const char *module_lookup(unsigned long addr, unsigned long *size, unsigned long *offset, char **modname,
				 char *namebuf)
{
	struct module *mod;
	const char *name = NULL;

	rcu_read_lock();
	mod = __module_text_address(addr);
	if (mod)
		name = lookup_in(mod, addr, size, offset);
	if (name && modname)
		*modname = mod->name;
	rcu_read_unlock();
	return name;
}

static bool is_worth_keeping(const struct module_image *img, const Elf64_Sym *s)
{
	return img->sym_names[s->st_name] && s->st_shndx != SHN_UNDEF && s->st_shndx < SHN_LORESERVE && s->st_value &&
	       ELF64_ST_TYPE(s->st_info) < STT_SECTION && img->sec[s->st_shndx].sh_addr &&
	       img->sym_names[s->st_name] != '.';
}

static int by_address(const void *a, const void *b)
{
	unsigned long x = ((const struct module_ksym *)a)->addr, y = ((const struct module_ksym *)b)->addr;

	return x < y ? -1 : x > y;
}

int module_save_names(struct module *mod, const struct module_image *img)
{
	unsigned int n = 0, at = 0;
	size_t bytes = 0;

	for (unsigned int i = 1; i < img->nr_sym; i++)
		if (is_worth_keeping(img, &img->sym[i])) {
			n++;
			bytes += strlen(img->sym_names + img->sym[i].st_name) + 1;
		}
	if (!n)
		return 0;
	mod->ksyms = kvmalloc_array(n, sizeof(*mod->ksyms), GFP_KERNEL);
	mod->strings = kvmalloc(bytes, GFP_KERNEL);
	if (!mod->ksyms || !mod->strings)
		return -ENOMEM;
	for (unsigned int i = 1; i < img->nr_sym; i++) {
		const Elf64_Sym *s = &img->sym[i];

		if (!is_worth_keeping(img, s))
			continue;
		mod->ksyms[mod->num_ksyms].addr = s->st_value;
		mod->ksyms[mod->num_ksyms++].name = strcpy(mod->strings + at, img->sym_names + s->st_name);
		at += strlen(mod->strings + at) + 1;
	}
	sort(mod->ksyms, n, sizeof(*mod->ksyms), by_address, NULL);
	return 0;
}

void __init module_names_init(void)
{
	kallsyms_module_lookup = module_lookup;
}
