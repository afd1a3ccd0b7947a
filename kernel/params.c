/* SPDX-License-Identifier: MIT */
/*
 * Parameters of modules: from "name=value" to a variable, by type, and back.
 *
 * Each type is a struct kernel_param_ops: `set` reads a text, `get` writes one. The numbers share a macro; a charp owns
 * the copy that it was given last; an array cuts its text at the commas and lets its element's type read the pieces.
 *
 * A value that does not fit its type is refused, and nothing is changed by it. So a module never starts with half a
 * value; of several parameters those before the wrong one are set, but then the module does not start at all.
 *
 * Locking: none here. A module's parameters are set before it runs, the kernel's own while it starts.
 * Read next: module.c.
 */
#include <linux/moduleparam.h>
#include <linux/cmdline.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

/* ---- numbers ---- */

#define PARAM_NUMBER(name, type, format, parse) \
	int param_set_##name(const char *val, const struct kernel_param *kp) \
	{ \
		return parse(val, 0, (type *)kp->arg); \
	} \
	EXPORT_SYMBOL(param_set_##name); \
	int param_get_##name(char *buffer, const struct kernel_param *kp) \
	{ \
		return scnprintf(buffer, PAGE_SIZE, format "\n", *(type *)kp->arg); \
	} \
	EXPORT_SYMBOL(param_get_##name); \
	const struct kernel_param_ops param_ops_##name = { .set = param_set_##name, .get = param_get_##name }; \
	EXPORT_SYMBOL(param_ops_##name)

PARAM_NUMBER(byte, unsigned char, "%hhu", kstrtou8);
PARAM_NUMBER(short, short, "%hi", kstrtos16);
PARAM_NUMBER(ushort, unsigned short, "%hu", kstrtou16);
PARAM_NUMBER(int, int, "%i", kstrtoint);
PARAM_NUMBER(uint, unsigned int, "%u", kstrtouint);
PARAM_NUMBER(long, long, "%li", kstrtol);
PARAM_NUMBER(ulong, unsigned long, "%lu", kstrtoul);
PARAM_NUMBER(ullong, unsigned long long, "%llu", kstrtoull);
PARAM_NUMBER(hexint, unsigned int, "%#08x", kstrtouint);

int param_set_uint_minmax(const char *val, const struct kernel_param *kp, unsigned int min, unsigned int max)
{
	unsigned int n;
	int err = kstrtouint(val, 0, &n);

	if (err)
		return err;
	if (n < min || n > max)
		return -EINVAL;
	*(unsigned int *)kp->arg = n;
	return 0;
}
EXPORT_SYMBOL(param_set_uint_minmax);

/* ---- truth ---- */

int param_set_bool(const char *val, const struct kernel_param *kp)
{
	return kstrtobool(val ? val : "1", kp->arg);
}
EXPORT_SYMBOL(param_set_bool);

int param_get_bool(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%c\n", *(bool *)kp->arg ? 'Y' : 'N');
}
EXPORT_SYMBOL(param_get_bool);

const struct kernel_param_ops param_ops_bool = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG, .set = param_set_bool, .get = param_get_bool,
};
EXPORT_SYMBOL(param_ops_bool);

int param_set_invbool(const char *val, const struct kernel_param *kp)
{
	bool value;
	int err = kstrtobool(val, &value);

	if (!err)
		*(bool *)kp->arg = !value;
	return err;
}
EXPORT_SYMBOL(param_set_invbool);

int param_get_invbool(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%c\n", *(bool *)kp->arg ? 'N' : 'Y');
}
EXPORT_SYMBOL(param_get_invbool);

const struct kernel_param_ops param_ops_invbool = { .set = param_set_invbool, .get = param_get_invbool };
EXPORT_SYMBOL(param_ops_invbool);

/* ---- texts ---- */

/*
 * A charp points to a constant that the module began with, or to a copy that was made here. Only the copies may be
 * freed, so they are in a list, by the variable that they were made for: what it points to is the module's affair.
 */
struct owned_text {
	struct list_head	list;
	const void		*variable;
	char			text[];
};

static LIST_HEAD(owned_texts);
static DEFINE_MUTEX(owned_texts_lock);

static void free_text(const void *variable)
{
	struct owned_text *t;

	mutex_lock(&owned_texts_lock);
	list_for_each_entry(t, &owned_texts, list)
		if (t->variable == variable) {
			list_del(&t->list);
			kfree(t);
			break;
		}
	mutex_unlock(&owned_texts_lock);
}

int param_set_charp(const char *val, const struct kernel_param *kp)
{
	size_t len = strnlen(val, PAGE_SIZE);
	struct owned_text *t;

	if (len > 1024)
		return -ENOSPC;
	t = kmalloc(sizeof(*t) + len + 1, GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	memcpy(t->text, val, len + 1);
	t->variable = kp->arg;
	free_text(kp->arg);
	mutex_lock(&owned_texts_lock);
	list_add(&t->list, &owned_texts);
	mutex_unlock(&owned_texts_lock);
	*(char **)kp->arg = t->text;
	return 0;
}
EXPORT_SYMBOL(param_set_charp);

int param_get_charp(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%s\n", *(char **)kp->arg);
}
EXPORT_SYMBOL(param_get_charp);

void param_free_charp(void *arg)
{
	free_text(arg);
}
EXPORT_SYMBOL(param_free_charp);

const struct kernel_param_ops param_ops_charp = {
	.set = param_set_charp, .get = param_get_charp, .free = param_free_charp,
};
EXPORT_SYMBOL(param_ops_charp);

int param_set_copystring(const char *val, const struct kernel_param *kp)
{
	const struct kparam_string *s = kp->str;

	if (strnlen(val, s->maxlen) == s->maxlen)
		return -ENOSPC;
	strcpy(s->string, val);
	return 0;
}
EXPORT_SYMBOL(param_set_copystring);

int param_get_string(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%s\n", kp->str->string);
}
EXPORT_SYMBOL(param_get_string);

const struct kernel_param_ops param_ops_string = { .set = param_set_copystring, .get = param_get_string };
EXPORT_SYMBOL(param_ops_string);

/* ---- arrays ---- */

/* The n-th element as a parameter of its own. */
static struct kernel_param element(const struct kernel_param *kp, unsigned int n)
{
	return (struct kernel_param) {
		.name = kp->name, .mod = kp->mod, .ops = kp->arr->ops, .perm = kp->perm, .level = kp->level,
		.arg = (char *)kp->arr->elem + n * kp->arr->elemsize,
	};
}

/* parse_args() gave a text that may be cut up. */
static int param_array_set(const char *val, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	char *rest = (char *)val, *piece;
	unsigned int n = 0;

	if (*val)
		while ((piece = strsep(&rest, ","))) {
			struct kernel_param e = element(kp, n);
			int err = n < arr->max ? arr->ops->set(piece, &e) : -E2BIG;

			if (err) {
				if (n == arr->max)
					pr_err("%s: can only take %u arguments\n", kp->name, arr->max);
				return err == -E2BIG ? -EINVAL : err;
			}
			n++;
		}
	if (!n) {
		pr_err("%s: expects 1 to %u arguments\n", kp->name, arr->max);
		return -EINVAL;
	}
	if (arr->num)
		*arr->num = n;
	return 0;
}

static int param_array_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int nr = kp->arr->num ? *kp->arr->num : kp->arr->max;
	int len = 0;

	for (unsigned int i = 0; i < nr && len < PAGE_SIZE / 2; i++) {
		struct kernel_param e = element(kp, i);

		if (i)
			buffer[len - 1] = ',';	/* over the newline */
		len += kp->arr->ops->get(buffer + len, &e);
	}
	return len;
}

static void param_array_free(void *arg)
{
	const struct kparam_array *arr = arg;

	/* Not only as many as *num says: that is the module's own variable, and more may have been set before. */
	if (arr->ops->free)
		for (unsigned int i = 0; i < arr->max; i++)
			arr->ops->free((char *)arr->elem + i * arr->elemsize);
}

const struct kernel_param_ops param_array_ops = {
	.set = param_array_set, .get = param_array_get, .free = param_array_free,
};
EXPORT_SYMBOL(param_array_ops);

/* ---- which types there are ---- */

static const struct param_type types[] = {
	{ &param_ops_byte, sizeof(char) }, { &param_ops_short, sizeof(short) }, { &param_ops_ushort, sizeof(short) },
	{ &param_ops_int, sizeof(int) }, { &param_ops_uint, sizeof(int) }, { &param_ops_hexint, sizeof(int) },
	{ &param_ops_long, sizeof(long) }, { &param_ops_ulong, sizeof(long) },
	{ &param_ops_ullong, sizeof(long long) }, { &param_ops_charp, sizeof(char *) },
	{ &param_ops_bool, sizeof(bool) }, { &param_ops_invbool, sizeof(bool) },
	{ &param_ops_string, 0 }, { &param_array_ops, 0 },
};

const struct param_type *param_type_of(const struct kernel_param_ops *ops)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].ops == ops)
			return &types[i];
	return NULL;
}

