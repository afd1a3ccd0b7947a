/* SPDX-License-Identifier: MIT */
/* The shell's language, jobs and pipes; what is typed is tested from outside (tests/expect/shell.t). */
#include "test.h"
#include "shell_says.h"
#include "../kernel/shell_match.h"
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

TEST(shell_words_are_cut_at_blanks_and_quotes)
{
	SAYS("echo a   b", "a b\n", 0);
	SAYS("  echo\ta\\ b 'c  d' \"e 'f'\" ", "a b c  d e 'f'\n", 0);
	SAYS("echo 'a;b' \"c|d\" e\\&f", "a;b c|d e&f\n", 0);
	SAYS("echo '\\' \"\\\"\\\\\\n\"", "\\ \"\\\\n\n", 0);
	SAYS("echo a'b'\"c\"d ''", "abcd \n", 0);
	SAYS("echo a # b; echo c", "a\n", 0);
	SAYS("echo a#b", "a#b\n", 0);
	SAYS("", "", 0);
	SAYS(" ; ;; ", "", 0);
	return NULL;
}

TEST(shell_lists_go_by_how_the_last_command_ended)
{
	SAYS("echo a; echo b;", "a\nb\n", 0);
	SAYS("echo a\necho b\n", "a\nb\n", 0);
	SAYS("true && echo yes || echo no", "yes\n", 0);
	SAYS("false && echo yes || echo no", "no\n", 0);
	SAYS("false || false || echo c", "c\n", 0);
	SAYS("false && echo a; echo b", "b\n", 0);
	SAYS("true; echo $?; false; echo $? \"$?\" '$?'", "0\n1 1 $?\n", 0);
	SAYS("false", "", 1);
	SAYS("sh -c 'exit 3'; echo $?", "3\n", 0);
	SAYS("sh -c 'echo a; exit 4; echo b'", "a\n", 4);
	return NULL;
}

TEST(shell_says_what_is_wrong_before_anything_runs)
{
	SAYS("echo a; echo 'b", "sh: a quote is not closed: 'b\n", 2);
	SAYS("echo a | | echo b", "sh: there is no command behind |\n", 2);
	SAYS("| echo a", "sh: there is no command in front of |\n", 2);
	SAYS("echo a |", "sh: there is no command behind |\n", 2);
	SAYS("echo a &&", "sh: there is no command behind &&\n", 2);
	SAYS("echo a || ; echo b", "sh: there is no command behind ||\n", 2);
	SAYS("& echo a", "sh: there is no command in front of &\n", 2);
	SAYS("echo a > b", "sh: b: No such file or directory; all files are in /proc (ls /proc)\n", 1);
	SAYS("echo a > b c", "sh: behind > stands one file of /proc and nothing more, as in: "
	     "echo 5 > /proc/sys/kernel/printk\n", 2);
	SAYS("echo a > b | wc", "sh: behind > stands one file of /proc and nothing more, as in: "
	     "echo 5 > /proc/sys/kernel/printk\n", 2);
	SAYS("> b", "sh: there is no command in front of >\n", 2);
	SAYS("echo x > /proc/sys/kernel/pid_max || echo no", "sh: /proc/sys/kernel/pid_max: Invalid argument\nno\n", 0);
	SAYS("echo 0 > /proc/sys/kernel/panic_on_oops && cat /proc/sys/kernel/panic_on_oops", "0\n", 0);
	SAYS("echo 0 | tee /proc/sys/kernel/panic_on_oops", "0\n", 0);
	SAYS("echo a < b", "sh: <: files are read by cat FILE |\n", 2);
	SAYS("eco a; echo $?", "sh: eco: command not found; did you mean echo? (help lists all)\n127\n", 0);
	SAYS("qqqqqqq", "sh: qqqqqqq: command not found (help lists all)\n", 127);
	return NULL;
}

TEST(shell_filters_print_what_they_should)
{
	SAYS("seq 12 | grep 1", "1\n10\n11\n12\n", 0);
	SAYS("seq 12 | grep -v 1 | head -2", "2\n3\n", 0);
	SAYS("seq 12 | grep -c 1; seq 5 | grep -n 4", "4\n4:4\n", 0);
	SAYS("echo 'one Two' | grep -i two", "one Two\n", 0);
	SAYS("echo 'kworker/0' | grep -w worker", "", 1);
	SAYS("seq 3 | grep -q 2 && echo yes", "yes\n", 0);
	SAYS("seq 20 | head -n 2; seq 20 | head | wc -l", "1\n2\n10\n", 0);
	SAYS("seq 20 | tail -2; seq 3 | tail -n 9; seq 5 | tail -0", "19\n20\n1\n2\n3\n", 0);
	SAYS("seq 11 | sort | head -4", "1\n10\n11\n2\n", 0);
	SAYS("seq 11 | sort -nr | head -2", "11\n10\n", 0);
	SAYS("sh -c 'echo b; echo a; echo b' | sort -u", "a\nb\n", 0);
	SAYS("echo 'one two' | wc; echo 'one two' | wc -c", "      1       2       8\n8\n", 0);
	SAYS("seq 3 | more | more", "1\n2\n3\n", 0);
	SAYS("seq 3 | grep '[a'", "grep: the pattern [a is wrong: a [ has no ]\n", 1);
	SAYS("seq 3 | head -x", "head: how many lines? As in: ps -ef | head -5, head -5 /proc/stat\n", 1);
	return NULL;
}

