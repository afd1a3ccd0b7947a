/* SPDX-License-Identifier: MIT */
/*
 * An ELF relocatable becomes code at an address.
 *
 * gcc makes a file of sections that nobody has put anywhere yet, a table of symbols (a name, a section, an offset) and,
 * for each section that mentions addresses, a table of relocations: "at this offset, in this form, the address of that
 * symbol plus this number". Four steps, in this order:
 *
 *	check	 the file may be anything. Afterwards every number in it that is used has been looked at, once, here.
 *	layout	 each section that is to be in memory gets a part, by its rights, and an offset in it.
 *	place	 the parts have addresses now: copy, and turn symbols' offsets into addresses.
 *	relocate calculate and write. x86-64 has few forms; what does not fit into 32 bits is an error, not a surprise.
 *
 * The results of layout and place are kept in fields of the file's own headers that have no other meaning in a
 * relocatable: sh_entsize holds part and offset, sh_addr the address, st_value the symbol's address.
 *
 * Rejected: trusting the file where only a mad compiler would write nonsense. It costs less to look than to explain
 * which nonsense is survivable. Read next: kernel/module.c.
 */
#include <linux/moduleloader.h>
#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/sprintf.h>
#include <linux/stdarg.h>
#include <linux/string.h>

static __printf(2, 3) bool bad(struct module_image *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(m->why, sizeof(m->why), fmt, args);
	va_end(args);
	return false;
}

/* Does [offset, offset + size) lie within `room` bytes? */
static bool fits(u64 offset, u64 size, u64 room)
{
	return size <= room && offset <= room - size;
}

static void *at(const struct module_image *m, u64 offset)
{
	return (char *)m->data + offset;
}

static const char *sec_name(const struct module_image *m, unsigned int i)
{
	return m->sec_names + m->sec[i].sh_name;
}

/* ---- check: the headers ---- */

static bool check_header(struct module_image *m)
{
	const Elf64_Ehdr *h = m->data;

	if (m->len < sizeof(*h) || memcmp(h->e_ident, ELFMAG, SELFMAG))
		return bad(m, "it is no ELF file");
	if (h->e_ident[EI_CLASS] != ELFCLASS64)
		return bad(m, "it is for a machine of 32 bits");
	if (h->e_ident[EI_DATA] != ELFDATA2LSB || h->e_machine != EM_X86_64)
		return bad(m, "it is for another machine than x86-64 (ELF machine %u)", h->e_machine);
	if (h->e_type != ET_REL)
		return bad(m, "it is no relocatable file, as modules are, but of ELF type %u", h->e_type);
	if (h->e_ident[EI_VERSION] != EV_CURRENT || h->e_version != EV_CURRENT)
		return bad(m, "it is of an unknown ELF version");
	if (h->e_shentsize != sizeof(Elf64_Shdr) || h->e_shoff % 8)
		return bad(m, "its section headers have an odd form");
	if (h->e_shnum < 2 || !fits(h->e_shoff, (u64)h->e_shnum * sizeof(Elf64_Shdr), m->len))
		return bad(m, "it is cut off: %u section headers at %#llx, but only %#zx bytes", h->e_shnum, h->e_shoff,
			   m->len);
	m->sec = at(m, h->e_shoff);
	m->nr_sec = h->e_shnum;
	return true;
}

/* Is section i a table of strings, the last of which ends? */
static bool is_strings(const struct module_image *m, unsigned int i)
{
	const Elf64_Shdr *s = &m->sec[i];

	return i && i < m->nr_sec && s->sh_type == SHT_STRTAB && s->sh_size &&
	       !*(char *)at(m, s->sh_offset + s->sh_size - 1);
}

static bool check_section_bounds(struct module_image *m)
{
	for (unsigned int i = 1; i < m->nr_sec; i++) {
		const Elf64_Shdr *s = &m->sec[i];

		if (s->sh_type != SHT_NOBITS && s->sh_type != SHT_NULL && !fits(s->sh_offset, s->sh_size, m->len))
			return bad(m, "it is cut off: section %u ends at %#llx, the file at %#zx", i,
				   s->sh_offset + s->sh_size, m->len);
		if (s->sh_size > MODULE_MAX_SIZE)
			return bad(m, "section %u is larger than a module may be (%#llx)", i, s->sh_size);
		if (s->sh_addralign & (s->sh_addralign - 1) || s->sh_addralign > MODULE_MAX_ALIGN)
			return bad(m, "section %u wants to be aligned to %#llx", i, s->sh_addralign);
	}
	return true;
}

