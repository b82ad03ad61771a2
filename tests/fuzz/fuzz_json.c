/*
 * Fuzz target for base/json: whatever the bytes are, nothing breaks, reader and heap agree, and what is accepted is accepted again as we
 * write it, and then written the same. With clang: -fsanitize=fuzzer,address,undefined. Otherwise it runs the files named (-DFUZZ_MAIN).
 */
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void convert_all(const struct json *value)
{
	int64_t i;
	double d;

	json_i64(value, &i);
	json_double(value, &d);
	for (const struct json *child = json_first(value); child; child = json_next(child)) {
		if (json_key(child))
			demand(json_get(value, json_key(child)) == child);
		convert_all(child);
	}
}

static void same_again(const struct str *written)
{
	struct json *again = json_parse(str_text(written), written->length, NULL, NULL);
	struct str twice = { 0 };

	demand(again != NULL);
	json_write(&twice, again);
	demand(strcmp(str_text(&twice), str_text(written)) == 0);
	str_done(&twice);
	json_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct json_reader *reader;
	struct str read = { 0 }, parsed = { 0 };
	const struct json *line;
	struct json *document;
	const char *why;
	size_t offset;

	if (!reader)
		reader = json_reader_new();
	line = json_reader_parse(reader, (const char *)bytes, length, NULL, NULL);
	document = json_parse((const char *)bytes, length, &why, &offset);
	demand((line == NULL) == (document == NULL) && (why == NULL) == (document != NULL) && offset <= length);
	if (document) {
		convert_all(line);
		json_write(&read, line);
		json_write(&parsed, document);
		demand(strcmp(str_text(&read), str_text(&parsed)) == 0);
		same_again(&parsed);
	}
	json_free(document);
	str_done(&read);
	str_done(&parsed);
	return 0;
}

#ifdef FUZZ_MAIN
#include "base/file.h"

int main(int argc, char **argv)
{
	struct str bytes = { 0 };
	struct error err;

	for (int i = 1; i < argc; i++) {
		if (file_read(argv[i], 64 * 1024 * 1024, &bytes, &err) != STATUS_OK) {
			fprintf(stderr, "%s\n", err.message);
			return 1;
		}
		LLVMFuzzerTestOneInput((const uint8_t *)str_text(&bytes), bytes.length);
	}
	str_done(&bytes);
	return 0;
}
#endif
