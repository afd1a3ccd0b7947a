/* SPDX-License-Identifier: MIT */
/*
 * How a module's file is damaged: bytes, numbers that are special, truncation, pieces copied over others, mostly in the
 * headers and tables, where it matters; and with knowledge of what stands there: fields of section headers, symbols and
 * relocations, entries of the tables that the loader follows (then the relocation that would write over them goes), and
 * texts. The file may be damaged already, so nothing in it is believed.
 */
#include "module_fuzz.h"
#include "../../kernel/module.h"
#include <linux/minmax.h>
#include <linux/moduleparam.h>

/* Section header i of a file; false: there is none. */
static bool header(const char *file, size_t len, unsigned int i, Elf64_Shdr *s)
{
	Elf64_Ehdr h;

	if (len < sizeof(h))
		return false;
	memcpy(&h, file, sizeof(h));
	if (i >= h.e_shnum || h.e_shoff > len || (i + 1) * sizeof(*s) > len - h.e_shoff)
		return false;
	memcpy(s, file + h.e_shoff + i * sizeof(*s), sizeof(*s));
	return true;
}

static unsigned int headers(const char *file, size_t len)
{
	const Elf64_Ehdr *h = (const void *)file;

	return len < sizeof(*h) || !h->e_shnum ? 1 : h->e_shnum;
}

/* A section of this type, or of any if it is 0, that lies in the file. */
static bool find(const char *file, size_t len, unsigned int type, unsigned int *sec, Elf64_Shdr *s)
{
	unsigned int n = headers(file, len), from = rnd(n);

	for (unsigned int i = 0; i < n; i++) {
		*sec = (from + i) % n;
		if (header(file, len, *sec, s) && (type ? s->sh_type == type : s->sh_type != SHT_NOBITS) &&
		    s->sh_size && s->sh_offset < len && s->sh_size <= len - s->sh_offset)
			return true;
	}
	return false;
}

static u64 any_number(size_t len)
{
	static const u64 special[] = { 0, 1, 2, 0xff, 0xffff, 0x7fffffff, 0xffffffff, 1UL << 32, 0xfff1, 0xfff2,
				       1UL << 63, ~0UL, 0xfffffffffffffff8, 0x1000000, 0x40, 0x18 };

	switch (rnd(8)) {
	case 0:
		return len - rnd(64);
	case 1:
		return rnd(len);
	case 2:
		return next_module + rnd(0x6000);
	case 3:
		return (unsigned long)&param_ops_int + rnd(0x200) - 0x100;
	case 4:
		return TEXT_START + rnd(0x1000);
	}
	return special[rnd(ARRAY_SIZE(special))];
}

static void put(char *file, size_t len, size_t at, u64 value, size_t width)
{
	if (at < len && width <= len - at)
		memcpy(file + at, &value, width);
}

/* A field that is `width` bytes wide: something else, a little more or less, or a bit turned over. */
static void change(char *file, size_t len, size_t at, size_t width)
{
	u64 value = 0;

	if (at >= len || width > len - at)
		return;
	memcpy(&value, file + at, width);
	switch (rnd(3)) {
	case 0:
		value = any_number(len);
		break;
	case 1:
		value += rnd(33) - 16;
		break;
	default:
		value ^= 1UL << rnd(8 * width);
	}
	put(file, len, at, value, width);
}

static void damage_header(char *file, size_t len)
{
	static const u8 at[] = { 0, 4, 8, 16, 24, 32, 40, 44, 48, 56 }, width[] = { 4, 4, 8, 8, 8, 8, 4, 4, 8, 8 };
	unsigned int n = headers(file, len), i = rnd(n), other = rnd(n), field = rnd(10);
	const Elf64_Ehdr *h = (const void *)file;
	Elf64_Shdr s, t;

	if (!header(file, len, i, &s) || !header(file, len, other, &t))
		return;
	if (rnd(3))
		change(file, len, h->e_shoff + i * sizeof(s) + at[field], width[field]);
	else	/* what another section has there */
		memcpy(file + h->e_shoff + i * sizeof(s) + at[field], (char *)&t + at[field], width[field]);
}

static void damage_symbol(char *file, size_t len)
{
	static const u8 at[] = { 0, 4, 5, 6, 8, 16 }, width[] = { 4, 1, 1, 2, 8, 8 };
	unsigned int sec, field = rnd(6);
	Elf64_Shdr s;
	size_t n;

	if (!find(file, len, SHT_SYMTAB, &sec, &s))
		return;
	n = s.sh_offset + rnd(s.sh_size / sizeof(Elf64_Sym) + 1) * sizeof(Elf64_Sym);
	if (field == 3 && rnd(2))
		put(file, len, n + 6, rnd(headers(file, len)), 2);
	else if (field == 4 && rnd(2))
		put(file, len, n + 8, rnd(0x400), 8);
	else
		change(file, len, n + at[field], width[field]);
}

