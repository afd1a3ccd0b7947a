/* SPDX-License-Identifier: MIT */
/*
 * Linking a module: from a checked file to code that could run.
 *
 * A module gets two pieces of memory within reach of the kernel's 32-bit addresses, "core" for as long as it is loaded
 * and "init" until its init function has returned, and its share of the per-CPU reserve. Each piece is text, read-only
 * data and data, on pages of their own, because rights go by pages. struct module itself is a variable of the module
 * (tools/modpost put it there), so it comes and goes with it.
 *
 * A symbol that the module lacks is looked up by name among those that kernel and modules export, and only there; the
 * checksums must agree. Whoever's symbol is used stays loaded as long as the user: that is a struct module_use.
 *
 * What the file says about struct module is not believed, except name, init and exit; the rest is written here.
 * Locking: module_mutex, held by the caller, keeps the providers from leaving. Read next: module.c.
 */
#include "module.h"
#include <linux/bug.h>
#include <linux/kallsyms.h>
#include <linux/kasan.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/lockdep_hooks.h>
#include <linux/vmalloc.h>
#include <asm/pgtable.h>

extern const struct kernel_symbol __ksymtab_start[], __ksymtab_end[];

/* ---- exported symbols ---- */

static const struct kernel_symbol *search(const struct kernel_symbol *table, size_t n, const char *name)
{
	while (n) {
		const struct kernel_symbol *middle = table + n / 2;
		int order = strcmp(name, middle->name);

		if (!order)
			return middle;
		if (order > 0) {
			table = middle + 1;
			n--;
		}
		n /= 2;
	}
	return NULL;
}

const struct kernel_symbol *find_exported(const char *name, struct module **owner)
{
	const struct kernel_symbol *s = search(__ksymtab_start, __ksymtab_end - __ksymtab_start, name);
	struct module *mod;

	*owner = NULL;
	if (s)
		return s;
	list_for_each_entry(mod, &modules, list) {
		s = search(mod->syms, mod->num_syms, name);
		if (s) {
			*owner = mod;
			return s;
		}
	}
	return NULL;
}

/* ---- using another module ---- */

static bool already_uses(struct module *user, struct module *provider)
{
	struct module_use *use;

	list_for_each_entry(use, &user->uses, of_user)
		if (use->provider == provider)
			return true;
	return false;
}

static int use_module(struct module *user, struct module *provider)
{
	struct module_use *use;

	if (!provider || already_uses(user, provider))
		return 0;
	if (provider->state != MODULE_STATE_LIVE || !try_module_get(provider))
		return -EBUSY;
	use = kmalloc(sizeof(*use), GFP_KERNEL);
	if (!use) {
		module_put(provider);
		return -ENOMEM;
	}
	use->user = user;
	use->provider = provider;
	list_add_tail(&use->of_user, &user->uses);
	list_add_tail(&use->of_provider, &provider->users);
	return 0;
}

static void stop_using(struct module *user)
{
	struct module_use *use, *next;

	list_for_each_entry_safe(use, next, &user->uses, of_user) {
		list_del(&use->of_user);
		list_del(&use->of_provider);
		module_put(use->provider);
		kfree(use);
	}
}

/* ---- resolving ---- */

/* The checksum of `name` that the module was compiled with; 0: not known. */
static unsigned long wanted_crc(const struct module_image *img, const char *name)
{
	unsigned int sec = module_image_section(img, "__versions");
	const struct modversion_info *v, *end;

	if (!sec || img->sec[sec].sh_type != SHT_PROGBITS)
		return 0;
	v = (const void *)((const char *)img->data + img->sec[sec].sh_offset);
	end = v + img->sec[sec].sh_size / sizeof(*v);
	for (; v < end; v++)
		if (strncmp(v->name, name, sizeof(v->name)) == 0)
			return v->crc;
	return 0;
}

static int check_use(struct module *mod, const struct module_image *img, const struct kernel_symbol *s)
{
	unsigned long crc = wanted_crc(img, s->name);

	if (s->gpl_only && !mod->gpl_compatible) {
		pr_err("%s: Unknown symbol %s: it is for licences compatible with the GPL\n", mod->name, s->name);
		return -ENOENT;
	}
	if (crc && s->crc && crc != s->crc) {
		pr_err("%s: disagrees about version of symbol %s: it was compiled for another kernel; build it anew\n",
		       mod->name, s->name);
		return -EINVAL;
	}
	return 0;
}

