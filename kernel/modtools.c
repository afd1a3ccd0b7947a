/* SPDX-License-Identifier: MIT */
/*
 * insmod, rmmod, modprobe and lsmod, with the output of Linux's kmod.
 *
 * A module is named as its file is, with or without ".ko"; the files are those that came with the boot (bootfiles.c).
 * insmod loads one file. modprobe first loads what the file says it depends on, and with -r takes away what nobody
 * needs any more. Why a module was refused is in the kernel's log, as in Linux, and so on the console.
 * Read next: modinfo.c, module.c.
 */
#include "bootfiles.h"
#include "error_text.h"
#include "modtools.h"
#include "module.h"
#include "shell.h"
#include <linux/console.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

/* What kmod says for an error of init_module(); three mean something else there. */
static const char *load_error(int err)
{
	switch (err) {
	case -ENOEXEC:
		return "Invalid module format";
	case -ENOENT:
		return "Unknown symbol in module";
	case -EINVAL:
		return "Invalid parameters";
	}
	return error_text(err);
}

static int say_load_error(const char *tool, const char *name, int err)
{
	console_printf("%s: ERROR: could not insert module %s: %s\n", tool, name, load_error(err));
	return err;
}

void modtools_list_files(void)
{
	struct boot_file f;
	unsigned int at = 0;
	bool any = false;

	while (boot_file_next(&at, &f)) {
		console_printf("%s%.*s", any ? " " : "There are: ", (int)f.namelen, f.name);
		any = true;
	}
	console_printf("%s", any ? "\n" : "No module came with this boot: make run MODULES=\"a.ko b.ko\"\n");
}

/* The names of the files that insmod finds, without .ko. */
void modtools_complete_file(int argc, char **argv, void (*offer)(const char *word))
{
	struct boot_file f;
	unsigned int at = 0;
	char name[64];

	while (argc == 2 && boot_file_next(&at, &f)) {
		size_t n = min(f.namelen, sizeof(name) - 1);

		strscpy(name, f.name, n + 1);
		if (n > 3 && !strcmp(name + n - 3, ".ko"))
			name[n - 3] = '\0';
		offer(name);
	}
}

static int find_file(const char *tool, const char *name, struct boot_file *f)
{
	if (boot_file_find(name, f))
		return 0;
	console_printf("%s: ERROR: could not load module %s: No such file or directory\n", tool, name);
	modtools_list_files();
	return -ENOENT;
}

/* argv[1..] as one line of parameters, quoted again where there are blanks. */
static void join_args(int argc, char **argv, char *line, size_t size)
{
	size_t at = 0;

	*line = '\0';
	for (int i = 0; i < argc; i++)
		at += scnprintf(line + at, size - at, strchr(argv[i], ' ') ? "\"%s\" " : "%s ", argv[i]);
}

static int run_insmod(int argc, char **argv)
{
	struct boot_file f;
	char args[512];
	int err;

	if (argc < 2) {
		console_printf("insmod: ERROR: missing filename. As in: insmod hello count=3\n");
		return -EINVAL;
	}
	err = find_file("insmod", argv[1], &f);
	if (err)
		return err;
	join_args(argc - 2, argv + 2, args, sizeof(args));
	err = load_module(f.data, f.size, args);
	return err ? say_load_error("insmod", argv[1], err) : 0;
}

/* ---- rmmod ---- */

static int remove_one(const char *tool, const char *name)
{
	char why[192], bare[MODULE_NAME_LEN];
	size_t len = strscpy(bare, name, sizeof(bare));
	int err;

	if (len > 3 && len < sizeof(bare) && strcmp(bare + len - 3, ".ko") == 0)
		bare[len - 3] = '\0';
	err = delete_module(bare, why, sizeof(why));
	if (err)
		console_printf("%s: ERROR: %s\n", tool, why);
	return err;
}

static int run_rmmod(int argc, char **argv)
{
	int err = 0;

	if (argc < 2) {
		console_printf("rmmod: ERROR: missing module name. As in: rmmod hello\n");
		return -EINVAL;
	}
	for (int i = 1; i < argc; i++)
		err = remove_one("rmmod", argv[i]) ?: err;
	return err;
}

/* ---- modprobe ---- */

#define MAX_DEPTH	8

static int probe(const char *name, const char *args, int depth);

/* The modules in a comma-separated list, each with what it depends on. */
static int probe_list(const char *list, int depth)
{
	char name[MODULE_NAME_LEN];
	int err = 0;

	while (*list && !err) {
		size_t len = strcspn(list, ",");

		strscpy(name, list, min(len + 1, sizeof(name)));
		err = *name ? probe(name, "", depth) : 0;
		list += len + (list[len] == ',');
	}
	return err;
}

