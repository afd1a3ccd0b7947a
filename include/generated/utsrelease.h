/* SPDX-License-Identifier: MIT */
#pragma once
/* What uname -r says: the Linux whose interface this is, and whose kernel it is. */
#define UTS_RELEASE "6.1.0-bobbin"