const struct param_type *param_type_with(int (*set)(const char *val, const struct kernel_param *kp),
					 void (*free)(void *arg))
{
	for (unsigned int i = 0; i < ARRAY_SIZE(types); i++)
		if ((set && types[i].ops->set == set) || (free && types[i].ops->free == free))
			return &types[i];
	return NULL;
}

/* ---- a line of them ---- */

static int set_param(const struct kernel_param *kp, const char *val)
{
	if (!val && !(kp->ops->flags & KERNEL_PARAM_OPS_FL_NOARG))
		return -EINVAL;
	return kp->ops->set ? kp->ops->set(val, kp) : -EPERM;
}

static int parse_one(char *param, char *val, const char *doing, const struct kernel_param *params, unsigned int num,
		     int (*unknown)(char *param, char *val, const char *doing))
{
	for (const struct kernel_param *kp = params; kp < params + num; kp++)
		if (parameq(param, kp->name))
			return set_param(kp, val);
	return unknown ? unknown(param, val, doing) : -ENOENT;
}

static void say_why(int err, const char *doing, const char *param, const char *val)
{
	if (err == -ENOENT)
		pr_err("%s: Unknown parameter `%s'\n", doing, param);
	else if (err == -ENOSPC)
		pr_err("%s: `%s' too large for parameter `%s'\n", doing, val ? val : "", param);
	else
		pr_err("%s: `%s' invalid for parameter `%s'\n", doing, val ? val : "", param);
}

int parse_args(const char *doing, char *args, const struct kernel_param *params, unsigned int num,
	       int (*unknown)(char *param, char *val, const char *doing))
{
	char *param, *val;
	int err;

	args = skip_spaces(args);
	while (*args) {
		args = next_arg(args, &param, &val);
		if (!val && strcmp(param, "--") == 0)
			return 0;
		err = parse_one(param, val, doing, params, num, unknown);
		if (err) {
			say_why(err, doing, param, val);
			return err;
		}
	}
	return 0;
}

void destroy_params(const struct kernel_param *params, unsigned int num)
{
	for (const struct kernel_param *kp = params; kp < params + num; kp++)
		if (kp->ops->free)
			kp->ops->free(kp->arg);
}
