/* SPDX-License-Identifier: MIT */
/*
 * Reading the firmware's ACPI tables, once, with suspicion.
 *
 *	RSDP --> XSDT (64-bit addresses) or RSDT (32-bit) --+--> "APIC"  CPUs, IOAPICs, overrides
 *	                                                    +--> "FACP"  timer, power, reset --> DSDT
 *	                                                    +--> "HPET"  the HPET's address
 *	                                                    +--> "SSDT"  more AML
 *
 * The tables may lie in memory that is reserved and therefore not in the direct
 * map, so each one is mapped (fixmap.c) for as long as it is read. What we keep is in
 * acpi_facts. A table must have a plausible length and bytes that add up to 0;
 * behind that, table_field() is the only way to a value, and gives 0 for
 * what lies outside the table. So a bad table costs a sentence, never a crash.
 *
 * AML, the bytecode in DSDT and SSDTs, is not interpreted. Only one thing in it
 * is needed, the two numbers that mean "off": the package named _S5_ is found
 * by its name and read as data, which is what compilers of AML always make of it.
 *
 * Next: apic.c and ioapic.c use what is found here, power.c switches off by it.
 */
#include <asm/acpi.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/apic.h>
#include <asm/boot_info.h>
#include <asm/fixmap.h>
#include <asm/processor.h>
#include <asm/smp.h>

struct acpi_table {
	char signature[4];
	u32  length;
	u8   revision;
	u8   checksum;
	u8   rest[];
};

enum {
	TABLE_HEADER	= 36,
	TABLE_MAX	= 1 << 20,

	MADT_ENTRIES	= 44,
	MADT_CPU	= 0,
	MADT_IOAPIC	= 1,
	MADT_OVERRIDE	= 2,
	MADT_NMI_SOURCE	= 3,
	MADT_CPU_NMI	= 4,
	MADT_X2APIC	= 9,

	FADT_DSDT	= 40,
	FADT_SMI_CMD	= 48,
	FADT_ACPI_ENABLE = 52,
	FADT_PM1A_CNT	= 64,
	FADT_PM1B_CNT	= 68,
	FADT_PM_TMR	= 76,
	FADT_CENTURY	= 108,
	FADT_FLAGS	= 112,
	FADT_RESET_REG	= 116,
	FADT_RESET_VALUE = 128,
	FADT_X_DSDT	= 140,
	FADT_RESET_SUPPORTED = 1 << 10,

	HPET_ADDRESS	= 40,

	AML_ZERO	= 0x00,
	AML_ONE		= 0x01,
	AML_BYTE	= 0x0a,
	AML_PACKAGE	= 0x12,
};

struct acpi_facts acpi_facts;
unsigned int acpi_nr_cpus = 1;
u16 cpu_apicid[NR_CPUS] = { [0 ... NR_CPUS - 1] = BAD_APICID };

static unsigned int cpu_limit = NR_CPUS;
static unsigned int cpus_over_limit, cpus_x2apic;

static int __init nr_cpus_param(char *arg)
{
	unsigned int n;

	if (!arg || kstrtouint(arg, 10, &n) || n < 1)
		return -EINVAL;
	cpu_limit = min(cpu_limit, n);
	return 0;
}
early_param("nr_cpus", nr_cpus_param);

static u8 byte_sum(const void *data, unsigned int len)
{
	const u8 *p = data;
	u8 sum = 0;

	while (len--)
		sum += *p++;
	return sum;
}

/* The little-endian number of @size bytes at @offset; 0 where the table does not reach. */
static u64 table_field(const struct acpi_table *t, unsigned int offset, unsigned int size)
{
	u64 value = 0;

	if (offset < t->length && size <= t->length - offset)
		memcpy(&value, (const u8 *)t + offset, size);
	return value;
}

static unsigned int table_byte(const struct acpi_table *t, unsigned int offset)
{
	return table_field(t, offset, 1);
}

/* The signature as a string that can be printed, whatever it is made of. */
static void table_name(const struct acpi_table *t, char name[5])
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		name[i] = t->signature[i] > ' ' && t->signature[i] <= '~' ? t->signature[i] : '?';
	name[4] = '\0';
}

static void __init table_unmap(struct acpi_table *t)
{
	early_memunmap(t, t->length);
}

