/* SPDX-License-Identifier: MIT */
/*
 * modinfo: what a module's file says of itself, in the words and the order of Linux's kmod.
 *
 * The section .modinfo is a row of texts "tag=text". They are printed as they stand there, but for those of parameters:
 * "parm=name:what it is for" and "parmtype=name:int" become one line, and kmod prints these last, backwards.
 * Read next: lib/module_image.c, which finds them.
 */
#include "bootfiles.h"
#include "error_text.h"
#include "modtools.h"
#include "module.h"
#include "shell.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

/* One line, or with -F only its text, if it is that field. */
static void print_field(const char *only, const char *name, size_t len, const char *text)
{
	char label[32];

	if (only && strlen(only) == len && !strncmp(only, name, len))
		console_printf("%s\n", text);
	if (only)
		return;
	scnprintf(label, sizeof(label), "%.*s:", (int)len, name);
	console_printf("%-16s%s\n", label, text);
}

static bool is_about(const char *entry, const char *parm, size_t len)
{
	return strncmp(entry, parm, len) == 0 && entry[len] == ':';
}

/* The text behind "tag=name:" for the parameter whose name begins at `parm`, or NULL. */
static const char *find_parm(const struct module_image *img, const char *tag, const char *parm, size_t len)
{
	const char *text = NULL;

	while ((text = module_image_info(img, tag, text)))
		if (is_about(text, parm, len))
			return text + len + 1;
	return NULL;
}

static void print_parm(const struct module_image *img, const char *only, const char *parm)
{
	size_t len = strcspn(parm, ":");
	const char *what = find_parm(img, "parm", parm, len), *type = find_parm(img, "parmtype", parm, len);
	char text[256];

	if (what && type)
		scnprintf(text, sizeof(text), "%.*s:%s (%s)", (int)len, parm, what, type);
	else
		scnprintf(text, sizeof(text), "%.*s:%s", (int)len, parm, what ?: type ?: "");
	print_field(only, "parm", 4, text);
}

/* The name in an entry about a parameter, or NULL: it is about something else. */
static const char *parm_of(const char *entry)
{
	return strstarts(entry, "parm=") ? entry + 5 : strstarts(entry, "parmtype=") ? entry + 9 : NULL;
}

#define MAX_PARMS	128	/* of more, the first ones are printed */

/* The parameters' names as they first appear. Return: how many. */
static unsigned int gather_parms(const struct module_image *img, const char **parms)
{
	const char *entry = NULL, *parm;
	unsigned int n = 0, i;

	while (n < MAX_PARMS && (entry = module_image_info(img, "", entry))) {
		parm = parm_of(entry);
		for (i = 0; parm && i < n && !is_about(parms[i], parm, strcspn(parm, ":")); )
			i++;
		if (parm && i == n)
			parms[n++] = parm;
	}
	return n;
}

static int print_info(const struct module_image *img, const char *only)
{
	const char *entry = NULL, **parms = kmalloc_array(MAX_PARMS, sizeof(*parms), GFP_KERNEL);

	if (!parms)
		return -ENOMEM;
	while ((entry = module_image_info(img, "", entry))) {
		size_t len = strcspn(entry, "=");

		if (entry[len] && !parm_of(entry))
			print_field(only, entry, len, entry + len + 1);
	}
	for (unsigned int n = gather_parms(img, parms); n-- > 0; )
		print_parm(img, only, parms[n]);
	kfree(parms);
	return 0;
}

static int print_file(const char *name, const char *only)
{
	struct module_image img;
	struct boot_file f;
	char filename[64];
	int err;

	if (!boot_file_find(name, &f)) {
		console_printf("modinfo: ERROR: Module %s not found.\n", name);
		modtools_list_files();
		return -ENOENT;
	}
	err = module_read_image(&img, f.data, f.size);
	if (err)
		return err;
	scnprintf(filename, sizeof(filename), "%.*s", (int)f.namelen, f.name);
	print_field(only, "filename", 8, filename);
	err = print_info(&img, only);
	vfree(img.data);
	if (err)
		console_printf("modinfo: ERROR: %s\n", error_text(err));
	return err;
}

/* The field that an option asks for, or NULL. */
static const char *field_of(const char *option)
{
	static const char *const fields[] = { "author", "description", "license", "parm" };

	if (!strcmp(option, "-n"))
		return "filename";
	for (unsigned int i = 0; i < ARRAY_SIZE(fields); i++)
		if (option[0] == '-' && option[1] == fields[i][0] && !option[2])
			return fields[i];
	return NULL;
}

static int run_modinfo(int argc, char **argv)
{
	const char *only = NULL;
	int at = 1, err = 0;

	if (argc > 2 && !strcmp(argv[1], "-F")) {
		only = argv[2];
		at = 3;
	} else if (argc > 1 && (only = field_of(argv[1]))) {
		at = 2;
	}
	if (at >= argc || argv[at][0] == '-') {
		console_printf("modinfo: ERROR: missing module or filename. As in: modinfo -F parm hello\n");
		return -EINVAL;
	}
	for (; at < argc; at++)
		err = print_file(argv[at], only) ?: err;
	return err;
}

SHELL_COMMAND(modinfo, run_modinfo, "[-F FIELD] MODULE...", "what a module's file says of itself",
	"  Licence, authors, what it depends on, its parameters with their types. -F: one field only, its text alone;\n"
	"  -a -d -l -p -n for author, description, license, parm, filename. Example: modinfo -F parm hello",
	.group = "modules", .complete = modtools_complete_file);
