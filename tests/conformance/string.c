/* SPDX-License-Identifier: MIT */
/* What the string functions answer, with little room and with odd arguments. */
#include "promise.h"
#include <linux/string.h>

static char buf[8];

static void run(void)
{
	char text[] = "one,two;;three", *rest = text, *part, field[10] = "  trim \n";

	ask(strscpy(buf, "12345678", sizeof(buf)));
	ask_text(buf);
	ask(strscpy(buf, "1234567", sizeof(buf)));
	ask(strscpy(buf, "x", 0));
	ask(strscpy_pad(buf, "ab", sizeof(buf)));
	ask(buf[7]);
	ask(strlcpy(buf, "a longer one", sizeof(buf)));
	ask_text(buf);
	strcpy(buf, "abc");
	ask(strlcat(buf, "defghijk", sizeof(buf)));
	ask_text(buf);
	strncpy(buf, "zz", sizeof(buf));
	ask(buf[2] + buf[7]);
	ask(strnlen("abcdef", 4));
	ask(strcmp("abc", "abd") < 0);
	ask(strcmp("b", "a") > 0);
	ask(strncmp("abc", "abd", 2));
	ask(strcasecmp("AbC", "aBc"));
	ask(strncasecmp("ABx", "aby", 2));
	ask(strchr("hello", 'l') - strchr("hello", 'h') >= 0);
	ask_text(strchr("hello", 'l'));
	ask_text(strrchr("hello", 'l'));
	ask_text(strchrnul("hello", 'z') - 1);
	ask_pointer(strchr("hello", 'z'));
	ask_text(strstr("one two", "tw"));
	ask_pointer(strstr("one two", "three"));
	ask_text(strnstr("one two", "ne", 3));
	ask_pointer(strnstr("one two", "two", 6));
	ask_text(strpbrk("a=b;c", ";="));
	ask(strspn("aabbc", "ab"));
	ask(strcspn("aabbc", "c"));
	while ((part = strsep(&rest, ",;")))
		ask_text(part);
	ask_text(strim(field));
	ask_text(skip_spaces(" \t x"));
	ask(sysfs_streq("on\n", "on"));
	ask(sysfs_streq("on\n", "off"));
	ask(match_string((const char *[]){ "a", "b", "c" }, 3, "b"));
	ask(match_string((const char *[]){ "a", "b", "c" }, 3, "z"));
	ask(sysfs_match_string(((const char *[]){ "a", "b" }), "b\n"));
	ask(memcmp("abc", "abd", 3) < 0);
	ask(memchr_inv("aaab", 'a', 4) != NULL);
	ask_pointer(memchr_inv("aaaa", 'a', 4));
	ask_pointer(memchr("abc", 'x', 3));
	ask_pointer(memscan("abc", 'b', 3));
	ask_text(kbasename("/a/b/c"));
	ask(str_has_prefix("prefix", "pre"));
	ask(str_has_prefix("prefix", "x"));
	ask(strstarts("start", "sta"));
	ask_text(strreplace(text, 'o', '0') ? text : text);
}
promise(run);
