/* SPDX-License-Identifier: MIT */
/*
 * source: a file that came with the boot, run as commands, line by line. For more commands than fit on the kernel's
 * command line; tools/conformance works through all of its modules that way.
 */
#include "bootfiles.h"
#include "shell.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>

static int run_source(int argc, char **argv)
{
	struct boot_file f;
	char line[256];

	if (argc != 2 || !boot_file_find(argv[1], &f)) {
		console_printf("source: %s; bring a file along with make run MODULES=\"file ...\"\n",
			       argc == 2 ? "there is no such file" : "which file");
		return -ENOENT;
	}
	for (const char *at = f.data, *end = at + f.size, *next; at < end; at = next + 1) {
		next = memchr(at, '\n', end - at) ?: end;
		if (next - at >= sizeof(line)) {
			console_printf("source: a line is longer than %zu characters\n", sizeof(line) - 1);
			return -E2BIG;
		}
		memcpy(line, at, next - at);
		line[next - at] = '\0';
		if (*line != '#')
			shell_run(line);
	}
	return 0;
}
SHELL_COMMAND(source, run_source, "FILE", "run the commands in a file that came with the boot",
	"  A command or several on each line; lines that begin with # are left out. Example: source demo.sh");