static bool check_section_names(struct module_image *m)
{
	unsigned int names = ((const Elf64_Ehdr *)m->data)->e_shstrndx;

	if (!is_strings(m, names))
		return bad(m, "its table of section names is damaged");
	m->sec_names = at(m, m->sec[names].sh_offset);
	for (unsigned int i = 0; i < m->nr_sec; i++)
		if (m->sec[i].sh_name >= m->sec[names].sh_size)
			return bad(m, "the name of section %u is out of bounds", i);
	return true;
}

/* ---- check: symbols ---- */

static bool find_symbols(struct module_image *m)
{
	Elf64_Shdr *found = NULL;

	for (Elf64_Shdr *s = m->sec + 1; s < m->sec + m->nr_sec; s++) {
		if (s->sh_type != SHT_SYMTAB)
			continue;
		if (found)
			return bad(m, "it has two symbol tables");
		found = s;
	}
	if (!found)
		return bad(m, "it has no symbol table");
	if (found->sh_offset % 8 || found->sh_entsize != sizeof(Elf64_Sym) || found->sh_size % sizeof(Elf64_Sym) ||
	    !found->sh_size || !is_strings(m, found->sh_link))
		return bad(m, "its symbol table is damaged");
	m->sym = at(m, found->sh_offset);
	m->nr_sym = found->sh_size / sizeof(Elf64_Sym);
	m->sym_names = at(m, m->sec[found->sh_link].sh_offset);
	for (unsigned int i = 0; i < m->nr_sym; i++) {
		if (m->sym[i].st_name >= m->sec[found->sh_link].sh_size)
			return bad(m, "the name of symbol %u is out of bounds", i);
		if (strnlen(m->sym_names + m->sym[i].st_name, MODULE_MAX_NAME) == MODULE_MAX_NAME)
			return bad(m, "the name of symbol %u is longer than a name may be", i);
	}
	return true;
}

static bool check_symbol(struct module_image *m, const Elf64_Sym *s)
{
	const char *name = m->sym_names + s->st_name;

	if (ELF64_ST_TYPE(s->st_info) == STT_TLS)
		return bad(m, "%.40s is thread-local, which the kernel does not have", name);
	if (s->st_shndx == SHN_COMMON)
		return bad(m, "%.40s is a common symbol: compile with -fno-common", name);
	if (s->st_shndx == SHN_UNDEF || s->st_shndx == SHN_ABS)
		return true;
	if (s->st_shndx >= SHN_LORESERVE || s->st_shndx >= m->nr_sec)
		return bad(m, "%.40s is in section %u, which does not exist", name, s->st_shndx);
	if (s->st_value > m->sec[s->st_shndx].sh_size || s->st_size > m->sec[s->st_shndx].sh_size - s->st_value)
		return bad(m, "%.40s reaches out of its section", name);
	return true;
}

static bool check_symbols(struct module_image *m)
{
	if (!find_symbols(m))
		return false;
	for (unsigned int i = 1; i < m->nr_sym; i++)
		if (!check_symbol(m, &m->sym[i]))
			return false;
	return true;
}

/* ---- check: relocations ---- */

/* How many bytes a form writes; -1 for a form that is not known. */
static int reloc_width(u32 type)
{
	switch (type) {
	case R_X86_64_NONE:
		return 0;
	case R_X86_64_64:
	case R_X86_64_PC64:
		return 8;
	case R_X86_64_32:
	case R_X86_64_32S:
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		return 4;
	case R_X86_64_16:
	case R_X86_64_PC16:
		return 2;
	case R_X86_64_8:
	case R_X86_64_PC8:
		return 1;
	}
	return -1;
}

/* Is it a table that will be applied: one for a section that is going to be in memory? */
static bool is_applied(const struct module_image *m, const Elf64_Shdr *s)
{
	return s->sh_type == SHT_RELA && s->sh_info < m->nr_sec && m->sec[s->sh_info].sh_flags & SHF_ALLOC;
}

static bool check_relocs_of(struct module_image *m, const Elf64_Shdr *s)
{
	const Elf64_Shdr *target = &m->sec[s->sh_info];
	const Elf64_Rela *r = at(m, s->sh_offset), *end = at(m, s->sh_offset + s->sh_size);

	if (s->sh_offset % 8 || s->sh_entsize != sizeof(*r) || s->sh_size % sizeof(*r) || s->sh_link >= m->nr_sec ||
	    m->sec[s->sh_link].sh_type != SHT_SYMTAB || target->sh_type == SHT_NOBITS)
		return bad(m, "its relocations for %.40s are damaged", sec_name(m, s->sh_info));
	for (; r < end; r++) {
		int width = reloc_width(ELF64_R_TYPE(r->r_info));

		if (width < 0)
			return bad(m, "relocation type %u is not known", ELF64_R_TYPE(r->r_info));
		if (!fits(r->r_offset, width, target->sh_size) || ELF64_R_SYM(r->r_info) >= m->nr_sym)
			return bad(m, "a relocation of %.40s is out of bounds", sec_name(m, s->sh_info));
	}
	return true;
}

