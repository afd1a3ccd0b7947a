/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to init and the shell: running commands by name. */

/* Run "command; command", in order. What is wrong is said on the console. Context: thread, may sleep. */
void shell_run(const char *line);

/* The demo command: start, stop or status (demo.c). Return: 0, or a negative errno after a line that says why. */
int demo_main(int argc, char **argv);