static int resolve_one(struct module *mod, const struct module_image *img, Elf64_Sym *sym)
{
	const char *name = img->sym_names + sym->st_name;
	struct module *owner;
	const struct kernel_symbol *s = find_exported(name, &owner);
	int err;

	sym->st_value = 0;
	if (!s) {
		if (ELF64_ST_BIND(sym->st_info) == STB_WEAK)
			return 0;
		pr_err("%s: Unknown symbol %s (err %d)\n", mod->name, name, -ENOENT);
		return -ENOENT;
	}
	err = check_use(mod, img, s) ?: use_module(mod, owner);
	if (!err)
		sym->st_value = s->value;
	return err;
}

/* All of them, so that the log names each that is missing. */
static int resolve(struct module *mod, const struct module_image *img)
{
	int err = 0, first = 0;

	for (unsigned int i = 1; i < img->nr_sym; i++) {
		if (img->sym[i].st_shndx == SHN_UNDEF && img->sym[i].st_name)
			err = resolve_one(mod, img, &img->sym[i]);
		if (err && !first)
			first = err;
		err = 0;
	}
	return first;
}

/* ---- memory ---- */

static void set_layout(struct module_layout *l, const size_t size[3])
{
	l->text_size = PAGE_ALIGN(size[0]);
	l->ro_size = l->text_size + PAGE_ALIGN(size[1]);
	l->size = l->ro_size + PAGE_ALIGN(size[2]);
}

static int alloc_layout(struct module_layout *l)
{
	if (!l->size)
		return 0;
	l->base = module_alloc(l->size);
	if (!l->base)
		return -ENOMEM;
	memset(l->base, 0, l->size);
	return kasan_module_alloc(l->base, l->size);
}

static void free_layout(struct module_layout *l)
{
	if (!l->base)
		return;
	kasan_module_free(l->base, l->size);
	if (l->text_size)
		set_memory_nx((unsigned long)l->base, l->text_size >> PAGE_SHIFT);
	if (l->ro_size)
		set_memory_rw((unsigned long)l->base, l->ro_size >> PAGE_SHIFT);
	lockdep_forget(l->base, l->size);
	module_memfree(l->base);
	l->base = NULL;
}

/* What is known of a module before it has memory to keep it in. */
struct places {
	struct module_layout	core, init;
	void __percpu		*percpu;
};

static void free_places(struct places *p)
{
	free_percpu(p->percpu);
	free_layout(&p->init);
	free_layout(&p->core);
}

static int alloc_places(struct places *p, const struct module_image *img)
{
	set_layout(&p->core, &img->size[MOD_TEXT]);
	set_layout(&p->init, &img->size[MOD_INIT_TEXT]);
	if (alloc_layout(&p->core) || alloc_layout(&p->init))
		return -ENOMEM;
	if (img->size[MOD_PERCPU]) {
		p->percpu = __alloc_percpu(img->size[MOD_PERCPU], 64);
		if (!p->percpu)
			return -ENOMEM;
	}
	return 0;
}

static void place(struct module_image *img, const struct places *p)
{
	void *part[NR_MOD_PARTS] = {
		[MOD_TEXT] = p->core.base,
		[MOD_RODATA] = p->core.base + p->core.text_size,
		[MOD_DATA] = p->core.base + p->core.ro_size,
		[MOD_INIT_TEXT] = p->init.base,
		[MOD_INIT_RODATA] = p->init.base + p->init.text_size,
		[MOD_INIT_DATA] = p->init.base + p->init.ro_size,
		[MOD_PERCPU] = (void *)p->percpu,
	};

	module_image_place(img, part, NULL);
}

/* The pattern holds the values that a per-CPU variable begins with; every CPU gets them. */
static void spread_percpu(struct module *mod)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (mod->percpu && cpu)
			memcpy(per_cpu_ptr(mod->percpu, cpu), (void *)mod->percpu, mod->percpu_size);
}

/* ---- struct module ---- */

static bool is_gpl_compatible(const char *license)
{
	static const char *const ok[] = {
		"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL",
	};

	for (unsigned int i = 0; license && i < ARRAY_SIZE(ok); i++)
		if (strcmp(license, ok[i]) == 0)
			return true;
	return false;
}

/* A table in the module's own memory; *n gets the number of its entries. */
static void *table(const struct module_image *img, const char *name, size_t entry, unsigned int *n)
{
	unsigned int sec = module_image_section(img, name);

	*n = sec ? img->sec[sec].sh_size / entry : 0;
	return *n ? (void *)img->sec[sec].sh_addr : NULL;
}

static struct module *find_struct(struct module_image *img)
{
	unsigned int sec = module_image_section(img, ".gnu.linkonce.this_module");

	if (!sec || img->sec[sec].sh_size != sizeof(struct module) || module_section_part(img, sec) != MOD_DATA ||
	    img->sec[sec].sh_addr % __alignof__(struct module))
		return NULL;
	return (struct module *)img->sec[sec].sh_addr;
}

