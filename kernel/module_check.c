/* SPDX-License-Identifier: MIT */
/*
 * Looking at the tables of a module before anybody follows them.
 *
 * lib/module_image.c sees to it that a file's numbers stay within the file, and relocation to what it writes. What then
 * stands in the tables of exported symbols, parameters and constructors are pointers that the file has chosen: with a
 * relocation taken out of it they are anything. The loader itself would follow them, holding module_mutex, and take
 * everybody else's insmod with it. So each one has to lead into the module, or into the kernel where that makes sense.
 * What the module's own functions do is not looked at: they are code of the kernel from then on.
 * Read next: module_link.c.
 */
#include "module.h"
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

extern char __start_rodata[], __end_rodata[];	/* by linker.ld */

static bool in_layout(const struct module_layout *l, unsigned int size, unsigned long addr)
{
	return l->base && addr - (unsigned long)l->base < size;
}

static bool is_code(const struct module *mod, const void *fn)
{
	unsigned long addr = (unsigned long)fn;

	return in_layout(&mod->core_layout, mod->core_layout.text_size, addr) ||
	       in_layout(&mod->init_layout, mod->init_layout.text_size, addr) || is_kernel_text(addr);
}

/* Does a string with its end lie in the module, or so many bytes? */
static bool is_string(const struct module *mod, const char *s)
{
	const struct module_layout *l = &mod->core_layout;

	return in_layout(l, l->size, (unsigned long)s) &&
	       strnlen(s, l->base + l->size - (void *)s) < l->base + l->size - (void *)s;
}

static bool is_object(const struct module *mod, const void *p, size_t size)
{
	const struct module_layout *l = &mod->core_layout;

	return in_layout(l, l->size, (unsigned long)p) && size <= l->base + l->size - p;
}

static const char *check_symbols(const struct module *mod)
{
	for (unsigned int i = 0; i < mod->num_syms; i++) {
		if (!is_string(mod, mod->syms[i].name))
			return "the name of a symbol that it exports";
		if (i && strcmp(mod->syms[i - 1].name, mod->syms[i].name) > 0)
			return "the order of the symbols that it exports";
	}
	return NULL;
}

/* The type of a parameter is the module's own, or the kernel's, or that of a module which it uses. */
static bool is_type(const struct module *mod, const struct kernel_param_ops *ops)
{
	const struct module_use *use;

	list_for_each_entry(use, &mod->uses, of_user)
		if (is_object(use->provider, ops, sizeof(*ops)))
			return true;
	return is_object(mod, ops, sizeof(*ops)) || ((void *)ops >= (void *)__start_rodata &&
						      (void *)(ops + 1) <= (void *)__end_rodata);
}

static const char *check_param(const struct module *mod, const struct kernel_param *kp)
{
	if (!is_string(mod, kp->name))
		return "the name of a parameter";
	if (!is_type(mod, kp->ops))
		return "the type of a parameter";
	if (is_object(mod, kp->ops, sizeof(*kp->ops)) && kp->ops->set && !is_code(mod, kp->ops->set))
		return "the function that sets a parameter";
	return NULL;
}

int module_check_tables(const struct module *mod)
{
	const char *wrong = check_symbols(mod);

	for (unsigned int i = 0; !wrong && i < mod->num_kp; i++)
		wrong = check_param(mod, &mod->kp[i]);
	for (unsigned int i = 0; !wrong && i < mod->num_ctors; i++)
		wrong = is_code(mod, mod->ctors[i]) ? NULL : "a constructor";
	if (!wrong)
		return 0;
	pr_err("%s: %s is not where it should be: the file is damaged\n", mod->name, wrong);
	return -ENOEXEC;
}
