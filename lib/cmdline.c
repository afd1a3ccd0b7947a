/* SPDX-License-Identifier: MIT */
/*
 * The command line: `key=value`, `key`, and blanks in quotes. QEMU and a person
 * write key="a b"; GRUB passes the same on as "key=a b". Both mean one thing.
 */
#include <linux/cmdline.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kstrtox.h>
#include <linux/sprintf.h>
#include <linux/string.h>

/* "5" and "5-9": one integer with its sign. Return: false if there is none. */
static bool take_int(char **str, int *pint)
{
	char *s = *str;
	bool minus = *s == '-';
	char *end;
	unsigned long long n;

	if (minus)
		s++;
	n = simple_strtoull(s, &end, 0);
	if (end == s)
		return false;
	if (pint)
		*pint = minus ? -(int)n : (int)n;
	*str = end;
	return true;
}

int get_option(char **str, int *pint)
{
	char *cur = *str;

	if (!cur || !*cur || !take_int(&cur, pint))
		return 0;
	*str = cur;
	if (*cur == ',') {
		(*str)++;
		return 2;
	}
	if (*cur == '-')
		return 3;
	return 1;
}
EXPORT_SYMBOL(get_option);

char *get_options(const char *str, int nints, int *ints)
{
	char *cur = (char *)str;
	int count = 0, more = 2;

	while (more > 1 && (!nints || count + 1 < nints)) {
		int first = 0, last;

		more = get_option(&cur, &first);
		if (!more)
			break;
		last = first;
		if (more == 3) {
			cur++;		/* the hyphen */
			more = get_option(&cur, &last);
			if (!more || last < first)
				break;
		}
		for (; first <= last && (!nints || count + 1 < nints); first++) {
			count++;
			if (nints)
				ints[count] = first;
		}
	}
	ints[0] = count;
	return cur;
}
EXPORT_SYMBOL(get_options);

unsigned long long memparse(const char *ptr, char **retptr)
{
	char *end;
	unsigned long long n = simple_strtoull(ptr, &end, 0);
	const char *units = "kmgtpe";
	const char *unit = *end ? strchr(units, _tolower(*end)) : NULL;

	if (unit) {
		n <<= 10 * (unit - units + 1);
		end++;
	}
	if (retptr)
		*retptr = end;
	return n;
}
EXPORT_SYMBOL(memparse);

bool parse_option_str(const char *str, const char *option)
{
	size_t len = strlen(option);

	while (*str) {
		if (!strncmp(str, option, len) && (!str[len] || str[len] == ','))
			return true;
		str = strchrnul(str, ',');
		if (*str)
			str++;
	}
	return false;
}
EXPORT_SYMBOL(parse_option_str);

/* The end of the word at s: a blank that is not within quotes, or the end. */
static char *word_end(char *s)
{
	bool quoted = false;

	for (; *s; s++) {
		if (isspace(*s) && !quoted)
			break;
		if (*s == '"')
			quoted = !quoted;
	}
	return s;
}

/* Take the quotes off a word that begins with one. */
static char *unquote(char *s)
{
	size_t len = strlen(s);

	if (*s != '"')
		return s;
	if (len > 1 && s[len - 1] == '"')
		s[len - 1] = '\0';
	return s + 1;
}

char *next_arg(char *args, char **param, char **val)
{
	char *end = word_end(args);
	char *rest = *end ? end + 1 : end;
	char *equals;

	*end = '\0';
	*param = unquote(args);
	equals = strchr(*param, '=');
	*val = NULL;
	if (equals) {
		*equals = '\0';
		*val = unquote(equals + 1);
	}
	return skip_spaces(rest);
}
EXPORT_SYMBOL(next_arg);

static char dash_to_underscore(char c)
{
	return c == '-' ? '_' : c;
}

bool parameqn(const char *a, const char *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (dash_to_underscore(a[i]) != dash_to_underscore(b[i]))
			return false;
	return true;
}
EXPORT_SYMBOL(parameqn);

bool parameq(const char *a, const char *b)
{
	return parameqn(a, b, strlen(a) + 1);
}
EXPORT_SYMBOL(parameq);

/* One more parameter that nobody took, behind those already in `unknown`. */
static void collect(char *unknown, size_t size, char *param, char *val, int err)
{
	size_t len = strnlen(unknown, size);

	len += scnprintf(unknown + len, size - len, "%s%s", len ? " " : "", param);
	if (val)
		len += scnprintf(unknown + len, size - len, "=%s", val);
	if (err != -ENOENT)
		scnprintf(unknown + len, size - len, " (%pe)", ERR_PTR(err));
}

int parse_cmdline(char *args, int (*take)(char *param, char *val, void *arg),
		  void *arg, char *unknown, size_t size)
{
	int count = 0;

	if (size)
		unknown[0] = '\0';
	args = skip_spaces(args);
	while (*args) {
		char *param, *val;
		int err;

		args = next_arg(args, &param, &val);
		if (!val && !strcmp(param, "--"))
			break;
		err = take(param, val, arg);
		if (err) {
			collect(unknown, size, param, val, err);
			count++;
		}
	}
	return count;
}
EXPORT_SYMBOL(parse_cmdline);
