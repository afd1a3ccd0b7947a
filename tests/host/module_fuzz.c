/* SPDX-License-Identifier: MIT */
/*
 * module_fuzz FIRST ROUNDS SEED FILE...: each FILE, a module, damaged in ROUNDS ways, goes the whole way of one that is
 * loaded and unloaded again, under the address and undefined behaviour sanitizers: lib/module_image.c,
 * kernel/module_link.c, module_check.c, module_names.c and params.c are the kernel's own; the rest of the kernel is
 * module_kernel.c. Only its functions are not called: judge() looks instead whether what would be called is its own.
 *
 * A round depends on its number, the seed and the file only; what fails says the three, so that it can be had alone.
 * A file called provider.ko stays loaded, for the others to use its symbols. TAP: two claims a file.
 */
#include "module_fuzz.h"
#include "../../kernel/module.h"
#include <linux/kallsyms.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/sprintf.h>

void *fopen(const char *path, const char *mode);
size_t fread(void *to, size_t size, size_t n, void *stream);
int fclose(void *stream);
unsigned long strtoul(const char *s, char **end, int base);
void exit(int status);
void abort(void);
int fflush(void *stream);
const char *__asan_default_options(void);
void __sanitizer_set_death_callback(void (*fn)(void));

#define MAX_FILES	64
#define MAX_FILE	(1 << 20)

static struct {
	const char	*path;
	char		*data;
	size_t		len;
} files[MAX_FILES];

static u64 state;
static unsigned long seed, round_nr;
static const char *path;

u64 rnd(u64 below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return below ? state % below : 0;
}

/* What is not given back is counted (`live`): a round would be blamed for another's. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0:handle_abort=1";
}

static void say_where(void)
{
	printf("# that was: module_fuzz %lu 1 %#lx ... %s\n", round_nr, seed, path);
	fflush(NULL);
}

#define MUST(cond) \
	do { if (!(cond)) { printf("# not so (line %d): %s\n", __LINE__, #cond); abort(); } } while (0)

/* ---- what a loaded module must be like ---- */

static bool in(const void *p, const void *start, size_t size)
{
	return (unsigned long)p - (unsigned long)start < size;
}

static bool own_code(const struct module *mod, const void *fn)
{
	return in(fn, mod->core_layout.base, mod->core_layout.text_size) ||
	       in(fn, mod->init_layout.base, mod->init_layout.text_size);
}

static bool provided_code(const struct module *mod, const void *fn)
{
	const struct module_use *use;

	list_for_each_entry(use, &mod->uses, of_user)
		if (own_code(use->provider, fn))
			return true;
	return own_code(mod, fn);
}

static bool own(const struct module *mod, const void *p)
{
	return in(p, mod->core_layout.base, mod->core_layout.size);
}

static void judge_symbols(struct module *mod)
{
	struct module *owner;

	for (unsigned int i = 0; i < mod->num_syms; i++) {
		const struct kernel_symbol *s = &mod->syms[i];

		MUST(own(mod, s) && own(mod, s->name) && own(mod, s->name + strlen(s->name)));
		MUST(own(mod, (void *)s->value) || own(mod, (void *)s->value - 1) ||
		     in((void *)s->value, (void *)mod->percpu, mod->percpu_size + 1));
		MUST(find_exported(s->name, &owner));
	}
}

static void judge_names(struct module *mod)
{
	unsigned long size, offset;
	char *modname, buf[512];

	for (unsigned int i = 0; i < mod->num_ksyms; i++) {
		MUST(!i || mod->ksyms[i - 1].addr <= mod->ksyms[i].addr);
		if (kallsyms_module_lookup(mod->ksyms[i].addr, &size, &offset, &modname, buf))
			MUST(!offset && strlen(mod->ksyms[i].name) && modname == mod->name);
	}
}

static void judge_param(struct module *mod, const struct kernel_param *kp)
{
	const struct kernel_param_ops *ops = kp->ops;

	MUST(own(mod, kp) && own(mod, kp->name + strlen(kp->name)));
	MUST(!ops->set || provided_code(mod, ops->set) || is_kernel_function(ops->set));
	MUST(!ops->free || provided_code(mod, ops->free) || is_kernel_function(ops->free));
	MUST(!ops->set || !is_kernel_function(ops->set) || !in(kp->arg, mod, sizeof(*mod)));
}

static void judge(struct module *mod)
{
	MUST(!mod->init || own_code(mod, mod->init));
	MUST(!mod->exit || in(mod->exit, mod->core_layout.base, mod->core_layout.text_size));
	for (unsigned int i = 0; i < mod->num_ctors; i++)
		MUST(own_code(mod, mod->ctors[i]));
	for (unsigned int i = 0; i < mod->num_kp; i++)
		judge_param(mod, &mod->kp[i]);
	judge_symbols(mod);
	judge_names(mod);
}

/* ---- parameters ---- */

/* Would setting it call only functions that are here? */
static bool can_be_set(const struct kernel_param *kp)
{
	if (!is_kernel_function(kp->ops->set))
		return !kp->ops->set;
	return kp->ops != &param_array_ops || is_kernel_function(kp->arr->ops->set);
}

static bool can_be_freed(const struct kernel_param *kp)
{
	if (kp->ops != &param_array_ops)
		return !kp->ops->free || is_kernel_function(kp->ops->free);
	return !kp->arr->ops->free || is_kernel_function(kp->arr->ops->free);
}

