/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the line editor: the lines that were typed before. */
#include "shell_edit.h"

/* Up, down: an older, a younger line. Return: was it one of these keys? */
bool recall_key(struct edit *e, int key);

/* Editing is over; keep the line, if it is wanted. */
void recall_end(struct edit *e, bool keep);