static bool check_relocs(struct module_image *m)
{
	for (Elf64_Shdr *s = m->sec + 1; s < m->sec + m->nr_sec; s++) {
		if (s->sh_type == SHT_REL)
			return bad(m, "it has relocations without addends, which x86-64 does not use");
		if (is_applied(m, s) && !check_relocs_of(m, s))
			return false;
	}
	return true;
}

/* ---- check: what is written must lie apart ---- */

static bool overlap(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a_size && b_size && a < b + b_size && b < a + a_size;
}

/* Later steps write into section headers and symbols; nothing else may lie there, or it would change under them. */
static bool check_overlaps(struct module_image *m)
{
	const Elf64_Ehdr *h = m->data;
	u64 secs = h->e_shoff, secs_size = (u64)m->nr_sec * sizeof(*m->sec);
	u64 syms = (char *)m->sym - (char *)m->data, syms_size = (u64)m->nr_sym * sizeof(*m->sym);

	if (overlap(secs, secs_size, 0, sizeof(*h)) || overlap(syms, syms_size, 0, sizeof(*h)) ||
	    overlap(syms, syms_size, secs, secs_size))
		return bad(m, "its tables lie on each other");
	for (unsigned int i = 1; i < m->nr_sec; i++) {
		const Elf64_Shdr *s = &m->sec[i];

		if (s->sh_type == SHT_NOBITS || s->sh_type == SHT_NULL)
			continue;
		if (overlap(s->sh_offset, s->sh_size, secs, secs_size) ||
		    (s->sh_type != SHT_SYMTAB && overlap(s->sh_offset, s->sh_size, syms, syms_size)))
			return bad(m, "section %u lies on a table", i);
	}
	return true;
}

bool module_image_check(struct module_image *m)
{
	return check_header(m) && check_section_bounds(m) && check_section_names(m) && check_symbols(m) &&
	       check_relocs(m) && check_overlaps(m);
}

/* ---- layout ---- */

static enum module_part part_of(const struct module_image *m, unsigned int i)
{
	const Elf64_Shdr *s = &m->sec[i];
	const char *name = sec_name(m, i);
	bool init = strncmp(name, ".init", 5) == 0;

	if (s->sh_type == SHT_NULL || !(s->sh_flags & SHF_ALLOC) || !s->sh_size ||
	    strcmp(name, ".modinfo") == 0 || strcmp(name, "__versions") == 0)
		return MOD_NOWHERE;
	if (strncmp(name, ".data..percpu", 13) == 0)
		return MOD_PERCPU;
	if (s->sh_flags & SHF_EXECINSTR)
		return init ? MOD_INIT_TEXT : MOD_TEXT;
	if (s->sh_flags & SHF_WRITE)
		return init ? MOD_INIT_DATA : MOD_DATA;
	return init ? MOD_INIT_RODATA : MOD_RODATA;
}

enum module_part module_section_part(const struct module_image *m, unsigned int sec)
{
	return m->sec[sec].sh_entsize >> 32;
}

bool module_image_layout(struct module_image *m)
{
	size_t total = 0;

	memset(m->size, 0, sizeof(m->size));
	for (unsigned int i = 1; i < m->nr_sec; i++) {
		Elf64_Shdr *s = &m->sec[i];
		enum module_part part = part_of(m, i);
		size_t offset = 0;

		if (part != MOD_NOWHERE) {
			offset = ALIGN(m->size[part], max_t(u64, s->sh_addralign, 1));
			m->size[part] = offset + s->sh_size;
			total += s->sh_size;
			if (total > MODULE_MAX_SIZE || m->size[part] > MODULE_MAX_SIZE)
				return bad(m, "it is larger than a module may be (%lu MiB)", MODULE_MAX_SIZE >> 20);
		}
		if (s->sh_type != SHT_SYMTAB && s->sh_type != SHT_RELA)
			s->sh_entsize = (u64)part << 32 | offset;
	}
	m->sec[0].sh_entsize = (u64)MOD_NOWHERE << 32;
	return true;
}

/* ---- place ---- */

static void *write_at(void *address, void *(*copy_to)(void *address))
{
	return copy_to ? copy_to(address) : address;
}

