/* SPDX-License-Identifier: MIT */
#pragma once
/* Memory nodes: there is one, 0. NUMA_NO_NODE: any. */

#define NUMA_NO_NODE	(-1)
#define MAX_NUMNODES	1
