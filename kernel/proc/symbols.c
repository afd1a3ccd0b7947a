/* SPDX-License-Identifier: MIT */
/*
 * /proc/kallsyms: every name the kernel and its modules have for an address. /proc/modules: the modules.
 *
 * Both are long lists, given out a piece at a time. The kernel's own names are a table, where entry number *pos is
 * found at once; behind it come the modules' tables, one after the other. module_mutex keeps these from going away
 * while a piece is printed; between pieces they may, and then an entry may be missed or seen twice.
 */
#include "proc.h"
#include "../module.h"
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>

/* ---- kallsyms ---- */

struct symbol_cursor {
	struct module	*mod;		/* module_mutex; NULL: the kernel's */
	unsigned int	i;
};

/* The i-th name of all modules. */
static bool find_module_symbol(struct symbol_cursor *c, u64 i)
{
	list_for_each_entry(c->mod, &modules, list) {
		if (i < c->mod->num_ksyms) {
			c->i = i;
			return true;
		}
		i -= c->mod->num_ksyms;
	}
	return false;
}

static void *symbols_start(struct seq_file *m, loff_t *pos)
{
	struct symbol_cursor *c = m->private;

	mutex_lock(&module_mutex);
	*c = (struct symbol_cursor){ .i = *pos };
	if (*pos < kallsyms_number())
		return c;
	return find_module_symbol(c, *pos - kallsyms_number()) ? c : NULL;
}

static void *symbols_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct symbol_cursor *c = v;

	++*pos;
	c->i++;
	if (c->i < (c->mod ? c->mod->num_ksyms : kallsyms_number()))
		return c;
	return find_module_symbol(c, *pos - kallsyms_number()) ? c : NULL;
}

static void symbols_stop(struct seq_file *m, void *v)
{
	mutex_unlock(&module_mutex);
}

static char module_symbol_type(const struct module *mod, unsigned long addr)
{
	unsigned long at = addr - (unsigned long)mod->core_layout.base;

	return at < mod->core_layout.text_size ? 't' : at < mod->core_layout.ro_size ? 'r' : 'd';
}

static int symbols_show(struct seq_file *m, void *v)
{
	struct symbol_cursor *c = v;
	const char *name;
	unsigned long addr;
	char type;

	if (c->mod) {
		addr = c->mod->ksyms[c->i].addr;
		seq_printf(m, "%016lx %c %s\t[%s]\n", addr, module_symbol_type(c->mod, addr), c->mod->ksyms[c->i].name,
			   c->mod->name);
		return 0;
	}
	name = kallsyms_symbol(c->i, &addr, &type);
	seq_printf(m, "%016lx %c %s\n", addr, type, name);
	return 0;
}

static const struct seq_operations symbols = {
	.start = symbols_start, .next = symbols_next, .stop = symbols_stop, .show = symbols_show,
};

/* ---- modules ---- */

static void *modules_start(struct seq_file *m, loff_t *pos)
{
	mutex_lock(&module_mutex);
	return seq_list_start(&modules, *pos);
}

static void *modules_next(struct seq_file *m, void *v, loff_t *pos)
{
	return seq_list_next(v, &modules, pos);
}

static const char *state_name(const struct module *mod)
{
	return mod->state == MODULE_STATE_GOING ? "Unloading" : mod->state == MODULE_STATE_COMING ? "Loading" : "Live";
}

/* name size uses by,whom,or- state address */
static int modules_show(struct seq_file *m, void *v)
{
	struct module *mod = list_entry(v, struct module, list);
	struct module_use *use;

	seq_printf(m, "%s %u %d ", mod->name, mod->core_layout.size + mod->init_layout.size,
		   max(module_refcount(mod), 0));
	list_for_each_entry(use, &mod->users, of_provider)
		seq_printf(m, "%s,", use->user->name);
	seq_printf(m, "%s %s 0x%016lx\n", list_empty(&mod->users) ? "-" : "", state_name(mod),
		   (unsigned long)mod->core_layout.base);
	return 0;
}

static const struct seq_operations module_list = {
	.start = modules_start, .next = modules_next, .stop = symbols_stop, .show = modules_show,
};

static int __init proc_symbols_init(void)
{
	proc_create_seq_private("kallsyms", 0, NULL, &symbols, sizeof(struct symbol_cursor), NULL);
	proc_create_seq("modules", 0, NULL, &module_list);
	return 0;
}
fs_initcall(proc_symbols_init);
