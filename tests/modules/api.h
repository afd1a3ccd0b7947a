// SPDX-License-Identifier: MIT
/* What the two files of the module api have in common. */
#pragma once

unsigned int api_more(void);
