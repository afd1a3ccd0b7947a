/* SPDX-License-Identifier: MIT */
#pragma once
/* error_text: a negative errno in the words of strerror(3), as "No such device". Context: any. Never NULL. */
const char *error_text(int err);
