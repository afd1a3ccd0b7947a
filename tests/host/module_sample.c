/* SPDX-License-Identifier: MIT */
/* A file with what modules have, for module_image.t to damage: it is compiled, never run. */
#define section(name) __attribute__((section(name), used))

extern int other(int, const void *), weak(void) __attribute__((weak));
extern int elsewhere[];

static const char info[] section(".modinfo") = "license=GPL\0name=sample\0depends=a,b\0parm=x:a number";
static struct { unsigned long crc; char name[56]; } versions[]
	section("__versions") = { { 1, "other" }, { 2, "elsewhere" } };
static struct { char name[64]; int (*init)(void); void (*exit)(void); } this_module
	section(".gnu.linkonce.this_module") = { "sample" };
static int percpu section(".data..percpu") = 5;
static const struct { const char *name; int *value; } table[] = { { "one", elsewhere }, { "percpu", &percpu } };
static int zero[100], counted = 3;

static int helper(int n)
{
	return n > 1 ? helper(n - 1) * elsewhere[n] + zero[n] : other(n, &table[n & 1]) + counted++;
}

int section(".init.text") init_module(void)
{
	switch (other(counted, 0)) {
	case 0: return helper(1);
	case 1: return helper(7) + (weak ? weak() : 0);
	case 2: return zero[counted];
	case 3: return other(9, zero);
	case 4: return percpu;
	case 5: return (int)(unsigned long)&helper;
	default: return helper(elsewhere[2]);
	}
}

void section(".exit.text") cleanup_module(void)
{
	other(0, &helper);
	asm volatile(".pushsection .data; .quad zero; .long counted - .; .quad counted - .; .popsection");
}
