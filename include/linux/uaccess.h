/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Memory of the caller of a read or a write: what a function of <linux/proc_fs.h> is given as char __user *.
 * Differs from Linux: there is no user space, so these copy, and always succeed.
 * Context: thread. Return: 0, the number of bytes that could not be copied; get_user, put_user: 0.
 */
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

static inline unsigned long __must_check copy_to_user(void __user *to, const void *from, unsigned long n)
{
	memcpy(to, from, n);
	return 0;
}

static inline unsigned long __must_check copy_from_user(void *to, const void __user *from, unsigned long n)
{
	memcpy(to, from, n);
	return 0;
}

static inline unsigned long __must_check clear_user(void __user *to, unsigned long n)
{
	memset(to, 0, n);
	return 0;
}

/* Up to count bytes with the NUL. Return: the length without it, count if there is none. */
static inline long strncpy_from_user(char *dst, const char __user *src, long count)
{
	size_t n = strnlen(src, count);

	memcpy(dst, src, min_t(size_t, n + 1, count));
	return n;
}

#define get_user(x, ptr)	({ (x) = *(ptr); 0; })
#define put_user(x, ptr)	({ *(ptr) = (x); 0; })
#define access_ok(addr, size)	({ (void)(addr); (void)(size); true; })

/*
 * copy_from_kernel_nofault - read memory that may not be there. get_kernel_nofault() - the same for one variable.
 * Context: any but NMI. Return: 0, or -EFAULT: nothing is mapped there; some of it may have been copied.
 */
long copy_from_kernel_nofault(void *dst, const void *src, size_t size);
#define get_kernel_nofault(val, ptr)	copy_from_kernel_nofault(&(val), ptr, sizeof(val))

/* A number out of `count` bytes that have no NUL. Return: 0, -EINVAL, -ERANGE. */
#define __KSTRTO_FROM_USER(name, type)							\
static inline int __must_check name ## _from_user(const char __user *s, size_t count, unsigned int base, type *res) \
{											\
	char text[3 + 64 + 1 + 1];	/* sign, base, binary digits, newline, NUL */	\
											\
	count = min(count, sizeof(text) - 1);						\
	memcpy(text, s, count);								\
	text[count] = '\0';								\
	return name(text, base, res);							\
}
__KSTRTO_FROM_USER(kstrtoull, unsigned long long)
__KSTRTO_FROM_USER(kstrtoll, long long)
__KSTRTO_FROM_USER(kstrtoul, unsigned long)
__KSTRTO_FROM_USER(kstrtol, long)
__KSTRTO_FROM_USER(kstrtouint, unsigned int)
__KSTRTO_FROM_USER(kstrtoint, int)
