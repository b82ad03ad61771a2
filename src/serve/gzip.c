#include "serve/gzip.h"

#include <limits.h>
#include <stdint.h>
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
