/* SPDX-License-Identifier: MIT */
/* Where we are, and who called us. */
#pragma once

#define _RET_IP_	((unsigned long)__builtin_return_address(0))
#define _THIS_IP_	({ __label__ __here; __here: (unsigned long)&&__here; })
