/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to init and the shell. */

/* The thread `sh`: runs the commands, a string or NULL, then what is typed, until it is told to exit. */
int shell_session(void *commands);
