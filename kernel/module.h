/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the module loader: module.c loads and unloads, module_link.c makes a file into code, module_names.c
 * answers what lies at an address. */
#include <linux/module.h>
#include <linux/moduleloader.h>

extern struct mutex module_mutex;
extern struct list_head modules;

/* One module uses symbols of another. Lock: module_mutex. */
struct module_use {
	struct list_head	of_user;	/* in user->uses */
	struct list_head	of_provider;	/* in provider->users */
	struct module		*user, *provider;
};

/*
 * module_link: memory, addresses and symbols for a checked and laid out image. The module that comes out lives in
 * memory of its own (core_layout), is in no list yet, and holds what it uses.
 * Context: module_mutex held, may sleep. Return: the module, or ERR_PTR after a line in the log: -ENOMEM, -ENOEXEC,
 * -ENOENT (unknown symbol), -EINVAL (checksum).
 */
struct module *module_link(struct module_image *img, const char *name);

/* module_protect: text and read-only data become so. Return: 0, -ENOMEM. */
int module_protect(struct module *mod);
/* module_run_ctors: call the functions that the compiler has made to be called first, once. Context: thread. */
void module_run_ctors(struct module *mod);

/* Give init's memory, or all of it, back; module_unlink() also lets go of used modules (module_mutex held). */
void module_free_init(struct module *mod);
void module_unlink(struct module *mod);

/* Who exports `name`? The kernel first, then modules (module_mutex held). *owner: NULL for the kernel. */
const struct kernel_symbol *find_exported(const char *name, struct module **owner);

/* Has the thread that was in its init or exit function ended in there? Lock: module_mutex. */
bool module_runner_died(struct module *mod);

/*
 * module_cut_loose (module_leftovers.c): the module's functions are over; take off what would call its code later, and
 * tell of it. Return: false: threads still run it, named in who[]. Context: thread, may sleep, module_mutex not held.
 */
bool module_cut_loose(const struct module *mod, char *who, size_t size);

/* module_check_info: does the file say what it is called (*name, in the image), and is it for this kernel? Return: 0,
 * -ENOEXEC after a line in the log. */
int module_check_info(const struct module_image *img, const char **name);

/*
 * module_check_tables: does what the tables of a relocated module point to belong to it, or to the kernel where it may?
 * The loader follows those pointers itself. Return: 0, -ENOEXEC after a line in the log. Context: module_mutex held.
 */
int module_check_tables(const struct module *mod);

/* module_save_names: keep the names of functions and variables for backtraces. Return: 0, -ENOMEM. */
int module_save_names(struct module *mod, const struct module_image *img);
void module_names_init(void);

/* module_read_image: a copy that may be changed, checked and laid out; free with vfree(img->data). Return: 0, -ENOMEM,
 * -EFBIG, -ENOEXEC after a line in the log. */
int module_read_image(struct module_image *img, const void *file, size_t len);

/* load_module: file is read only, len bytes. delete_module: see module.c. Return: 0 or a negative errno; why is in the
 * log, or for delete_module() in why[]. Context: thread, may sleep. */
int load_module(const void *file, size_t len, const char *args);
int delete_module(const char *name, char *why, size_t size);
