/* SPDX-License-Identifier: MIT */
/*
 * Names that the C library has too get another one on the host, so that the
 * kernel's are tested and the sanitizers keep theirs. The memory and string
 * functions are renamed only in lib/string.c and its test: elsewhere the
 * library's own are called, because those the sanitizer watches.
 */
#pragma once

#define snprintf	k_snprintf
#define vsnprintf	k_vsnprintf
#define sprintf		k_sprintf
#define vsprintf	k_vsprintf
#define sscanf		k_sscanf
#define vsscanf		k_vsscanf
#define bsearch		k_bsearch

#ifdef RENAME_STRING
#define memcpy		k_memcpy
#define memmove		k_memmove
#define memset		k_memset
#define memcmp		k_memcmp
#define memchr		k_memchr
#define bcmp		k_bcmp
#define strlen		k_strlen
#define strnlen		k_strnlen
#define strcmp		k_strcmp
#define strncmp		k_strncmp
#define strcasecmp	k_strcasecmp
#define strncasecmp	k_strncasecmp
#define strchr		k_strchr
#define strchrnul	k_strchrnul
#define strrchr		k_strrchr
#define strstr		k_strstr
#define strspn		k_strspn
#define strcspn		k_strcspn
#define strpbrk		k_strpbrk
#define strcpy		k_strcpy
#define strncpy		k_strncpy
#define stpcpy		k_stpcpy
#define strcat		k_strcat
#define strncat		k_strncat
#define strsep		k_strsep
#define strlcpy		k_strlcpy
#define strlcat		k_strlcat
#endif
