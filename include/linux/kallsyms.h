/* SPDX-License-Identifier: MIT */
/*
 * From an address to the name of its function, and back: the table that
 * tools/kallsyms put into the kernel. Functions only. To print a name use
 * %pS, %ps or %pB of printk.
 */
#pragma once

#include <linux/types.h>

#define KSYM_NAME_LEN	128
#define KSYM_SYMBOL_LEN	(KSYM_NAME_LEN + 48)	/* name+0xoff/0xsize [module] */

/*
 * kallsyms_init: let %pS and its sisters know the names.
 * Context: boot, before anything else; needs nothing but the image itself.
 */
void kallsyms_init(void);

/*
 * kallsyms_lookup: the function that holds @addr.
 * Its size and the offset of @addr in it go to @symbolsize and @offset, NULL
 * to @modname (the module's name for a module's); each may be NULL. @namebuf is not needed, and not written.
 * Context: any, NMI included. Return: the name, constant (a module's: as long as
 * it is loaded); NULL if no function is there.
 */
const char *kallsyms_lookup(unsigned long addr, unsigned long *symbolsize,
			    unsigned long *offset, char **modname, char *namebuf);

/* Whoever knows the names in modules: called with the same arguments, in any context; sets *modname. NULL: nobody. */
extern const char *(*kallsyms_module_lookup)(unsigned long addr, unsigned long *symbolsize, unsigned long *offset,
					     char **modname, char *namebuf);

/* kallsyms_lookup_size_offset: the same without the name. Return: whether a function is there. */
int kallsyms_lookup_size_offset(unsigned long addr, unsigned long *symbolsize,
				unsigned long *offset);

/*
 * kallsyms_lookup_name: the address of the function called @name, 0 if none.
 * Of several static functions of that name, the one that lies lowest.
 * Context: any. Differs from Linux: variables are not in the table.
 */
unsigned long kallsyms_lookup_name(const char *name);

/*
 * sprint_symbol: write "name+0xoff/0xsize", or the plain number, to @buffer
 * of KSYM_SYMBOL_LEN bytes. Return: the length. sprint_symbol_no_offset: "name".
 */
int sprint_symbol(char *buffer, unsigned long address);
int sprint_symbol_no_offset(char *buffer, unsigned long address);

/* kallsyms_symbol: the i-th one by address, with nm's letter; NULL: there are fewer. kallsyms_number: how many. */
const char *kallsyms_symbol(unsigned int i, unsigned long *addr, char *type);
unsigned int kallsyms_number(void);

/* is_kernel_text: is @addr in the code of the kernel image? Context: any. */
bool is_kernel_text(unsigned long addr);
