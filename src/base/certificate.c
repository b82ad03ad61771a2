#include "base/certificate.h"

#include "base/clock.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

enum { TAG_INTEGER = 0x02, TAG_UTC_TIME = 0x17, TAG_TIME = 0x18, TAG_SEQUENCE = 0x30, TAG_VERSION = 0xa0, DER_MOST = 64 * 1024 };
static const char begin_mark[] = "-----BEGIN CERTIFICATE-----";

/* What is left of some DER. */
struct der {
	const unsigned char *at;
	size_t left;
};

static int digit_of(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* Base64 up to its end, line breaks passed over. */
static void decode(const char *text, size_t length, struct str *out)
{
	unsigned bits = 0;
	int count = 0;

	for (size_t i = 0; i < length && text[i] != '-' && text[i] != '=' && out->length < DER_MOST; i++) {
		int digit = digit_of(text[i]);

		if (digit < 0)
			continue;
		bits = (bits << 6 | (unsigned)digit) & 0xffffff;
		count += 6;
		if (count >= 8) {
			count -= 8;
			str_add_char(out, (char)(bits >> count & 0xff));
		}
	}
}

/* Takes one element of this tag: what is in it. False when there is none. */
static bool take(struct der *der, int tag, struct der *inside)
{
	size_t length, bytes;

	if (der->left < 2 || der->at[0] != tag)
		return false;
	length = der->at[1];
	der->at += 2;
	der->left -= 2;
	if (length >= 0x80) {
		bytes = length & 0x7f;
		if (bytes == 0 || bytes > 3 || der->left < bytes)
			return false;
		for (length = 0; bytes; bytes--, der->left--)
			length = length << 8 | *der->at++;
	}
	if (length > der->left)
		return false;
	*inside = (struct der){ der->at, length };
	der->at += length;
	der->left -= length;
	return true;
}

/* YYMMDDhhmmssZ (1950 to 2049) or YYYYMMDDhhmmssZ. */
static bool read_time(struct der *validity, int64_t *wall_ms)
{
	struct der time;
	char digits[16], text[32];
	bool is_short = validity->left && *validity->at == TAG_UTC_TIME;

	if (!take(validity, is_short ? TAG_UTC_TIME : TAG_TIME, &time) || time.left != (is_short ? 13 : 15) || time.at[time.left - 1] != 'Z')
		return false;
	snprintf(digits, sizeof digits, "%s%.*s", is_short ? time.at[0] < '5' ? "20" : "19" : "", (int)time.left - 1, (const char *)time.at);
	if (strspn(digits, "0123456789") != 14)
		return false;
	snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", digits, digits + 4, digits + 6, digits + 8, digits + 10, digits + 12);
	return clock_parse(text, wall_ms, NULL);
}

static bool read_end(struct der der, int64_t *end_ms)
{
	struct der certificate, content, validity, ignored;
	int64_t begin_ms;

	if (!take(&der, TAG_SEQUENCE, &certificate) || !take(&certificate, TAG_SEQUENCE, &content))
		return false;
	take(&content, TAG_VERSION, &ignored);
	/* Its number, the algorithm, who has signed it. */
	return take(&content, TAG_INTEGER, &ignored) && take(&content, TAG_SEQUENCE, &ignored) && take(&content, TAG_SEQUENCE, &ignored) &&
		take(&content, TAG_SEQUENCE, &validity) && read_time(&validity, &begin_ms) && read_time(&validity, end_ms);
}

bool certificate_end(const char *pem, size_t length, int64_t *end_ms)
{
	size_t mark = sizeof begin_mark - 1;
	struct str der = { 0 };
	bool good = false;

	for (size_t i = 0; !der.length && i + mark < length; i++)
		if (memcmp(pem + i, begin_mark, mark) == 0)
			decode(pem + i + mark, length - i - mark, &der);
	if (der.length)
		good = read_end((struct der){ (const unsigned char *)der.text, der.length }, end_ms);
	str_done(&der);
	return good;
}
