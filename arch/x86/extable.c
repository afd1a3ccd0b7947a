/* SPDX-License-Identifier: MIT */
/* Loads that may fault, and where they go on then: the table that load_nofault() writes. */
#include <asm/extable.h>

#include <linux/errno.h>
#include <linux/export.h>
#include <linux/uaccess.h>
#include <asm/ptrace.h>

struct exception_entry {
	unsigned long load, fixup;
};

extern const struct exception_entry __start___ex_table[], __stop___ex_table[];

/* A dozen entries: they are not worth sorting. */
bool fixup_exception(struct pt_regs *regs)
{
	const struct exception_entry *e;

	for (e = __start___ex_table; e < __stop___ex_table; e++)
		if (e->load == regs->ip) {
			regs->ip = e->fixup;
			return true;
		}
	return false;
}

long copy_from_kernel_nofault(void *dst, const void *src, size_t size)
{
	const u8 *from = src;
	u8 *to = dst;

	while (size--) {
		u8 byte;

		if (!load_nofault(byte, from++))
			return -EFAULT;
		*to++ = byte;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(copy_from_kernel_nofault);
