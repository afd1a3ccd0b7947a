/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the line editor: Tab. */
#include "shell_edit.h"

/*
 * Complete the word in front of the cursor, as far as it is clear; with `list`, print what is possible instead.
 * Return: was there anything?
 */
bool complete_word(struct edit *e, bool list);