/* Map the whole table at @phys, checked; NULL, and a sentence, if it is no good. */
static struct acpi_table * __init table_map(u64 phys)
{
	struct acpi_table *t = early_memremap(phys, TABLE_HEADER);
	char name[5];
	u32 length;

	if (!t) {
		pr_warn("ACPI: the table at %#llx cannot be mapped\n", phys);
		return NULL;
	}
	table_name(t, name);
	length = t->length;
	early_memunmap(t, TABLE_HEADER);
	if (length < TABLE_HEADER || length > TABLE_MAX) {
		pr_warn("ACPI: table %s at %#llx has an impossible length of %u bytes: ignored\n",
			name, phys, length);
		return NULL;
	}
	t = early_memremap(phys, length);
	if (!t) {
		pr_warn("ACPI: table %s cannot be mapped\n", name);
		return NULL;
	}
	if (byte_sum(t, length) != 0) {
		pr_warn("ACPI: table %s at %#llx has a wrong checksum: ignored\n", name, phys);
		early_memunmap(t, length);
		return NULL;
	}
	return t;
}

/* The boot CPU is CPU 0 already, wherever the table lists it. */
static void __init add_cpu(unsigned int apicid)
{
	unsigned int cpu;

	if (apicid == cpu_apicid[0] || apicid == 0xff)
		return;
	for (cpu = 1; cpu < acpi_nr_cpus; cpu++) {
		if (cpu_apicid[cpu] == apicid) {
			pr_warn("ACPI: MADT lists the CPU with APIC id %u twice\n", apicid);
			return;
		}
	}
	if (acpi_nr_cpus >= cpu_limit) {
		cpus_over_limit++;
		return;
	}
	cpu_apicid[acpi_nr_cpus++] = apicid;
}

static void __init add_ioapic(const struct acpi_table *t, unsigned int at)
{
	struct acpi_ioapic *io;

	if (acpi_facts.nr_ioapics == ACPI_MAX_IOAPICS) {
		pr_warn("ACPI: more than %d IOAPICs: ignored\n", ACPI_MAX_IOAPICS);
		return;
	}
	io = &acpi_facts.ioapic[acpi_facts.nr_ioapics++];
	io->id = table_byte(t, at + 2);
	io->address = table_field(t, at + 4, 4);
	io->gsi_base = table_field(t, at + 8, 4);
}

static void __init add_override(const struct acpi_table *t, unsigned int at)
{
	unsigned int irq = table_byte(t, at + 3);
	unsigned int flags = table_field(t, at + 8, 2);

	if (irq >= ACPI_NR_ISA_IRQS) {
		pr_warn("ACPI: MADT overrides ISA interrupt %u, which cannot be\n", irq);
		return;
	}
	/* Two bits each: 0 as on the ISA bus (edge, active high), 1 edge/high, 3 level/low. */
	acpi_facts.isa[irq] = (struct acpi_isa_irq) {
		.gsi = table_field(t, at + 4, 4),
		.active_low = (flags & 3) == 3,
		.level = ((flags >> 2) & 3) == 3,
	};
}

static void __init parse_madt_entry(const struct acpi_table *t, unsigned int at)
{
	switch (table_byte(t, at)) {
	case MADT_CPU:
		if (table_field(t, at + 4, 4) & 1)
			add_cpu(table_byte(t, at + 3));
		break;
	case MADT_IOAPIC:
		add_ioapic(t, at);
		break;
	case MADT_OVERRIDE:
		add_override(t, at);
		break;
	case MADT_NMI_SOURCE:
		pr_info("ACPI: interrupt %u carries NMIs; it stays masked\n",
			(unsigned int)table_field(t, at + 4, 4));
		break;
	case MADT_CPU_NMI:
		acpi_facts.lapic_nmi_lint = table_byte(t, at + 5) & 1;
		break;
	case MADT_X2APIC:
		if (table_field(t, at + 8, 4) & 1)
			cpus_x2apic++;
		break;
	}
}

/* The shortest an entry of that type may be. */
static unsigned int __init madt_entry_size(unsigned int type)
{
	static const u8 size[] __initconst = {
		[MADT_CPU] = 8, [MADT_IOAPIC] = 12, [MADT_OVERRIDE] = 10,
		[MADT_NMI_SOURCE] = 8, [MADT_CPU_NMI] = 6, [MADT_X2APIC] = 16,
	};

	return type < ARRAY_SIZE(size) && size[type] ? size[type] : 2;
}