static bool is_loaded(const char *name)
{
	bool loaded;

	mutex_lock(&module_mutex);
	loaded = find_module(name);
	mutex_unlock(&module_mutex);
	return loaded;
}

static int probe(const char *name, const char *args, int depth)
{
	struct module_image img;
	struct boot_file f;
	const char *depends;
	int err;

	if (is_loaded(name))
		return 0;
	if (!boot_file_find(name, &f)) {
		console_printf("modprobe: FATAL: Module %s not found.\n", name);
		modtools_list_files();
		return -ENOENT;
	}
	if (depth == MAX_DEPTH) {
		console_printf("modprobe: FATAL: Module %s depends on itself, or on too long a chain.\n", name);
		return -ELOOP;
	}
	err = module_read_image(&img, f.data, f.size);
	if (!err) {
		depends = module_image_info(&img, "depends", NULL);
		err = depends ? probe_list(depends, depth + 1) : 0;
		vfree(img.data);
		if (err)
			return err;
		err = load_module(f.data, f.size, args);
	}
	return err ? say_load_error("modprobe", name, err) : 0;
}

static bool is_unused(const char *name)
{
	struct module *mod;
	bool unused;

	mutex_lock(&module_mutex);
	mod = find_module(name);
	unused = mod && !module_refcount(mod);
	mutex_unlock(&module_mutex);
	return unused;
}

/* Take a module away, and then what only it used. */
static int unprobe(const char *name)
{
	char used[256] = "", *rest = used, *provider;
	struct module_use *use;
	struct module *mod;
	size_t at = 0;
	int err;

	mutex_lock(&module_mutex);
	mod = find_module(name);
	if (mod)
		list_for_each_entry(use, &mod->uses, of_user)
			at += scnprintf(used + at, sizeof(used) - at, "%s ", use->provider->name);
	mutex_unlock(&module_mutex);
	err = remove_one("modprobe", name);
	while (!err && (provider = strsep(&rest, " ")))
		if (*provider && is_unused(provider))
			err = unprobe(provider);
	return err;
}

static int run_modprobe(int argc, char **argv)
{
	char args[512];
	bool remove = argc > 1 && strcmp(argv[1], "-r") == 0;

	if (argc < 2 + remove) {
		console_printf("modprobe: ERROR: missing parameters. As in: modprobe hello count=3\n");
		return -EINVAL;
	}
	if (remove)
		return unprobe(argv[2]);
	join_args(argc - 2, argv + 2, args, sizeof(args));
	return probe(argv[1], args, 0);
}

/* ---- lsmod ---- */

static int run_lsmod(int argc, char **argv)
{
	struct module_use *use;
	struct module *mod;

	console_printf("Module                  Size  Used by\n");
	mutex_lock(&module_mutex);
	list_for_each_entry(mod, &modules, list) {
		char sep = ' ';

		console_printf("%-19s %8u  %d", mod->name, mod->core_layout.size + mod->init_layout.size,
			       max(module_refcount(mod), 0));
		list_for_each_entry(use, &mod->users, of_provider) {
			console_printf("%c%s", sep, use->user->name);
			sep = ',';
		}
		console_printf("%s\n", module_runner_died(mod) ? " (who ran its init or exit died in there: rmmod)" :
			       mod->state == MODULE_STATE_GOING ? " (going; threads still run in it)" :
			       mod->state == MODULE_STATE_COMING ? " (coming)" : "");
	}
	mutex_unlock(&module_mutex);
	return 0;
}

SHELL_COMMAND(insmod, run_insmod, "MODULE [name=value]", "load a module that came with the boot",
	"  As insmod of Linux. make run MODULES=\"a.ko b.ko\" brings the files; .ko may be left out.\n"
	"  Example: insmod hello count=3 who=\"all of you\"", .group = "modules",
	.complete = modtools_complete_file);
SHELL_COMMAND(rmmod, run_rmmod, "MODULE...", "unload modules",
	"  Refused while others use it, or while threads still run its code. Example: rmmod hello",
	.group = "modules");
SHELL_COMMAND(modprobe, run_modprobe, "[-r] MODULE [name=value]", "load a module and what it needs, or unload both",
	"  Example: modprobe user; modprobe -r user", .group = "modules",
	.complete = modtools_complete_file);
SHELL_COMMAND(lsmod, run_lsmod, "", "list the loaded modules",
	"  Size in bytes, how many users, and which modules they are. Example: lsmod", .group = "modules");
