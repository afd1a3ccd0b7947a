/* SPDX-License-Identifier: MIT */
/*
 * Looking at a module before anybody follows what stands in it.
 *
 * lib/module_image.c sees to it that a file's numbers stay within the file, and relocation to what it writes. What then
 * stands in the tables of exported symbols, parameters and constructors are pointers that the file has chosen: with a
 * relocation taken out of it they are anything. The loader itself would follow them, holding module_mutex, and take
 * everybody else's insmod with it. So each one has to lead into the module, or where else it makes sense: the type of
 * a parameter may be the kernel's, one of a dozen, or that of a module which it uses. The functions of the kernel's
 * types write where the parameter says, so that must be the module's variable, as large as the type wants it, in memory
 * that is still there when the function is called (init's is not when the module goes), and not what was looked at:
 * the tables lie in read-only memory, and variables must not touch struct module or what parameters rely on.
 * What the module's own functions do is not looked at: they are code of the kernel from then on.
 * Read next: module_link.c.
 */
#include "module.h"
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/vermagic.h>

/* ---- what it says of itself ---- */

/* None at all is accepted, too: then nothing is compared. */
static bool are_versions(const struct module_image *img)
{
	unsigned int sec = module_image_section(img, "__versions");
	const Elf64_Shdr *s = &img->sec[sec];

	return !sec || (s->sh_type == SHT_PROGBITS && !(s->sh_offset % __alignof__(struct modversion_info)) &&
			!(s->sh_size % sizeof(struct modversion_info)));
}

int module_check_info(const struct module_image *img, const char **name)
{
	const char *vermagic = module_image_info(img, "vermagic", NULL);

	*name = module_image_info(img, "name", NULL);
	if (!*name || !**name || strlen(*name) >= MODULE_NAME_LEN) {
		pr_err("module: it does not say what it is called; build it with `make -C ... M=... modules`\n");
		return -ENOEXEC;
	}
	if (!vermagic || strcmp(vermagic, VERMAGIC_STRING)) {
		pr_err("%s: version magic '%s' should be '%s'\n", *name, vermagic ? vermagic : "", VERMAGIC_STRING);
		return -ENOEXEC;
	}
	if (!are_versions(img)) {
		pr_err("%s: its table of checksums is damaged\n", *name);
		return -ENOEXEC;
	}
	return 0;
}

/* ---- where something lies ---- */

/* Between the offsets `from` and `to` of this piece of memory? */
static bool lies_in(const struct module_layout *l, size_t from, size_t to, const void *p, size_t size, size_t align)
{
	size_t at = (unsigned long)p - (unsigned long)l->base;

	return l->base && at >= from && at <= to && size <= to - at && !((unsigned long)p % align);
}

/* What nobody writes to after it was looked at. */
static bool is_constant(const struct module *mod, const void *p, size_t size, size_t align)
{
	return lies_in(&mod->core_layout, 0, mod->core_layout.ro_size, p, size, align);
}

/* Its data, but not struct module, which is among it. */
static bool is_data(const struct module *mod, const void *p, size_t size, size_t align)
{
	return lies_in(&mod->core_layout, mod->core_layout.ro_size, mod->core_layout.size, p, size, align) &&
	       (p + size <= (void *)mod || p >= (void *)(mod + 1));
}

static bool touch(const void *p, size_t size, const void *q, size_t other)
{
	return size && other && p < q + other && q < p + size;
}

/* What setting its parameters relies on, const or not: the types, and what describes texts and arrays. */
static bool is_relied_on(const struct module *mod, const void *p, size_t size)
{
	for (const struct kernel_param *kp = mod->kp; kp < mod->kp + mod->num_kp; kp++) {
		const struct param_type *t = param_type_with(kp->ops->set, NULL);
		size_t described = !t || t->size ? 0 : t->ops == &param_array_ops ? sizeof(*kp->arr) : sizeof(*kp->str);

		if (touch(p, size, kp->ops, sizeof(*kp->ops)) || touch(p, size, kp->arg, described))
			return true;
	}
	return false;
}

