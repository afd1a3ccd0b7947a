/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to init and the shell. */
#include <linux/types.h>

/* The thread `sh`: runs the commands, a string or NULL, then what is typed, until it is told to exit. */
int shell_session(void *commands);

/* Have the commands of the boot ended, so that there is somebody who types and reads? What they print is a log. */
extern bool shell_is_typed_to;
