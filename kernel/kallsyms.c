// SPDX-License-Identifier: MIT
/*
 * kallsyms: the kernel knows the names of its own functions.
 *
 * The table is made outside, by tools/kallsyms, from the first link of the
 * kernel, and joins it in the second (Makefile, "linking"). It is read-only
 * data, sorted by address, so it can be read from the first instruction to
 * the last, in any context, without a lock:
 *
 *	kallsyms_offsets	4 bytes a function: distance from _stext, rising
 *	kallsyms_names		4 bytes a function: where its name begins in ...
 *	kallsyms_strings	... all names, each with its ending zero
 *	kallsyms_types		1 byte a function: nm's letter for it, T if others may call it
 *	kallsyms_by_name	the numbers of the functions, sorted by name
 *
 * A function reaches to the next one; the last of each part to that part's
 * end. In both directions a search halves the table until one entry is left.
 *
 * Rejected: compressing the names, as Linux does. It would save some 20 KiB
 * and cost a decoder that must work inside a panic.
 */
#include <linux/kallsyms.h>

#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>

/* By tools/kallsyms. */
extern const u32 kallsyms_count;
extern const u32 kallsyms_offsets[];
extern const u32 kallsyms_names[];
extern const u32 kallsyms_by_name[];
extern const char kallsyms_strings[];
extern const char kallsyms_types[];

/* By linker.ld. */
extern char _stext[], _etext[], _sinittext[], _einittext[];

static unsigned long symbol_address(u32 i)
{
	return (unsigned long)_stext + kallsyms_offsets[i];
}

static const char *symbol_name(u32 i)
{
	return kallsyms_strings + kallsyms_names[i];
}

static bool is_core_text(unsigned long addr)
{
	return addr >= (unsigned long)_stext && addr < (unsigned long)_etext;
}

static bool is_init_text(unsigned long addr)
{
	return addr >= (unsigned long)_sinittext && addr < (unsigned long)_einittext;
}

bool is_kernel_text(unsigned long addr)
{
	return is_core_text(addr) || is_init_text(addr);
}

/* Where function i ends: at the next one, or with its part of the image. */
static unsigned long symbol_end(u32 i)
{
	unsigned long part = (unsigned long)(is_core_text(symbol_address(i)) ? _etext : _einittext);

	if (i + 1 < kallsyms_count && symbol_address(i + 1) < part)
		return symbol_address(i + 1);
	return part;
}

/* The last function that begins at or below addr, which is kernel text. */
static bool find_address(unsigned long addr, u32 *found)
{
	u32 low = 0, high = kallsyms_count;

	if (!is_kernel_text(addr) || high == 0 || addr < symbol_address(0))
		return false;
	while (high - low > 1) {
		u32 middle = low + (high - low) / 2;

		if (symbol_address(middle) <= addr)
			low = middle;
		else
			high = middle;
	}
	*found = low;
	return addr < symbol_end(low);
}

/* Modules come and go; who loads them answers for them. */
symbol_lookup_t kallsyms_module_lookup;

const char *kallsyms_lookup(unsigned long addr, unsigned long *symbolsize,
			    unsigned long *offset, char **modname, char *namebuf)
{
	u32 i;

	if (modname)
		*modname = NULL;
	if (!find_address(addr, &i)) {
		symbol_lookup_t lookup = READ_ONCE(kallsyms_module_lookup);

		return lookup ? lookup(addr, symbolsize, offset, modname, namebuf) : NULL;
	}
	if (symbolsize)
		*symbolsize = symbol_end(i) - symbol_address(i);
	if (offset)
		*offset = addr - symbol_address(i);
	return symbol_name(i);
}

int kallsyms_lookup_size_offset(unsigned long addr, unsigned long *symbolsize,
				unsigned long *offset)
{
	return kallsyms_lookup(addr, symbolsize, offset, NULL, NULL) != NULL;
}
EXPORT_SYMBOL(kallsyms_lookup_size_offset);

unsigned long kallsyms_lookup_name(const char *name)
{
	u32 low = 0, high = kallsyms_count;

	/* The first one that is not below name: equal names are sorted by address. */
	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (strcmp(symbol_name(kallsyms_by_name[middle]), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == kallsyms_count || strcmp(symbol_name(kallsyms_by_name[low]), name))
		return 0;
	return symbol_address(kallsyms_by_name[low]);
}

const char *kallsyms_symbol(unsigned int i, unsigned long *addr, char *type)
{
	if (i >= kallsyms_count)
		return NULL;
	*addr = symbol_address(i);
	*type = kallsyms_types[i];
	return symbol_name(i);
}

unsigned int kallsyms_number(void)
{
	return kallsyms_count;
}

int sprint_symbol(char *buffer, unsigned long address)
{
	return scnprintf(buffer, KSYM_SYMBOL_LEN, "%pS", (void *)address);
}
EXPORT_SYMBOL_GPL(sprint_symbol);

int sprint_symbol_no_offset(char *buffer, unsigned long address)
{
	const char *name = kallsyms_lookup(address, NULL, NULL, NULL, NULL);

	if (!name)
		return scnprintf(buffer, KSYM_SYMBOL_LEN, "0x%lx", address);
	return scnprintf(buffer, KSYM_SYMBOL_LEN, "%s", name);
}
EXPORT_SYMBOL_GPL(sprint_symbol_no_offset);

void __init kallsyms_init(void)
{
	vsprintf_set_symbol_lookup(kallsyms_lookup);
}