/* What is written: the module's own, or that of one it uses. for_good: not in init's memory. */
static bool is_variable(const struct module *mod, const void *p, size_t size, size_t align, bool for_good)
{
	const struct module_layout *l = &mod->init_layout;
	const struct module_use *use;

	if (is_relied_on(mod, p, size))
		return false;
	if (is_data(mod, p, size, align) || (!for_good && lies_in(l, l->ro_size, l->size, p, size, align)))
		return true;
	list_for_each_entry(use, &mod->uses, of_user)
		if (is_data(use->provider, p, size, align) && !is_relied_on(use->provider, p, size))
			return true;
	return false;
}

static bool is_text_of(const struct module_layout *l, const void *fn)
{
	return l->base && (unsigned long)fn - (unsigned long)l->base < l->text_size;
}

static bool is_own_code(const struct module *mod, const void *fn, bool for_good)
{
	return is_text_of(&mod->core_layout, fn) || (!for_good && is_text_of(&mod->init_layout, fn));
}

/* Its own, or that of a module it uses. */
static bool is_code(const struct module *mod, const void *fn, bool for_good)
{
	const struct module_use *use;

	if (is_own_code(mod, fn, for_good))
		return true;
	list_for_each_entry(use, &mod->uses, of_user)
		if (is_text_of(&use->provider->core_layout, fn))
			return true;
	return false;
}

/* Does a string with its end lie in the module? */
static bool is_string(const struct module *mod, const char *s)
{
	size_t room = (unsigned long)mod->core_layout.base + mod->core_layout.ro_size - (unsigned long)s;

	return is_constant(mod, s, 1, 1) && strnlen(s, room) < room;
}

/* ---- exported symbols, constructors ---- */

/* Per-CPU variables are known by their place in the pattern. The end of the memory is where an empty object may lie. */
static bool is_exportable(const struct module *mod, unsigned long value)
{
	return lies_in(&mod->core_layout, 0, mod->core_layout.size, (void *)value, 0, 1) ||
	       (mod->percpu && value - (unsigned long)mod->percpu <= mod->percpu_size);
}

static const char *check_symbols(const struct module *mod)
{
	if (mod->num_syms && !is_constant(mod, mod->syms, mod->num_syms * sizeof(*mod->syms), __alignof__(*mod->syms)))
		return "the table of the symbols that it exports";
	for (unsigned int i = 0; i < mod->num_syms; i++) {
		if (!is_string(mod, mod->syms[i].name))
			return "the name of a symbol that it exports";
		if (!is_exportable(mod, mod->syms[i].value))
			return "a symbol that it exports";
		if (i && strcmp(mod->syms[i - 1].name, mod->syms[i].name) > 0)
			return "the order of the symbols that it exports";
	}
	return NULL;
}

static const char *check_ctors(const struct module *mod)
{
	const struct module_layout *l = &mod->init_layout;

	if (mod->num_ctors && !lies_in(l, 0, l->size, mod->ctors, mod->num_ctors * sizeof(*mod->ctors),
				       __alignof__(*mod->ctors)))
		return "the table of its constructors";
	for (unsigned int i = 0; i < mod->num_ctors; i++)
		if (!is_own_code(mod, mod->ctors[i], false))
			return "a constructor";
	return NULL;
}

/* ---- parameters ---- */

static bool is_object(const struct module *mod, const void *p, size_t size, size_t align)
{
	return is_constant(mod, p, size, align) || is_data(mod, p, size, align);
}

static bool is_type(const struct module *mod, const struct kernel_param_ops *ops)
{
	const struct module_use *use;

	if (param_type_of(ops) || is_object(mod, ops, sizeof(*ops), __alignof__(*ops)))
		return true;
	list_for_each_entry(use, &mod->uses, of_user)
		if (is_object(use->provider, ops, sizeof(*ops), __alignof__(*ops)))
			return true;
	return false;
}