static void set_up(struct module *mod, const struct module_image *img, const struct places *p, const char *name)
{
	memset(mod, 0, sizeof(*mod));
	strscpy(mod->name, name, sizeof(mod->name));
	mod->state = MODULE_STATE_UNFORMED;
	mod->core_layout = p->core;
	mod->init_layout = p->init;
	mod->percpu = p->percpu;
	mod->percpu_size = img->size[MOD_PERCPU];
	mod->gpl_compatible = is_gpl_compatible(module_image_info(img, "license", NULL));
	INIT_LIST_HEAD(&mod->users);
	INIT_LIST_HEAD(&mod->uses);
	atomic_set(&mod->refcnt, 1);
}

/* Behind relocation: the two functions, which must be the module's own code, and its tables. */
static int find_parts(struct module *mod, const struct module_image *img, int (*init)(void), void (*exit)(void))
{
	unsigned long i = (unsigned long)init - (unsigned long)mod->init_layout.base;
	unsigned long c = (unsigned long)init - (unsigned long)mod->core_layout.base;
	unsigned long e = (unsigned long)exit - (unsigned long)mod->core_layout.base;

	if ((init && i >= mod->init_layout.text_size && c >= mod->core_layout.text_size) ||
	    (exit && e >= mod->core_layout.text_size)) {
		pr_err("%s: its init or exit function is not part of it\n", mod->name);
		return -ENOEXEC;
	}
	mod->init = init;
	mod->exit = exit;
	mod->syms = table(img, ".ksymtab", sizeof(*mod->syms), &mod->num_syms);
	mod->kp = table(img, "__param", sizeof(*mod->kp), &mod->num_kp);
	mod->ctors = table(img, ".init_array", sizeof(*mod->ctors), &mod->num_ctors);
	return module_check_tables(mod);
}

static int keep_info(struct module *mod, const struct module_image *img)
{
	unsigned int sec = module_image_section(img, ".modinfo");

	if (!sec)
		return 0;
	mod->info_size = img->sec[sec].sh_size;
	mod->info = kmemdup((const char *)img->data + img->sec[sec].sh_offset, mod->info_size, GFP_KERNEL);
	return mod->info || !mod->info_size ? 0 : -ENOMEM;
}

static int relocate(struct module *mod, struct module_image *img)
{
	int (*init)(void);
	void (*exit)(void);
	struct module copy = *mod;
	int err = 0;

	/* Relocation fills in init and exit; if it writes elsewhere in there, that is forgotten. */
	if (!module_image_relocate(img, NULL)) {
		pr_err("%s: %s\n", mod->name, img->why);
		err = -ENOEXEC;
	}
	init = mod->init;
	exit = mod->exit;
	*mod = copy;
	return err ?: find_parts(mod, img, init, exit);
}

struct module *module_link(struct module_image *img, const char *name)
{
	struct places p = { };
	struct module *mod;
	int err = alloc_places(&p, img);

	if (err) {
		free_places(&p);
		return ERR_PTR(err);
	}
	place(img, &p);
	mod = find_struct(img);
	if (!mod) {
		pr_err("%s: it has no struct module as this kernel knows it; build it anew\n", name);
		free_places(&p);
		return ERR_PTR(-ENOEXEC);
	}
	set_up(mod, img, &p, name);
	err = resolve(mod, img) ?: relocate(mod, img) ?: keep_info(mod, img) ?: module_save_names(mod, img);
	if (err) {
		module_unlink(mod);
		return ERR_PTR(err);
	}
	spread_percpu(mod);
	return mod;
}

/* ---- rights, and the end ---- */

static int protect_layout(struct module_layout *l)
{
	unsigned long base = (unsigned long)l->base;
	int err = 0;

	if (l->ro_size)
		err = set_memory_ro(base, l->ro_size >> PAGE_SHIFT);
	if (!err && l->text_size)
		err = set_memory_x(base, l->text_size >> PAGE_SHIFT);
	return err;
}

int module_protect(struct module *mod)
{
	return protect_layout(&mod->core_layout) ?: protect_layout(&mod->init_layout);
}

/* Not of C's making: a compiler that guards variables (KASAN=1) tells of them so. */
void module_run_ctors(struct module *mod)
{
	for (unsigned int i = 0; i < mod->num_ctors; i++)
		mod->ctors[i]();
	mod->num_ctors = 0;
}

void module_free_init(struct module *mod)
{
	free_layout(&mod->init_layout);
	mod->init_layout = (struct module_layout) { };
}

void module_unlink(struct module *mod)
{
	struct places p = { mod->core_layout, mod->init_layout, mod->percpu };

	lockdep_assert_held(&module_mutex);
	stop_using(mod);
	kfree(mod->info);
	kfree(mod->args);
	kvfree(mod->ksyms);
	kvfree(mod->strings);
	free_places(&p);	/* mod is in there */
}
