/* SPDX-License-Identifier: MIT */
/*
 * What the compiler calls when an expression has no meaning in C (make UBSAN=1): a shift by too much, an index outside
 * of its array, a division by zero, a bool that is neither 0 nor 1, code that cannot be reached. The report says where,
 * and the kernel goes on with whatever comes out. The compiler passes a struct with the place and the types.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/slab.h>

struct place {
	const char *file;
	u32 line, column;
};

struct type {
	u16 kind;		/* 0: an integer */
	u16 info;		/* bit 0: signed; above: log2 of its bits */
	char name[];
};

struct typed_place {
	struct place place;
	const struct type *type, *other;
};

static unsigned int bits_of(const struct type *type)
{
	return 1u << (type->info >> 1);
}

/* Small values are passed themselves, others (128 bits) by address; those print as they are. */
static long value_of(const struct type *type, unsigned long v)
{
	unsigned int spare = 64 - min(bits_of(type), 64u);

	return type->info & 1 ? (long)(v << spare) >> spare : (long)v;
}

/* Each place speaks once: the compiler's struct is ours to mark. */
static __printf(3, 4) void report(struct place *place, const char *what, const char *values, ...)
{
	u32 line = xchg(&place->line, 0);
	va_list args;

	if (!line)
		return;
	slab_error_count++;
	pr_err("UBSAN: %s in %s:%u:%u\n", what, place->file, line, place->column);
	va_start(args, values);
	vprintk(values, args);
	va_end(args);
	dump_stack();
}

#define HANDLER(name, ...)				\
	void __ubsan_handle_##name(__VA_ARGS__);	\
	EXPORT_SYMBOL(__ubsan_handle_##name);		\
	void __ubsan_handle_##name(__VA_ARGS__)

HANDLER(shift_out_of_bounds, struct typed_place *p, unsigned long left, unsigned long right)
{
	report(&p->place, "shift-out-of-bounds", KERN_ERR "%ld is shifted by %ld, but its type %s has %u bits\n",
	       value_of(p->type, left), value_of(p->other, right), p->type->name, bits_of(p->type));
}

HANDLER(out_of_bounds, struct typed_place *p, unsigned long index)
{
	report(&p->place, "array-index-out-of-bounds", KERN_ERR "index %ld is out of range for the type %s\n",
	       value_of(p->other, index), p->type->name);
}

HANDLER(divrem_overflow, struct typed_place *p, unsigned long left, unsigned long right)
{
	report(&p->place, "division-overflow", KERN_ERR "%ld is divided by %ld\n", value_of(p->type, left),
	       value_of(p->type, right));
}

HANDLER(load_invalid_value, struct typed_place *p, unsigned long value)
{
	report(&p->place, "invalid-load", KERN_ERR "%ld is no value of the type %s\n", value_of(p->type, value),
	       p->type->name);
}

HANDLER(builtin_unreachable, struct place *place)
{
	report(place, "unreachable code was reached", KERN_ERR "the compiler has put nothing there\n");
	panic("going on would run into whatever lies behind this function");
}
