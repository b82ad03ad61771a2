/* What `/` understands. */
#include "tui/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>

/* ux 20: substring, smart case, a|b, !not, ~fuzzy. */
static void forms(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool fits;
	} cases[] = {
		{ "", "", true },
		{ "", "anything", true },
		{ "mail", "personalEmail.address", true },
		{ "mail", "workEMAIL", true },
		{ "Mail", "personalEmail", false },
		{ "Email", "personalEmail", true },
		{ "mail", "", false },
		{ "name|mail", "homeAddress.mailStop", true },
		{ "name|mail", "person.name", true },
		{ "name|mail", "lastOpen", false },
		{ "name|", "lastOpen", false }, /* a bar just typed asks for nothing yet */
		{ "name|", "firstName", true },
		{ "|", "x", true },
		{ "!mail", "firstName", true },
		{ "!mail", "Email", false },
		{ "!", "x", true },
		{ "~", "x", true },
		{ "~fnm", "firstName", true },
		{ "~fmn", "firstName", false },
		{ "~FN", "firstName", false },
		{ "~fN", "firstName", true },
		{ "!mail|email", "workEmail", true },
		{ "!!", "a!", false },
		{ "a b", "xa by", true },
		{ "prénom", "PRÉNOM", true },
		{ "É", "é", false },
		{ "aab", "aaab", true },
		{ "\xff", "a\xff", true },
		{ "\xff", "abc", false },
		{ "longer than the text", "longer", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (filter_fits(cases[i].pattern, cases[i].text) != cases[i].fits)
			fail_msg("\"%s\" on \"%s\" should be %d", cases[i].pattern, cases[i].text, cases[i].fits);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(forms) };

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
