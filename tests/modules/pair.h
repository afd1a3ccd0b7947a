/* SPDX-License-Identifier: MIT */
#pragma once
/* Two files that make one module. */
void pair_say(const char *who, int round);