static void __init parse_madt(const struct acpi_table *t)
{
	unsigned int at = MADT_ENTRIES, type, len;

	while (at + 2 <= t->length) {
		type = table_byte(t, at);
		len = table_byte(t, at + 1);
		if (len < madt_entry_size(type) || len > t->length - at) {
			pr_warn("ACPI: MADT: entry of type %u at byte %u: impossible length, the rest is ignored\n",
				type, at);
			break;
		}
		parse_madt_entry(t, at);
		at += len;
	}
	if (cpus_x2apic)
		pr_warn("ACPI: %u CPUs can only be reached by x2APIC and are ignored\n", cpus_x2apic);
	if (cpus_over_limit)
		pr_info("ACPI: the limit is %u CPUs: %u more are left alone\n",
			cpu_limit, cpus_over_limit);
}

/* One small integer of an AML package; moves @at behind it. Return: -1 if it is none. */
static int __init aml_small_integer(const struct acpi_table *t, unsigned int *at)
{
	unsigned int op = table_byte(t, (*at)++);

	if (op == AML_ZERO || op == AML_ONE)
		return op;
	return op == AML_BYTE ? (int)table_byte(t, (*at)++) : -1;
}

/* Name (_S5_, Package (n) { type_a, type_b, ... }) */
static void __init parse_aml(const struct acpi_table *t)
{
	unsigned int at;
	int a, b;

	for (at = TABLE_HEADER; at + 8 < t->length && !acpi_facts.s5_known; at++) {
		if (memcmp((const u8 *)t + at, "_S5_", 4) || table_byte(t, at + 4) != AML_PACKAGE)
			continue;
		at += 5;
		at += 1 + (table_byte(t, at) >> 6);	/* the length says itself how long it is */
		at++;					/* number of elements */
		a = aml_small_integer(t, &at);
		b = aml_small_integer(t, &at);
		if (a < 0)
			continue;
		acpi_facts.s5_type_a = a & 7;
		acpi_facts.s5_type_b = (b < 0 ? a : b) & 7;
		acpi_facts.s5_known = true;
	}
}

static void __init parse_fadt(const struct acpi_table *t)
{
	u64 dsdt = table_field(t, FADT_X_DSDT, 8);
	struct acpi_table *aml;

	acpi_facts.pm_timer_port = table_field(t, FADT_PM_TMR, 4);
	acpi_facts.pm1a_control = table_field(t, FADT_PM1A_CNT, 4);
	acpi_facts.pm1b_control = table_field(t, FADT_PM1B_CNT, 4);
	acpi_facts.smi_command = table_field(t, FADT_SMI_CMD, 4);
	acpi_facts.smi_acpi_enable = table_byte(t, FADT_ACPI_ENABLE);
	acpi_facts.century = table_byte(t, FADT_CENTURY);
	if (table_field(t, FADT_FLAGS, 4) & FADT_RESET_SUPPORTED) {
		acpi_facts.reset_space = table_byte(t, FADT_RESET_REG);
		acpi_facts.reset_address = table_field(t, FADT_RESET_REG + 4, 8);
		acpi_facts.reset_value = table_byte(t, FADT_RESET_VALUE);
	}
	if (!dsdt)
		dsdt = table_field(t, FADT_DSDT, 4);
	aml = dsdt ? table_map(dsdt) : NULL;
	if (aml) {
		parse_aml(aml);
		table_unmap(aml);
	}
}

static void __init parse_hpet(const struct acpi_table *t)
{
	if (table_byte(t, HPET_ADDRESS) == 0)		/* memory, not ports */
		acpi_facts.hpet_address = table_field(t, HPET_ADDRESS + 4, 8);
}

static const struct {
	char signature[5];
	void (*parse)(const struct acpi_table *t);
} table_parsers[] __initconst = {
	{ "APIC", parse_madt },
	{ "FACP", parse_fadt },
	{ "HPET", parse_hpet },
	{ "SSDT", parse_aml },
};

/* Most tables are of no interest, so only those we know are mapped whole and summed up. */
static void __init parse_table(u64 phys)
{
	struct acpi_table *t = phys ? early_memremap(phys, TABLE_HEADER) : NULL;
	unsigned int i;
	char name[4];

	if (!t)
		return;
	memcpy(name, t->signature, 4);
	early_memunmap(t, TABLE_HEADER);
	for (i = 0; i < ARRAY_SIZE(table_parsers); i++) {
		if (memcmp(name, table_parsers[i].signature, 4))
			continue;
		t = table_map(phys);
		if (t) {
			table_parsers[i].parse(t);
			table_unmap(t);
		}
	}
}

