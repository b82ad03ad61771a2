/* Use cases: `account test` and `destination test`: eight checks in order, each with its time (cli.md). */
#ifndef APP_TESTS_H
#define APP_TESTS_H

#include "app/app.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum { CHECK_CONNECT, CHECK_TLS, CHECK_TOKEN, CHECK_DESCRIBE, CHECK_LISTS, CHECK_PARTITIONS, CHECK_WRITE, CHECK_USAGE, CHECKS };

struct check {
	const char *name; /* connect tls token describe lists partitions write usage */
	bool ok, tried;   /* not tried: an earlier one failed */
	char *detail;     /* what was found, or what is wrong and what to do */
	char *hint;       /* of that the last part; NULL: there is none */
	int64_t milliseconds;
};
struct test_report {
	bool ok;
	struct check checks[CHECKS];
};
void test_report_done(struct test_report *report);

/* STATUS_OK; STATUS_REFUSED where credentials, a permission or the certificate was refused; STATUS_FAILED where the instance cannot be reached.
 * The report is whole whenever out->checks[0].name is set, that is unless the name is unknown or the store failed. */
enum status app_account_test(struct app *app, const char *name, struct test_report *out, struct error *err);
enum status app_destination_test(struct app *app, const char *name, struct test_report *out, struct error *err);

#endif
