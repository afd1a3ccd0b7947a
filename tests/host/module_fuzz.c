/* SPDX-License-Identifier: MIT */
/*
 * module_fuzz ROUNDS SEED FILE...: each FILE, damaged in ROUNDS ways, goes through everything that lib/module_image.c
 * does, under the address and undefined behaviour sanitizers. TAP: one claim a file, and that it loads undamaged.
 *
 * The parts of the module lie at the addresses that they would have in the kernel, so that relocations fit; what is
 * written goes to a block of exactly the part's size instead. Damage: bytes, numbers that are special, truncation,
 * pieces copied over others, mostly in the headers and tables, where it matters.
 */
#include "host.h"
#include <linux/minmax.h>
#include <linux/moduleloader.h>

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *fopen(const char *path, const char *mode);
size_t fread(void *to, size_t size, size_t n, void *stream);
int fclose(void *stream);
unsigned long strtoul(const char *s, char **end, int base);
void exit(int status);
char *strstr(const char *s, const char *t);

#define BASE	0xffffffffa0000000UL
#define APART	0x2000000UL

static u64 state;
static unsigned int accepted;
static char *block[NR_MOD_PARTS];

static u64 rnd(u64 below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

static void *to_block(void *address)
{
	unsigned long offset = (unsigned long)address - BASE;

	return block[offset / APART] + offset % APART;
}

/* Everything that the kernel does with a file, but for the symbols: each undefined one gets an address in its text. */
static bool through(struct module_image *m)
{
	void *part[NR_MOD_PARTS];
	bool ok;

	if (!module_image_check(m) || !module_image_layout(m))
		return false;
	for (int i = 0; i < NR_MOD_PARTS; i++) {
		block[i] = malloc(m->size[i]);
		part[i] = (void *)(BASE + i * APART);
	}
	module_image_place(m, part, to_block);
	for (unsigned int i = 1; i < m->nr_sym; i++)
		if (m->sym[i].st_shndx == SHN_UNDEF)
			m->sym[i].st_value = 0xffffffff80100000 + 16 * i;
	ok = module_image_relocate(m, to_block);
	for (const char *info = NULL; (info = module_image_info(m, "depends", info));)
		accepted += 0 * (strstr(info, "x") != NULL);
	module_image_section(m, "__versions");
	for (int i = 0; i < NR_MOD_PARTS; i++)
		free(block[i]);
	return ok;
}

/* A place that matters: a header, a section header, a symbol, a relocation; or any. */
static size_t interesting(const char *file, size_t len)
{
	const Elf64_Ehdr *h = (const void *)file;
	size_t shoff = h->e_shoff < len ? h->e_shoff : 0, s;

	switch (rnd(8)) {
	case 0:
		return rnd(sizeof(*h));
	case 1 ... 3:
		return shoff + rnd(len - shoff);
	case 4 ... 6:
		s = shoff + rnd(h->e_shnum + 1UL) * sizeof(Elf64_Shdr);
		if (s + sizeof(Elf64_Shdr) <= len) {
			Elf64_Shdr sec;

			memcpy(&sec, file + s, sizeof(sec));	/* the file may be damaged already: not aligned */
			if (sec.sh_type != SHT_PROGBITS && sec.sh_offset < len && sec.sh_size)
				return min_t(size_t, sec.sh_offset + rnd(min_t(u64, sec.sh_size, len)), len - 1);
		}
	}
	return rnd(len);
}

static void damage(char *file, size_t *len)
{
	static const u64 special[] = { 0, 1, 2, 0xff, 0xffff, 0x7fffffff, 0xffffffff, 1UL << 32, 0xfff1, 0xfff2,
				       1UL << 63, ~0UL, 0xfffffffffffffff8, 0x1000000, 0x40, 0x18 };
	size_t at = interesting(file, *len);
	u64 value = special[rnd(16)];
	size_t width = 1UL << rnd(4);

	switch (rnd(12)) {
	case 0:
		*len = rnd(*len) + 1;
		break;
	case 1 ... 4:
		file[at] ^= 1 << rnd(8);
		break;
	case 5:
		value = *len - rnd(64);
		fallthrough;
	case 6 ... 9:
		if (at + width <= *len)
			memcpy(file + at, &value, width);
		break;
	default:
		value = rnd(64) + 1;
		if (at + value <= *len)
			memmove(file + at, file + rnd(*len - value + 1), value);
	}
}

static char *read_file(const char *path, size_t *len)
{
	char *data = malloc(1 << 22);
	void *f = fopen(path, "rb");

	if (!f) {
		printf("Bail out! %s cannot be read\n", path);
		exit(1);
	}
	*len = fread(data, 1, 1 << 22, f);
	fclose(f);
	return data;
}

static bool load_copy(const char *data, size_t len, unsigned int damages)
{
	struct module_image m = { .len = len };
	char *copy = malloc(len), *exact;
	bool ok, whole = !damages;

	memcpy(copy, data, len);
	while (damages--)
		damage(copy, &m.len);
	exact = malloc(m.len);	/* so that a byte too far is seen */
	memcpy(exact, copy, m.len);
	free(copy);
	m.data = exact;
	ok = through(&m);
	if (!ok && whole)
		printf("# refused: %s\n", m.why);
	free(exact);
	return ok;
}

int main(int argc, char **argv)
{
	unsigned long rounds = strtoul(argv[1], NULL, 0);

	printf("1..%d\n", 2 * (argc - 3));
	for (int i = 3; i < argc; i++) {
		size_t len;
		char *data = read_file(argv[i], &len);

		state = strtoul(argv[2], NULL, 0) * 0x9e3779b97f4a7c15 + 1;
		printf("%sok %d - %s loads\n", load_copy(data, len, 0) ? "" : "not ", 2 * i - 5, argv[i]);
		accepted = 0;
		for (unsigned long n = 0; n < rounds; n++)
			accepted += load_copy(data, len, 1 + rnd(4));
		printf("ok %d - %s, damaged in %lu ways, is refused or harmless\n", 2 * i - 4, argv[i], rounds);
		printf("# %u of them were accepted\n", accepted);
		free(data);
	}
	return 0;
}
