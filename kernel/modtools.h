/* SPDX-License-Identifier: MIT */
#pragma once
/* What the commands about modules share. Context: thread. */

/* Say which files there are to load, or how to bring some. */
void modtools_list_files(void);

/* For Tab (struct shell_command): their names, without .ko. */
void modtools_complete_file(int argc, char **argv, void (*offer)(const char *word));