/* Each that has a type of the kernel's gets some values, which the sanitizer watches. */
static void set_params(struct module *mod)
{
	static const char *const values[] = { "", "=", "=1", "=-1", "=y", "=1,2,3,4", "=abcdefghijklm", "=a,b,c,d,e" };

	for (unsigned int i = 0; i < mod->num_kp; i++) {
		struct kernel_param *kp = &mod->kp[i];

		for (unsigned int v = 0; can_be_set(kp) && v < ARRAY_SIZE(values); v++) {
			size_t size = strlen(kp->name) + 32;
			char *args = malloc(size);

			scnprintf(args, size, "%s%s", kp->name, values[v]);
			parse_args(mod->name, args, kp, 1, NULL);
			free(args);
		}
	}
}

static void free_params(struct module *mod)
{
	for (unsigned int i = 0; i < mod->num_kp; i++)
		if (can_be_freed(&mod->kp[i]))
			destroy_params(&mod->kp[i], 1);
}

/* ---- the way of a module ---- */

/* As module.c goes. A module that is loaded, or NULL. */
static struct module *load(struct module_image *m)
{
	const char *name;
	struct module *mod;

	m->why[0] = '\0';
	if (!module_image_check(m) || !module_image_layout(m))
		return NULL;
	for (const char *info = NULL; (info = module_image_info(m, "depends", info));)
		MUST(strlen(info) < m->len);
	if (module_check_info(m, &name))
		return NULL;
	mod = module_link(m, name);
	if (IS_ERR(mod))
		return NULL;
	MUST(!module_protect(mod));
	mod->state = MODULE_STATE_LIVE;
	list_add(&mod->list, &modules);
	return mod;
}

static void unload(struct module *mod)
{
	list_del(&mod->list);
	free_params(mod);
	module_unlink(mod);
}

static bool is_called(const char *file, const char *name)
{
	const char *last = strrchr(file, '/');

	return !strcmp(last ? last + 1 : file, name);
}

static struct module *load_copy(unsigned int i)
{
	struct module_image m = { .data = malloc(files[i].len), .len = files[i].len };
	struct module *mod;

	memcpy(m.data, files[i].data, m.len);
	mod = load(&m);
	if (!mod && m.why[0])
		scnprintf(last_line, sizeof(last_line), "%s", m.why);
	free(m.data);
	return mod;
}

/* Can others use what a damaged module exports? It is found before the whole one. */
static void load_users(struct module *mod)
{
	for (unsigned int i = 0; mod->num_syms && files[i].data; i++) {
		struct module *user = is_called(files[i].path, "user.ko") ? load_copy(i) : NULL;

		if (user)
			unload(user);
	}
}

static bool load_damaged(const char *data, size_t len, unsigned int damages)
{
	char *copy = malloc(len), *exact;
	struct module_image m = { .len = len };
	unsigned int before = live;
	struct module *mod;
	bool accepted;

	memcpy(copy, data, len);
	while (damages--)
		damage(copy, &m.len);
	exact = malloc(m.len);	/* so that a byte too far is seen */
	memcpy(exact, copy, m.len);
	free(copy);
	m.data = exact;
	memory_may_fail = true;
	mod = load(&m);
	accepted = mod;
	memory_may_fail = false;
	free(exact);
	if (mod) {
		judge(mod);
		mod->num_ctors = 0;	/* as if they had run */
		set_params(mod);
		judge(mod);	/* nothing that was judged has been written to */
		module_free_init(mod);
		load_users(mod);
		unload(mod);
	}
	MUST(live == before);
	return accepted;
}

/* ---- files ---- */

static void read_file(unsigned int i, const char *name)
{
	void *f = fopen(name, "rb");

	if (!f || i >= MAX_FILES - 1) {
		printf("Bail out! %s cannot be read\n", name);
		exit(1);
	}
	files[i].path = name;
	files[i].data = malloc(MAX_FILE);
	files[i].len = fread(files[i].data, 1, MAX_FILE, f);
	fclose(f);
}

/* As it is. */
static bool load_whole(unsigned int i)
{
	struct module *mod = load_copy(i);

	if (!mod) {
		printf("# refused: %s\n", last_line);
		return false;
	}
	judge(mod);
	mod->num_ctors = 0;	/* as if they had run */
	set_params(mod);
	if (!is_called(path, "provider.ko"))
		unload(mod);
	return true;
}

static void add_exports(unsigned int i)
{
	struct module_image m = { .data = malloc(files[i].len), .len = files[i].len };

	memcpy(m.data, files[i].data, m.len);
	if (module_image_check(&m))
		kernel_exports(&m);	/* names in m.data, which stays */
}

int main(int argc, char **argv)
{
	unsigned long first = strtoul(argv[1], NULL, 0), rounds = strtoul(argv[2], NULL, 0), accepted;
	unsigned int nr = argc - 4;

	seed = strtoul(argv[3], NULL, 0);
	__sanitizer_set_death_callback(say_where);
	module_names_init();
	for (unsigned int i = 0; i < nr; i++) {
		read_file(i, argv[i + 4]);
		add_exports(i);
	}
	kernel_is_ready();
	printf("1..%u\n", 2 * nr);
	for (unsigned int i = 0; i < nr; i++) {
		path = files[i].path;
		printf("%sok %u - %s loads\n", load_whole(i) ? "" : "not ", 2 * i + 1, path);
		accepted = 0;
		for (round_nr = first; round_nr < first + rounds; round_nr++) {
			state = (seed * 0x9e3779b97f4a7c15 + round_nr) * 0xbf58476d1ce4e5b9 | 1;
			rnd(1);
			accepted += load_damaged(files[i].data, files[i].len, 1 + rnd(4));
		}
		printf("ok %u - %s, damaged in %lu ways, is refused or harmless\n", 2 * i + 2, path, rounds);
		printf("# %lu of them were accepted\n", accepted);
	}
	return 0;
}