TEST(shell_filters_read_files_of_proc)
{
	SAYS("grep Name: /proc/2/status", "Name:\tkthreadd\n", 0);
	SAYS("grep -E '^(Name|PPid|Nothing):' /proc/2/status", "Name:\tkthreadd\nPPid:\t0\n", 0);
	SAYS("grep -c kthreadd /proc/2/comm /proc/1/comm", "/proc/2/comm:1\n/proc/1/comm:0\n", 0);
	SAYS("grep -n kthreadd /proc/2/comm /proc/nothing",
	     "/proc/2/comm:1:kthreadd\ngrep: /proc/nothing: No such file or directory\n", 1);
	SAYS("head -1 /proc/2/status; tail -n 1 /proc/2/comm; head -n1 /proc/2/comm",
	     "Name:\tkthreadd\nkthreadd\nkthreadd\n", 0);
	SAYS("wc -l /proc/2/comm; wc /proc/2/comm; sort -u /proc/2/comm; more /proc/2/comm",
	     "1\n      1       1       9\nkthreadd\nkthreadd\n", 0);
	SAYS("seq 3 | cat | cat", "1\n2\n3\n", 0);
	SAYS("seq 3 | grep kthreadd /proc/2/comm", "kthreadd\n", 0);
	SAYS("head -2 /proc/stat /proc/uptime",
	     "head: one file, please, not also /proc/uptime; as in: cat FILE FILE | head\n", 1);
	SAYS("tail /etc/passwd",
	     "tail: /etc/passwd: No such file or directory; all files are in /proc (ls /proc)\n", 1);
	SAYS("grep x /proc", "grep: /proc: Is a directory\n", 1);
	return NULL;
}

static bool matches(const char *pattern, const char *line)
{
	struct pattern p = { .text = pattern };

	return !pattern_check(&p) && pattern_matches(&p, line);
}

TEST(shell_patterns_match_as_grep_s)
{
	struct pattern p = { .text = "ab+c?d|^x.$", .extended = true };

	EXPECT(matches("", "") && matches("b", "abc") && !matches("d", "abc"));
	EXPECT(matches("^a", "abc") && !matches("^b", "abc") && matches("c$", "abc") && !matches("b$", "abc"));
	EXPECT(matches("^$", "") && !matches("^$", "a") && matches("a^", "a^") && matches("$a", "x$a"));
	EXPECT(matches("a.c", "xabcx") && !matches("a.c", "ac") && matches("a\\.c", "a.c") && !matches("a\\.c", "abc"));
	EXPECT(matches("ab*c", "ac") && matches("ab*c", "abbbc") && !matches("ab*c", "abbd"));
	EXPECT(matches("a.*b.*c", "a1b2b3c") && matches("^.*x$", "abx") && matches("x*", "abc"));
	EXPECT(matches("[b-d]x", "cx") && !matches("[b-d]x", "ex") && matches("[^b-d]x", "ex"));
	EXPECT(matches("[]a]*$", "a]a") && matches("[-a]", "-") && matches("\\[", "["));
	EXPECT(!pattern_check(&p));
	EXPECT(pattern_matches(&p, "abbcd") && pattern_matches(&p, "abd") && !pattern_matches(&p, "acd"));
	EXPECT(pattern_matches(&p, "xy") && !pattern_matches(&p, "xyz"));
	p = (struct pattern){ .text = "Work", .word = true, .icase = true };
	EXPECT(!pattern_check(&p));
	EXPECT(pattern_matches(&p, "a work!") && !pattern_matches(&p, "worker") && !pattern_matches(&p, "a_work"));
	p.text = "\\";
	EXPECT(pattern_check(&p));
	return NULL;
}

static bool matches_extended(const char *pattern, const char *line)
{
	struct pattern p = { .text = pattern, .extended = true };

	return !pattern_check(&p) && pattern_matches(&p, line);
}

static const char *refused(const char *pattern)
{
	struct pattern p = { .text = pattern, .extended = true };

	return pattern_check(&p) ?: "";
}

