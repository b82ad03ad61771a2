#include "serve/gzip.h"

#include "base/text.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16 }; /* 16 more: zlib writes the gzip envelope */

bool gzip_pack(const void *bytes, size_t length, struct str *out)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)length };
	size_t bound;
	bool done;

	if (length > UINT_MAX / 2 || deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	bound = deflateBound(&stream, (uLong)length);
	str_reserve(out, bound);
	stream.next_out = (Bytef *)out->text + out->length;
	stream.avail_out = (uInt)bound;
	done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
	if (done) {
		out->length += stream.total_out;
		out->text[out->length] = '\0';
	}
	deflateEnd(&stream);
	return done;
}

/* An element of the header, which is changed: "gzip" or "gzip;q=0.5", but neither "xgzip" nor "gzip;q=0". */
static bool is_gzip(char *one)
{
	char *weight = strchr(one, ';');

	if (weight)
		*weight++ = '\0';
	if (!text_case_eq(text_trim(one), "gzip"))
		return false;
	weight = weight ? text_trim(weight) : NULL;
	return !weight || (weight[0] != 'q' && weight[0] != 'Q') || weight[1] != '=' || weight[2 + strspn(weight + 2, "0.")] != '\0';
}

bool gzip_accepted(const char *header)
{
	bool accepted = false;

	while (header && *header && !accepted) {
		char one[64];
		size_t length = strcspn(header, ",");

		snprintf(one, sizeof one, "%.*s", (int)length, header);
		accepted = is_gzip(one);
		header += length;
		header += *header == ',';
	}
	return accepted;
}
