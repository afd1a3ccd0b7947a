/* SPDX-License-Identifier: MIT */
/*
 * Formatting into a buffer, with Linux's extensions of %p. <linux/kernel.h>
 * includes this page, as modules expect.
 *
 *   %p     an address, hashed: equal addresses print equal, nothing leaks
 *   %px    the address itself      %pK  as %p
 *   %pS    symbol+0xoff/0xsize     %ps  symbol    %pB  the call before a return address
 *   %pe    -ENOMEM for an ERR_PTR  %pV  a struct va_format within the format
 *   %*ph   bytes in hex, "C" ':', "D" '-', "N" nothing between them (at most 64)
 *   %*pb   a bitmap in hex         %*pbl  a bitmap as a list, 0-3,7
 *   %pUb   a UUID (b B big-endian, l L little)   %pM %pm  a MAC   %pI4  IPv4
 *
 * Context of all: any, NMI included; no lock, no allocation.
 * Differs from Linux: of the extensions those above, for files, devices and networks no others; they print as %p.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/stdarg.h>
#include <linux/types.h>

/* A format and its arguments as one argument: for wrappers of printk, %pV. */
struct va_format {
	const char *fmt;
	va_list *va;
};

/*
 * snprintf - format at most size bytes, the ending zero included
 *
 * Return: the length the whole text would have had; with the text cut short
 * that is >= size. To append in a loop use scnprintf().
 */
__printf(3, 4) int snprintf(char *buf, size_t size, const char *fmt, ...);
__printf(3, 0) int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);

/* The same; Return: the characters really written, without the zero. */
__printf(3, 4) int scnprintf(char *buf, size_t size, const char *fmt, ...);
__printf(3, 0) int vscnprintf(char *buf, size_t size, const char *fmt, va_list args);

/* No bound: only where the caller can prove that the buffer is long enough. */
__printf(2, 3) int sprintf(char *buf, const char *fmt, ...);
__printf(2, 0) int vsprintf(char *buf, const char *fmt, va_list args);

/*
 * kasprintf - format into fresh memory from kmalloc(), to be freed by kfree()
 *
 * Context: as kmalloc() with those flags. Return: the string, or NULL.
 */
__printf(2, 3) __malloc char *kasprintf(gfp_t gfp, const char *fmt, ...);
__printf(2, 0) __malloc char *kvasprintf(gfp_t gfp, const char *fmt, va_list args);

/*
 * sscanf - read values out of a string
 *
 * %d %i %u %x %o %c %s %n %[...] with widths, * and the length modifiers.
 * Return: the number of values stored.
 */
__scanf(2, 3) int sscanf(const char *buf, const char *fmt, ...);
__scanf(2, 0) int vsscanf(const char *buf, const char *fmt, va_list args);

/*
 * The two things formatting cannot know by itself. The ground floor has no
 * symbol table and no source of randomness: whoever has them registers here.
 * Unregistered, %pS prints a plain number and %p prints (____ptrval____).
 */
typedef const char *(*symbol_lookup_t)(unsigned long addr, unsigned long *size,
				       unsigned long *offset, char **modname,
				       char *namebuf);

/* Bytes that a symbol_lookup_t may write to namebuf. */
#define VSPRINTF_SYMBOL_LEN	128

/*
 * vsprintf_set_symbol_lookup - give %pS its names
 *
 * lookup has the signature and meaning of kallsyms_lookup(); it must be safe
 * in any context. Context: boot, one CPU.
 */
void vsprintf_set_symbol_lookup(symbol_lookup_t lookup);

/* vsprintf_set_ptr_key - give %p the secret it hashes with. Context: boot, one CPU. */
void vsprintf_set_ptr_key(const u64 key[2]);

/* vsprintf_set_no_hash - make %p print plain addresses (no_hash_pointers). Context: boot. */
void vsprintf_set_no_hash(bool plain);