TEST(shell_patterns_have_groups_and_counts)
{
	EXPECT(matches_extended("^(A|B):", "A: 1") && matches_extended("^(A|B):", "B:"));
	EXPECT(!matches_extended("^(A|B):", "AB:"));
	EXPECT(matches_extended("^(ab|c)+$", "abcab") && !matches_extended("^(ab|c)+$", "aba"));
	EXPECT(matches_extended("^a(b(c|d))?e$", "ae") && matches_extended("^a(b(c|d))?e$", "abde"));
	EXPECT(matches_extended("^[0-9]{2,3}$", "123") && !matches_extended("^[0-9]{2,3}$", "1234"));
	EXPECT(!matches_extended("^x{2}$", "x") && matches_extended("^x{2}$", "xx"));
	EXPECT(matches_extended("^x{,2}y", "xxy") && !matches_extended("^x{,2}y", "xxxy"));
	EXPECT(matches_extended("^(ab){2,}$", "ababab") && !matches_extended("^(ab){2,}$", "ab"));
	EXPECT(matches_extended("a{", "a{") && matches_extended("{x}", "{x}") && matches_extended("+a", "+a"));
	EXPECT(matches_extended("(a|)b$", "b") && matches_extended("()", "") && matches_extended("x(^a|b$)", "xb"));
	EXPECT(matches_extended("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"));
	EXPECT(!matches_extended("^(a*)*$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"));
	EXPECT(matches("\\(a\\|b\\)\\{2\\}c", "bac") && !matches("^\\(a\\|b\\)c", "dc"));
	EXPECT(matches("(a|b)+", "(a|b)+") && !matches("(a|b)+", "a"));
	EXPECT(strstr(refused("(a"), "no )") && strstr(refused("a)"), "no ("));
	EXPECT(strstr(refused("a{3,2}"), "way round"));
	EXPECT(strstr(refused("a{900}"), "too long") && strstr(refused("((a{0}){999}){999}"), "too long"));
	EXPECT(strstr(refused("a+*"), "parentheses") && strstr(refused("[a"), "no ]"));
	EXPECT(strstr(refused("a\\"), "its end"));
	EXPECT(strstr(refused("((((((((((((((((((a))))))))))))))))))"), "too deep"));
	return NULL;
}

/* Whatever the pattern is, it is refused or can be matched. */
TEST(shell_patterns_of_any_kind_do_no_harm)
{
	static const char letters[] = "ab.*+?|()[]^$\\{}12,";
	char text[16], line[12];
	u32 seed = test_seed(0);
	struct pattern p;

	for (int i = 0; i < 3000; i++) {
		unsigned int n = test_random(&seed) % (sizeof(text) - 1);

		text[n] = '\0';
		while (n--)
			text[n] = letters[test_random(&seed) % (sizeof(letters) - 1)];
		for (n = 0; n < sizeof(line) - 1; n++)
			line[n] = "ab1("[test_random(&seed) % 4];
		line[n] = '\0';
		p = (struct pattern){ .text = text, .extended = i & 1, .word = i & 2 };
		if (!pattern_check(&p))
			pattern_matches(&p, line);
		EXPECT(p.nr <= PATTERN_STEPS);
	}
	return NULL;
}

/* A writer that never ends by itself does when nobody reads; a reader whose writer has gone is not left waiting. */
TEST(shell_pipes_end_from_both_sides)
{
	SAYS("yes | head -2", "y\ny\n", 0);
	SAYS("yes | grep y | head -1 | wc -l", "1\n", 0);
	SAYS("true | wc -l", "0\n", 0);
	SAYS("seq 4000 | tail -1", "4000\n", 0);
	SAYS("seq 2000 | sort -n | grep 7 | wc -l", "542\n", 0);
	return NULL;
}

TEST(shell_jobs_run_behind_and_are_waited_for)
{
	EXPECT_EQ(run_and_catch("sleep 0.01 & wait; echo a"), 0);
	EXPECT(strstr(printed, "a\n"));
	EXPECT_EQ(run_and_catch("false && true & fg"), 1);
	EXPECT(strstr(printed, "false && true"));
	EXPECT_EQ(run_and_catch("true & true & wait; jobs; echo none"), 0);
	EXPECT(strstr(printed, "none\n"));
	EXPECT_EQ(run_and_catch("fg 77"), 1);
	EXPECT(strstr(printed, "fg: there is no job 77 (jobs lists them)"));
	return NULL;
}

TEST(shell_commands_say_what_they_are)
{
	const struct shell_command *c;

	for_each_shell_command(c) {
		if (!*c->summary || strlen(c->summary) > 60 || !strstr(c->text, "Example: ") || !shell_find(c->name))
			return test_fail("%s: its summary or its example is not right", c->name);
		EXPECT_EQ(shell_find(c->name) == c, true);
	}
	return NULL;
}

TEST(shell_commands_leave_nothing_behind)
{
	for (int i = 0; i < 100; i++)
		EXPECT_EQ(shell_run("true"), 0);
	return NULL;
}
