/* SPDX-License-Identifier: MIT */
/* Text to number: the strict forms, and those that stop where the number does. */
#include <linux/kstrtox.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hex.h>
#include <linux/limits.h>

/* Skip 0x, and settle base 0 by the prefix. */
static const char *settle_base(const char *s, unsigned int *base)
{
	bool is_hex = s[0] == '0' && _tolower(s[1]) == 'x' && isxdigit(s[2]);

	if (*base == 0)
		*base = is_hex ? 16 : (s[0] == '0' ? 8 : 10);
	return is_hex && *base == 16 ? s + 2 : s;
}

/*
 * The digits at s. Return: behind them. *overflow is set, and *res only the low
 * bits, if the number needs more than 64.
 */
static const char *take_digits(const char *s, unsigned int base,
			       unsigned long long *res, bool *overflow)
{
	unsigned long long n = 0;

	*overflow = false;
	for (;; s++) {
		unsigned int digit;

		if (isdigit(*s))
			digit = *s - '0';
		else if (isalpha(*s))
			digit = _tolower(*s) - 'a' + 10;
		else
			break;
		if (digit >= base)
			break;
		if (__builtin_mul_overflow(n, base, &n) ||
		    __builtin_add_overflow(n, digit, &n))
			*overflow = true;
	}
	*res = n;
	return s;
}

/* The whole of s, without a sign. */
static int take_all(const char *s, unsigned int base, unsigned long long *res)
{
	const char *end;
	bool overflow;

	s = settle_base(s, &base);
	end = take_digits(s, base, res, &overflow);
	if (end == s)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	if (*end == '\n')
		end++;
	return *end ? -EINVAL : 0;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long n;
	int ret = take_all(*s == '+' ? s + 1 : s, base, &n);

	if (!ret)
		*res = n;
	return ret;
}
EXPORT_SYMBOL(kstrtoull);

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	unsigned long long n;
	int ret;

	if (*s != '-') {
		ret = kstrtoull(s, base, &n);
		if (!ret && n > LLONG_MAX)
			ret = -ERANGE;
	} else {
		ret = take_all(s + 1, base, &n);
		if (!ret && n > (unsigned long long)LLONG_MAX + 1)
			ret = -ERANGE;
		n = -n;
	}
	if (!ret)
		*res = n;
	return ret;
}
EXPORT_SYMBOL(kstrtoll);

/* The narrower types: read wide, then see whether it fits. */
#define KSTRTO(name, type, wide_name, wide)				\
int name(const char *s, unsigned int base, type *res)			\
{									\
	wide n;								\
	int ret = wide_name(s, base, &n);				\
									\
	if (ret)							\
		return ret;						\
	if (n != (wide)(type)n)						\
		return -ERANGE;						\
	*res = n;							\
	return 0;							\
}									\
EXPORT_SYMBOL(name)

KSTRTO(kstrtoul, unsigned long, kstrtoull, unsigned long long);
KSTRTO(kstrtol, long, kstrtoll, long long);
KSTRTO(kstrtouint, unsigned int, kstrtoull, unsigned long long);
KSTRTO(kstrtoint, int, kstrtoll, long long);
KSTRTO(kstrtou16, u16, kstrtoull, unsigned long long);
KSTRTO(kstrtos16, s16, kstrtoll, long long);
KSTRTO(kstrtou8, u8, kstrtoull, unsigned long long);
KSTRTO(kstrtos8, s8, kstrtoll, long long);

int kstrtobool(const char *s, bool *res)
{
	int second;

	if (!s)
		return -EINVAL;
	second = *s ? _tolower(s[1]) : 0;
	if (*s == '1' || _tolower(*s) == 'y' || _tolower(*s) == 't')
		*res = true;
	else if (*s == '0' || _tolower(*s) == 'n' || _tolower(*s) == 'f')
		*res = false;
	else if (_tolower(*s) == 'o' && (second == 'n' || second == 'f'))
		*res = second == 'n';
	else
		return -EINVAL;
	return 0;
}
EXPORT_SYMBOL(kstrtobool);

unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base)
{
	unsigned long long n;
	bool overflow;

	cp = settle_base(cp, &base);
	cp = take_digits(cp, base, &n, &overflow);
	if (endp)
		*endp = (char *)cp;
	return n;
}
EXPORT_SYMBOL(simple_strtoull);

long long simple_strtoll(const char *cp, char **endp, unsigned int base)
{
	if (*cp == '-')
		return -simple_strtoull(cp + 1, endp, base);
	return simple_strtoull(cp, endp, base);
}
EXPORT_SYMBOL(simple_strtoll);

unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoull(cp, endp, base);
}
EXPORT_SYMBOL(simple_strtoul);

long simple_strtol(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoll(cp, endp, base);
}
EXPORT_SYMBOL(simple_strtol);
