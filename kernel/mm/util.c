/* SPDX-License-Identifier: MIT */
/*
 * Strings and copies that bring their own memory: kmalloc() and a copy. Declared in <linux/string.h> and
 * <linux/sprintf.h>, with the rest of their family; free with kfree(), what kstrdup_const() gave with kfree_const().
 */
#include <linux/slab.h>
#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>

extern const char __start_rodata[], __end_rodata[];

/* A literal lives as long as the kernel: no need to copy it. */
static bool is_kernel_rodata(const void *p)
{
	return (const char *)p >= __start_rodata && (const char *)p < __end_rodata;
}

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *p = kmalloc_track_caller(len, gfp);

	if (p)
		memcpy(p, src, len);
	return p;
}
EXPORT_SYMBOL(kmemdup);

char *kmemdup_nul(const char *s, size_t len, gfp_t gfp)
{
	char *p;

	if (!s)
		return NULL;
	p = kmalloc_track_caller(len + 1, gfp);
	if (p) {
		memcpy(p, s, len);
		p[len] = '\0';
	}
	return p;
}
EXPORT_SYMBOL(kmemdup_nul);

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup(s, strlen(s) + 1, gfp) : NULL;
}
EXPORT_SYMBOL(kstrdup);

char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strnlen(s, max), gfp) : NULL;
}
EXPORT_SYMBOL(kstrndup);

const char *kstrdup_const(const char *s, gfp_t gfp)
{
	return is_kernel_rodata(s) ? s : kstrdup(s, gfp);
}
EXPORT_SYMBOL(kstrdup_const);

void kfree_const(const void *p)
{
	if (!is_kernel_rodata(p))
		kfree(p);
}
EXPORT_SYMBOL(kfree_const);

char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	va_list again;
	int len;
	char *p;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	p = kmalloc_track_caller(len + 1, gfp);
	/* An argument may have changed meanwhile: never longer than measured. */
	if (p)
		vsnprintf(p, len + 1, fmt, args);
	return p;
}
EXPORT_SYMBOL(kvasprintf);

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *p;

	va_start(args, fmt);
	p = kvasprintf(gfp, fmt, args);
	va_end(args);
	return p;
}
EXPORT_SYMBOL(kasprintf);

unsigned long *bitmap_alloc(unsigned int nbits, gfp_t flags)
{
	return kmalloc_array(BITS_TO_LONGS(nbits), sizeof(long), flags);
}
EXPORT_SYMBOL(bitmap_alloc);

unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t flags)
{
	return bitmap_alloc(nbits, flags | __GFP_ZERO);
}
EXPORT_SYMBOL(bitmap_zalloc);

void bitmap_free(const unsigned long *bitmap)
{
	kfree(bitmap);
}
EXPORT_SYMBOL(bitmap_free);

static int print_part(char *buf, const char *fmt, const unsigned long *maskp, int nbits, loff_t off, size_t count)
{
	char *text = kasprintf(GFP_KERNEL, fmt, nbits, maskp);
	size_t len = text ? strlen(text) : 0;

	if (!text)
		return -ENOMEM;
	if (off < 0 || off >= len)
		count = 0;
	else
		count = min_t(size_t, count, len - off);
	memcpy(buf, text + off, count);
	kfree(text);
	return count;
}

int bitmap_print_bitmask_to_buf(char *buf, const unsigned long *maskp, int nmaskbits, loff_t off, size_t count)
{
	return print_part(buf, "%*pb\n", maskp, nmaskbits, off, count);
}
EXPORT_SYMBOL(bitmap_print_bitmask_to_buf);

int bitmap_print_list_to_buf(char *buf, const unsigned long *maskp, int nmaskbits, loff_t off, size_t count)
{
	return print_part(buf, "%*pbl\n", maskp, nmaskbits, off, count);
}
EXPORT_SYMBOL(bitmap_print_list_to_buf);

void *__memcat_p(void **a, void **b)
{
	size_t nr_a = 0, nr_b = 0;
	void **both;

	while (a[nr_a])
		nr_a++;
	while (b[nr_b])
		nr_b++;
	both = kmalloc_array(nr_a + nr_b + 1, sizeof(*both), GFP_KERNEL);
	if (!both)
		return NULL;
	memcpy(both, a, nr_a * sizeof(*both));
	memcpy(both + nr_a, b, (nr_b + 1) * sizeof(*both));
	return both;
}
EXPORT_SYMBOL_GPL(__memcat_p);
