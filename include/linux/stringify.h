/* SPDX-License-Identifier: MIT */
/* A macro's value as a string literal. */
#pragma once

#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)
