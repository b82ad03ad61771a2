/* How long reading one profile line takes: microseconds of CPU for a line of about 600 bytes, and for looking at all its members. */
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char line[] =
	"{\"identityMap\":{\"Email\":[{\"id\":\"person.0000001@example.com\",\"primary\":true}],"
	"\"ECID\":[{\"id\":\"38400000000000000000000000000000000001\"}]},"
	"\"segmentMembership\":{\"ups\":{"
	"\"3f1c2a9e-0000-4000-8000-000000000001\":{\"status\":\"realized\",\"lastQualificationTime\":\"2026-11-20T10:15:30Z\"},"
	"\"3f1c2a9e-0000-4000-8000-000000000002\":{\"status\":\"exited\",\"lastQualificationTime\":\"2026-11-21T11:00:00Z\"}}},"
	"\"attributes\":{\"person\":{\"name\":{\"firstName\":\"Zo\xc3\xab\",\"lastName\":\"Example\"}},"
	"\"homeAddress\":{\"city\":\"Berlin\",\"postalCode\":\"10115\"},\"score\":42,\"spent\":1234.50,\"optIn\":true}}";

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t look_at_all(const struct json *value)
{
	size_t seen = 1;

	for (const struct json *child = json_first(value); child; child = json_next(child))
		seen += look_at_all(child);
	return seen;
}

int main(int argc, char **argv)
{
	long lines = argc > 1 ? strtol(argv[1], NULL, 10) : 200000;
	struct json_reader *reader = json_reader_new();
	double start = cpu_seconds(), spent;
	size_t seen = 0;

	if (lines < 1)
		return 2;
	for (long i = 0; i < lines; i++) {
		const struct json *document = json_reader_parse(reader, line, sizeof line - 1, NULL, NULL);

		if (!document)
			return 1;
		seen += look_at_all(document);
	}
	spent = cpu_seconds() - start;
	printf("json: %ld lines of %zu bytes, %zu values, %.2f us a line\n", lines, sizeof line - 1, seen, spent * 1e6 / (double)lines);
	json_reader_free(reader);
	return 0;
}