/* The table of tables, with addresses of @size bytes. */
static bool __init parse_root(u64 phys, const char *name, unsigned int size)
{
	struct acpi_table *t = phys ? table_map(phys) : NULL;
	unsigned int at;
	bool good;

	if (!t)
		return false;
	good = memcmp(t->signature, name, 4) == 0;
	if (good) {
		for (at = TABLE_HEADER; at + size <= t->length; at += size)
			parse_table(table_field(t, at, size));
	} else {
		pr_warn("ACPI: there is no %s at %#llx\n", name, phys);
	}
	table_unmap(t);
	return good;
}

/*
 * The root pointer: "RSD PTR ", a checksum over 20 bytes, and from revision 2
 * on a longer form with a checksum of its own. Follows it to the tables.
 */
static bool __init parse_rsdp(u64 phys)
{
	struct rsdp {
		char signature[8];
		u8   checksum;
		char oem[6];
		u8   revision;
		u32  rsdt;
		u32  length;
		u64  xsdt;
		u8   extended_checksum;
		u8   reserved[3];
	} __packed rsdp, *map = early_memremap(phys, sizeof(rsdp));

	if (!map)
		return false;
	memcpy(&rsdp, map, sizeof(rsdp));
	early_memunmap(map, sizeof(rsdp));
	if (memcmp(rsdp.signature, "RSD PTR ", 8) || byte_sum(&rsdp, 20)) {
		pr_warn("ACPI: what should be the root pointer at %#llx is none\n", phys);
		return false;
	}
	if (rsdp.revision >= 2) {
		if (byte_sum(&rsdp, sizeof(rsdp)))
			pr_warn("ACPI: the root pointer's longer half has a wrong checksum: using the shorter\n");
		else if (parse_root(rsdp.xsdt, "XSDT", 8))
			return true;
	}
	return parse_root(rsdp.rsdt, "RSDT", 4);
}

/* Look on every 16th byte of a piece of low memory. Return: physical address, or 0. */
static u64 __init scan_for_rsdp(u64 phys, unsigned int len)
{
	u8 *map = early_memremap(phys, len);
	unsigned int at;
	u64 found = 0;

	for (at = 0; map && !found && at + 36 <= len; at += 16) {
		if (!memcmp(map + at, "RSD PTR ", 8) && !byte_sum(map + at, 20))
			found = phys + at;
	}
	if (map)
		early_memunmap(map, len);
	return found;
}

/* Where a BIOS puts it: in the first KiB of its data area, which 0x40e names, or in its ROM. */
static u64 __init find_rsdp(void)
{
	u16 *bda = early_memremap(0x400, 0x100);
	u64 ebda, found = 0;

	if (bda) {
		ebda = (u64)bda[7] << 4;
		early_memunmap(bda, 0x100);
		if (ebda >= 0x400 && ebda < 0xa0000)
			found = scan_for_rsdp(ebda, 1024);
	}
	return found ? found : scan_for_rsdp(0xe0000, 0x20000);
}

static void __init publish_cpus(void)
{
	unsigned int cpu;

	for (cpu = 0; cpu < acpi_nr_cpus; cpu++) {
		set_cpu_possible(cpu, true);
		set_cpu_present(cpu, true);
	}
	nr_cpu_ids = acpi_nr_cpus;
}

void __init acpi_init(void)
{
	unsigned int irq;
	u64 rsdp = boot_info.rsdp;

	acpi_facts.lapic_nmi_lint = 1;
	for (irq = 0; irq < ACPI_NR_ISA_IRQS; irq++)
		acpi_facts.isa[irq].gsi = irq;
	cpu_apicid[0] = cpuid_ebx(1) >> 24;

	if (!rsdp)
		rsdp = find_rsdp();
	acpi_facts.present = rsdp && parse_rsdp(rsdp);
	if (acpi_facts.present)
		pr_info("ACPI: %u CPUs, %u IOAPICs\n", acpi_nr_cpus, acpi_facts.nr_ioapics);
	else
		pr_warn("ACPI: no usable tables: running on one CPU, without device interrupts\n");
	publish_cpus();
}