static void damage_reloc(char *file, size_t len)
{
	static const u8 types[] = { 0, 1, 2, 4, 10, 11, 12, 13, 14, 15, 24, 9, 42 };
	unsigned int sec;
	Elf64_Shdr s, target = { };
	size_t n, at;

	if (!find(file, len, SHT_RELA, &sec, &s) || s.sh_size < sizeof(Elf64_Rela))
		return;
	header(file, len, s.sh_info, &target);
	n = s.sh_size / sizeof(Elf64_Rela);
	at = s.sh_offset + rnd(n) * sizeof(Elf64_Rela);
	switch (rnd(8)) {
	case 0:
		put(file, len, at, target.sh_size - rnd(12), 8);
		break;
	case 1:
		put(file, len, at, rnd(target.sh_size + 1), 8);
		break;
	case 2 ... 3:
		put(file, len, at + 8, types[rnd(ARRAY_SIZE(types))], 4);
		break;
	case 4:
		put(file, len, at + 12, rnd(200), 4);
		break;
	case 5:
		put(file, len, at + 16, rnd(0x200) - 0x80, 8);
		break;
	case 6:
		memmove(file + at, file + s.sh_offset + rnd(n) * sizeof(Elf64_Rela), sizeof(Elf64_Rela));
		break;
	default:
		change(file, len, at + 8 * rnd(3), 8);
	}
}

/* The relocations that write at `offset` of a section write no more. */
static void still(char *file, size_t len, unsigned int sec, size_t offset)
{
	Elf64_Shdr s;
	Elf64_Rela r;

	for (unsigned int i = 0; header(file, len, i, &s); i++) {
		if (s.sh_type != SHT_RELA || s.sh_info != sec || s.sh_offset > len || s.sh_size > len - s.sh_offset)
			continue;
		for (size_t at = s.sh_offset; at + sizeof(r) <= s.sh_offset + s.sh_size; at += sizeof(r)) {
			memcpy(&r, file + at, sizeof(r));
			if (r.r_offset == offset)
				put(file, len, at + 8, R_X86_64_NONE, 4);
		}
	}
}

/* A pointer or number in a section that will be in memory: one of eight bytes or less, as the tables have them. */
static void damage_contents(char *file, size_t len)
{
	unsigned int sec, tries = 8;
	Elf64_Shdr s;
	size_t at;

	do {
		if (!find(file, len, SHT_PROGBITS, &sec, &s))
			return;
	} while (tries-- && (s.sh_flags & (SHF_ALLOC | SHF_EXECINSTR)) != SHF_ALLOC);
	at = rnd(s.sh_size) & (rnd(4) ? ~7UL : ~0UL);
	if (rnd(4))
		still(file, len, sec, at);
	change(file, len, s.sh_offset + at, rnd(2) ? 8 : 4);
}

/* Names and .modinfo: an end that is missing, one too many, another letter. */
static void damage_text(char *file, size_t len)
{
	unsigned int sec;
	Elf64_Shdr s;

	if (!find(file, len, rnd(2) ? SHT_STRTAB : SHT_PROGBITS, &sec, &s))
		return;
	for (size_t at = s.sh_offset + rnd(s.sh_size); at < s.sh_offset + s.sh_size; at++)
		if (!file[at] || !rnd(8)) {
			file[at] = file[at] && rnd(2) ? 0 : 'a' + rnd(26);
			break;
		}
	if (!rnd(4))
		file[s.sh_offset + s.sh_size - 1] = 'x';
}

/* A place that matters: a header, a section header, a symbol, a relocation; or any. */
static size_t interesting(const char *file, size_t len)
{
	unsigned int sec;
	Elf64_Shdr s;

	switch (rnd(8)) {
	case 0:
		return rnd(min_t(size_t, sizeof(Elf64_Ehdr), len));
	case 1 ... 4:
		if (find(file, len, 0, &sec, &s) && s.sh_type != SHT_PROGBITS)
			return s.sh_offset + rnd(s.sh_size);
	}
	return rnd(len);
}

static void damage_bytes(char *file, size_t *len)
{
	size_t at = interesting(file, *len), n = rnd(64) + 1;

	switch (rnd(12)) {
	case 0:
		*len = rnd(*len) + 1;
		break;
	case 1 ... 4:
		file[at] ^= 1 << rnd(8);
		break;
	case 5 ... 9:
		put(file, *len, at, any_number(*len), 1UL << rnd(4));
		break;
	default:
		if (n <= *len && at <= *len - n)
			memmove(file + at, file + rnd(*len - n + 1), n);
	}
}

void damage(char *file, size_t *len)
{
	switch (rnd(12)) {
	case 0 ... 1:
		damage_header(file, *len);
		break;
	case 2 ... 3:
		damage_symbol(file, *len);
		break;
	case 4 ... 6:
		damage_reloc(file, *len);
		break;
	case 7 ... 8:
		damage_contents(file, *len);
		break;
	case 9:
		damage_text(file, *len);
		break;
	default:
		damage_bytes(file, len);
	}
}
