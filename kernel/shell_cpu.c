/* SPDX-License-Identifier: MIT */
/*
 * The shell's word about CPUs: which there are, and taking one away or back.
 *
 * Read next: cpu.c.
 */
#include <linux/console.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "shell.h"

static void list_cpus(void)
{
	unsigned int cpu;

	for_each_present_cpu(cpu)
		console_printf("cpu%-3u %s\n", cpu, cpu_online(cpu) ? "online" : "offline");
}

static int usage(void)
{
	console_printf("cpu: wrong arguments; right would be: cpu, cpu off 1, cpu on 1\n");
	return -EINVAL;
}

static const char *why(int err, bool on)
{
	if (err == 1)
		return on ? "it is online already" : "it is offline already";
	if (err == -EINVAL)
		return "there is no such CPU; `cpu` lists them";
	if (err == -EBUSY)
		return "CPU 0 and the last one stay online";
	return "the log says which step failed (dmesg)";
}

static int run_cpu(int argc, char **argv)
{
	unsigned int cpu;
	bool on;
	int ret;

	if (argc == 1) {
		list_cpus();
		return 0;
	}
	if (argc != 3 || kstrtouint(argv[2], 10, &cpu))
		return usage();
	on = !strcmp(argv[1], "on");
	if (!on && strcmp(argv[1], "off"))
		return usage();
	ret = on ? add_cpu(cpu) : remove_cpu(cpu);
	if (ret)
		console_printf("cpu: cpu%u does not go %s: %s\n", cpu, on ? "online" : "offline", why(ret, on));
	return ret < 0 ? ret : 0;
}

SHELL_COMMAND(cpu, run_cpu, "[on|off N]", "list CPUs; take one offline or back online",
	      "  Offline, a CPU runs nothing: threads and timers go to others, its own threads (ps: state P) wait.\n"
	      "  CPU 0 stays. Example: cpu off 1; ps -e -o pid,psr,stat,comm; cpu on 1", .group = "machine");