static const char *check_type(const struct module *mod, const struct kernel_param_ops *ops, void *arg, size_t room);

/* Neither texts nor arrays: those say where in a structure of their own, which an element has not. */
static bool is_for_elements(const struct kernel_param_ops *ops)
{
	const struct param_type *t = param_type_with(ops->set, NULL), *u = param_type_with(NULL, ops->free);

	return ops->set && (!t || t->size) && (!u || u->size);
}

/* Room for all its elements, each of which is at least as large as its type says. */
static const char *check_array(const struct module *mod, const struct kparam_array *arr)
{
	bool for_good, counted;

	if (!is_object(mod, arr, sizeof(*arr), __alignof__(*arr)) || !is_type(mod, arr->ops) ||
	    is_data(mod, arr->ops, 1, 1) || !is_for_elements(arr->ops))
		return "the type of a parameter's elements";
	for_good = arr->ops->free;
	counted = !arr->num || is_variable(mod, arr->num, sizeof(*arr->num), __alignof__(*arr->num), false);
	if (!counted || !arr->elemsize ||
	    !is_variable(mod, arr->elem, (size_t)arr->max * arr->elemsize, 1, for_good))
		return "the array of a parameter";
	return arr->max ? check_type(mod, arr->ops, arr->elem, arr->elemsize) : NULL;
}

/* What a type of the kernel's will write to. */
static const char *check_arg(const struct module *mod, const struct param_type *t, void *arg, size_t room,
			     bool for_good)
{
	const struct kparam_string *str = arg;

	if (t->ops == &param_array_ops)
		return check_array(mod, arg);
	if (t->ops != &param_ops_string)
		return t->size <= room && !(room % t->size) &&
		       is_variable(mod, arg, t->size, t->size, for_good) ? NULL : "the variable of a parameter";
	return is_object(mod, str, sizeof(*str), __alignof__(*str)) &&
	       is_variable(mod, str->string, str->maxlen, 1, false) ? NULL : "the text of a parameter";
}

/* Its functions: the module's own code, or those of the kernel's types with what they expect. Nobody calls `get`. */
static const char *check_type(const struct module *mod, const struct kernel_param_ops *ops, void *arg, size_t room)
{
	const struct param_type *t;
	const char *wrong = NULL;

	if (ops->set && !is_code(mod, ops->set, false)) {
		t = param_type_with(ops->set, NULL);
		if (!t || (ops->flags & ~t->ops->flags & KERNEL_PARAM_OPS_FL_NOARG))
			return "the function that sets a parameter";
		wrong = check_arg(mod, t, arg, room, false);
	}
	if (!wrong && ops->free && !is_code(mod, ops->free, true)) {
		t = param_type_with(NULL, ops->free);
		wrong = t ? check_arg(mod, t, arg, room, true) : "the function that frees a parameter";
	}
	return wrong;
}

static const char *check_params(const struct module *mod)
{
	const char *wrong = NULL;

	if (mod->num_kp && !is_constant(mod, mod->kp, mod->num_kp * sizeof(*mod->kp), __alignof__(*mod->kp)))
		return "the table of its parameters";
	for (unsigned int i = 0; !wrong && i < mod->num_kp; i++)
		if (!is_string(mod, mod->kp[i].name))
			wrong = "the name of a parameter";
		else if (!is_type(mod, mod->kp[i].ops))
			wrong = "the type of a parameter";
	for (unsigned int i = 0; !wrong && i < mod->num_kp; i++)
		wrong = check_type(mod, mod->kp[i].ops, mod->kp[i].arg, sizeof(long));
	return wrong;
}

int module_check_tables(const struct module *mod)
{
	const char *wrong = check_symbols(mod) ?: check_params(mod) ?: check_ctors(mod);

	if (!wrong)
		return 0;
	pr_err("%s: %s is not where it should be: the file is damaged\n", mod->name, wrong);
	return -ENOEXEC;
}
