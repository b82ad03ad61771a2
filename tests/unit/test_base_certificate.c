/* Until when a certificate is good, and what is none. */
#include "base/certificate.h"
#include "base/clock.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Until 2026-12-26T17:33:25Z, and (in the longer form of a date) until 2081-08-29T17:33:25Z. */
static const char near[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIBhDCCASugAwIBAgIUTphKQWnJoAVm0w1GFYK4NZMgTsEwCgYIKoZIzj0EAwIw\n"
	"GDEWMBQGA1UEAwwNeC5leGFtcGxlLmNvbTAeFw0yNjExMjYxNzMzMjVaFw0yNjEy\n"
	"MjYxNzMzMjVaMBgxFjAUBgNVBAMMDXguZXhhbXBsZS5jb20wWTATBgcqhkjOPQIB\n"
	"BggqhkjOPQMBBwNCAATxK8UDd66UqeCO7JbOzZKR2IiLQLzdYtwUktoGqoshmtcu\n"
	"cfuHoct0ktOkxiwThENpNI5otPo5LzxtlWq3XVyoo1MwUTAdBgNVHQ4EFgQUOWKi\n"
	"0Eq+W02pr0gEK3lRBHhlimUwHwYDVR0jBBgwFoAUOWKi0Eq+W02pr0gEK3lRBHhl\n"
	"imUwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAomGrGWkArqjgQ\n"
	"7hjhTSaS+WpAccIupkwClRIfXC4asQIgPu3Uk3QGtCbMbcSX0AJ3r7NL92r2VtTL\n"
	"zkkNI5lbDfM=\n"
	"-----END CERTIFICATE-----\n";
static const char far[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIBhzCCAS2gAwIBAgIURJOYR7cuG3OamQFzYtPllJz7rdswCgYIKoZIzj0EAwIw\n"
	"GDEWMBQGA1UEAwwNeC5leGFtcGxlLmNvbTAgFw0yNjExMjYxNzMzMjVaGA8yMDgx\n"
	"MDgyOTE3MzMyNVowGDEWMBQGA1UEAwwNeC5leGFtcGxlLmNvbTBZMBMGByqGSM49\n"
	"AgEGCCqGSM49AwEHA0IABPGQhp9OOEgJvoTOLfHRjMPz9wZeeL8GX75q3m5439Zg\n"
	"oMr5G/mt0kJF+y4Qph5QIrki82aoORU33WWDfiNKEj2jUzBRMB0GA1UdDgQWBBRL\n"
	"7GxXihzzy9UHEUAZcpa0isMKejAfBgNVHSMEGDAWgBRL7GxXihzzy9UHEUAZcpa0\n"
	"isMKejAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQCAFDBvTFIG\n"
	"CfAy2zLh2IE+b91krYfgNQW5A6VNmKgOAwIgYAHJS23SxZKMEfXKv+jTfSlmVNFW\n"
	"bMHGAgIj0GMscIQ=\n"
	"-----END CERTIFICATE-----\n";

static void expect(const char *pem, const char *wanted)
{
	char text[CLOCK_TEXT];
	int64_t end_ms;

	assert_true(certificate_end(pem, strlen(pem), &end_ms));
	assert_string_equal(clock_format(end_ms, text), wanted);
}

static void test_ends(void **state)
{
	char *both = mem_printf("Subject: whoever\r\n%s%s", near, far), *windows = mem_alloc(2 * sizeof near), *out = windows;

	(void)state;
	expect(near, "2026-12-26T17:33:25Z");
	expect(far, "2081-08-29T17:33:25Z");
	/* The first is the server's own. */
	expect(both, "2026-12-26T17:33:25Z");
	for (const char *at = near; *at; at++) {
		if (*at == '\n')
			*out++ = '\r';
		*out++ = *at;
	}
	expect(windows, "2026-12-26T17:33:25Z");
	mem_free(both);
	mem_free(windows);
}

/* Cut anywhere, and with any byte another one: no end or some end, and never past the text. */
static void test_damage(void **state)
{
	static const char *const none[] = { "", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nMIIBhDCC\n",
		"-----BEGIN CERTIFICATE-----\n////////////////\n", "-----BEGIN PRIVATE KEY-----\nMIIBhDCCASugAwIBAgIU\n" };
	int64_t end_ms;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_false(certificate_end(none[i], strlen(none[i]), &end_ms));
	for (size_t length = 0; length < 150; length++) {
		char *cut = mem_strndup(near, length);

		assert_false(certificate_end(cut, length, &end_ms));
		mem_free(cut);
	}
	for (size_t at = 28; at < sizeof near - 30; at++) {
		for (const char *other = "A/9z=-\n"; *other; other++) {
			char *copy = mem_strdup(near);

			copy[at] = *other;
			certificate_end(copy, strlen(copy), &end_ms);
			mem_free(copy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