static void place_section(struct module_image *m, Elf64_Shdr *s, void *base, void *(*copy_to)(void *address))
{
	void *address = (char *)base + (u32)s->sh_entsize, *to = write_at(address, copy_to);

	s->sh_addr = (unsigned long)address;
	if (s->sh_type == SHT_NOBITS)
		memset(to, 0, s->sh_size);
	else
		memcpy(to, at(m, s->sh_offset), s->sh_size);
}

/* Is section i one of those that layout gave a part? */
static bool has_part(const struct module_image *m, unsigned int i)
{
	return m->sec[i].sh_type != SHT_SYMTAB && m->sec[i].sh_type != SHT_RELA &&
	       module_section_part(m, i) < NR_MOD_PARTS;
}

void module_image_place(struct module_image *m, void *const part[NR_MOD_PARTS], void *(*copy_to)(void *address))
{
	for (unsigned int i = 1; i < m->nr_sec; i++) {
		m->sec[i].sh_addr = 0;
		if (has_part(m, i))
			place_section(m, &m->sec[i], part[module_section_part(m, i)], copy_to);
	}
	for (Elf64_Sym *s = m->sym + 1; s < m->sym + m->nr_sym; s++)
		if (s->st_shndx != SHN_UNDEF && s->st_shndx < SHN_LORESERVE)
			s->st_value += m->sec[s->st_shndx].sh_addr;
}

/* ---- relocate ---- */

/* Does a number that was cut to `width` bytes still mean the same? */
static bool survives(u64 value, u32 type)
{
	switch (type) {
	case R_X86_64_32:
		return value == (u32)value;
	case R_X86_64_32S:
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		return (s64)value == (s32)value;
	case R_X86_64_16:
		return value == (u16)value;
	case R_X86_64_PC16:
		return (s64)value == (s16)value;
	case R_X86_64_8:
		return value == (u8)value;
	case R_X86_64_PC8:
		return (s64)value == (s8)value;
	}
	return true;
}

static bool is_relative(u32 type)
{
	return type == R_X86_64_PC32 || type == R_X86_64_PLT32 || type == R_X86_64_PC64 || type == R_X86_64_PC16 ||
	       type == R_X86_64_PC8;
}

static bool relocate_one(struct module_image *m, const Elf64_Rela *r, u64 base, void *(*copy_to)(void *address))
{
	const Elf64_Sym *sym = &m->sym[ELF64_R_SYM(r->r_info)];
	u32 type = ELF64_R_TYPE(r->r_info);
	u64 place = base + r->r_offset, value = sym->st_value + r->r_addend;

	if (is_relative(type))
		value -= place;
	if (!survives(value, type))
		return bad(m, "the address of %.40s does not fit where it is used (relocation type %u)",
			   m->sym_names + sym->st_name, type);
	/* Little-endian: the low bytes come first. */
	memcpy(write_at((void *)place, copy_to), &value, reloc_width(type));
	return true;
}

bool module_image_relocate(struct module_image *m, void *(*copy_to)(void *address))
{
	for (Elf64_Shdr *s = m->sec + 1; s < m->sec + m->nr_sec; s++) {
		const Elf64_Rela *r = at(m, s->sh_offset), *end = at(m, s->sh_offset + s->sh_size);

		if (!is_applied(m, s) || !has_part(m, s->sh_info))
			continue;
		for (; r < end; r++)
			if (!relocate_one(m, r, m->sec[s->sh_info].sh_addr, copy_to))
				return false;
	}
	return true;
}

/* ---- questions ---- */

unsigned int module_image_section(const struct module_image *m, const char *name)
{
	for (unsigned int i = 1; i < m->nr_sec; i++)
		if (m->sec[i].sh_type != SHT_NULL && strcmp(sec_name(m, i), name) == 0)
			return i;
	return 0;
}

const char *module_image_info(const struct module_image *m, const char *tag, const char *from)
{
	unsigned int i = module_image_section(m, ".modinfo");
	const char *p, *end;
	size_t taglen = strlen(tag);

	if (!i || m->sec[i].sh_type == SHT_NOBITS || !m->sec[i].sh_size)
		return NULL;
	p = at(m, m->sec[i].sh_offset);
	end = p + m->sec[i].sh_size;
	if (end[-1])
		return NULL;
	if (from)
		p = from + strlen(from) + 1;
	for (; p < end; p += strlen(p) + 1)
		if (!taglen ? *p : strncmp(p, tag, taglen) == 0 && p[taglen] == '=')
			return taglen ? p + taglen + 1 : p;
	return NULL;
}
