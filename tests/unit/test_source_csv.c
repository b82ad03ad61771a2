/* Tables: rows of every kind, whole and in pieces, held against a parser that sees all bytes at once. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pipe2, O_DIRECT */
#endif
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "model/profile.h"
#include "source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { BUFFER = 256 * 1024 /* of input.c */, PIECES_MOST = 15 /* a pipe takes 16 writes unread */ };

static char folder[] = "/tmp/penstock-csv-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static char *make_file(const char *name, const void *bytes, size_t length)
{
	char *path = mem_printf("%s/%s", folder, name);
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	return path;
}

static void drop(char *path)
{
	assert_int_equal(unlink(path), 0);
	mem_free(path);
}

static void tell_row(struct str *out, int64_t line)
{
	if (out->length)
		str_add_char(out, ' ');
	str_add_format(out, "%lld", (long long)line);
}

static void tell_cell(struct str *out, bool first, const char *name, const char *value, size_t length)
{
	str_add(out, first ? "" : "|");
	str_add(out, name);
	str_add_char(out, '=');
	str_add_bytes(out, value, length);
}

/* What a source gives: "2[a=x|b=y] 3!" is a row that begins in line 2, and a bad one in line 3; "?" stands for a header that cannot be used. */
static char *read_source(struct source *source)
{
	struct str out = { 0 };
	struct error err = { 0 };

	for (;;) {
		const struct json *message;
		const char *why;
		enum source_next next = source_next(source, &message, &why, &err);

		if (next == SOURCE_END)
			break;
		if (next == SOURCE_ERROR) {
			assert_int_equal(err.status, STATUS_USAGE);
			str_add_char(&out, '?');
			break;
		}
		tell_row(&out, source_position(source));
		if (next == SOURCE_BAD) {
			assert_non_null(why);
			assert_true(!message || json_kind(message) == JSON_ARRAY); /* what could be read of it all the same */
			str_add_char(&out, '!');
			continue;
		}
		str_add_char(&out, '[');
		for (const struct json *one = json_first(message); one; one = json_next(one)) {
			const char *value = json_string(one);

			assert_non_null(value);
			tell_cell(&out, one == json_first(message), json_key(one), value, strlen(value));
		}
		str_add_char(&out, ']');
	}
	return str_take(&out);
}

/* --- The other parser: all bytes at once, and as plain as can be. */

struct plain {
	const char *at, *end;
	char separator;
	int64_t line;
	VEC(char *) cells;
	VEC(size_t) lengths;
	bool stray, open, quoted;
};

static bool plain_here(const struct plain *p, char byte)
{
	return p->at < p->end && *p->at == byte;
}

static bool plain_row_ends(const struct plain *p)
{
	return p->at == p->end || *p->at == '\n' || (*p->at == '\r' && (p->at + 1 == p->end || p->at[1] == '\n'));
}

static void plain_text(struct plain *p, struct str *cell)
{
	while (p->at < p->end && *p->at != p->separator && !plain_row_ends(p))
		str_add_char(cell, *p->at++);
}

static void plain_quoted(struct plain *p, struct str *cell)
{
	for (p->at++; p->at < p->end && !(*p->at == '"' && !(p->at + 1 < p->end && p->at[1] == '"')); p->at++) {
		p->at += *p->at == '"';
		p->line += *p->at == '\n';
		str_add_char(cell, *p->at);
	}
	p->open = p->at == p->end;
	p->at += !p->open;
	while (plain_here(p, ' '))
		p->at++;
	if (p->at == p->end || *p->at == p->separator || plain_row_ends(p))
		return;
	p->stray = true;
	plain_text(p, cell);
}

static void plain_row(struct plain *p)
{
	for (size_t i = 0; i < p->cells.count; i++)
		mem_free(p->cells.at[i]);
	p->cells.count = p->lengths.count = 0;
	p->stray = p->open = p->quoted = false;
	for (bool more = true; more; p->at += more) {
		struct str cell = { 0 };

		if (plain_here(p, '"')) {
			p->quoted = true;
			plain_quoted(p, &cell);
		} else {
			plain_text(p, &cell);
		}
		vec_push(&p->lengths, cell.length);
		vec_push(&p->cells, str_take(&cell));
		more = plain_here(p, p->separator) && !p->open;
	}
	p->at += plain_here(p, '\r');
	if (plain_here(p, '\n')) {
		p->at++;
		p->line++;
	}
}

static bool plain_is_blank(const struct plain *p)
{
	return p->cells.count == 1 && !p->quoted && strspn(p->cells.at[0], " \t\r\v\f") == p->lengths.at[0];
}

static bool plain_is_text(const struct plain *p)
{
	for (size_t i = 0; i < p->cells.count; i++) {
		if (memchr(p->cells.at[i], '\0', p->lengths.at[i]) || !text_is_utf8(p->cells.at[i], p->lengths.at[i], NULL))
			return false;
	}
	return !p->stray && !p->open;
}

static void plain_done(struct plain *p)
{
	for (size_t i = 0; i < p->cells.count; i++)
		mem_free(p->cells.at[i]);
	vec_done(&p->cells);
	vec_done(&p->lengths);
}

/* The header's names; false when it cannot be used. */
static bool plain_header(struct plain *p, char names[][64], size_t *count)
{
	*count = 0;
	do {
		if (p->at == p->end)
			return true;
		plain_row(p);
	} while (plain_is_blank(p));
	for (size_t i = 0; plain_is_text(p) && i < p->cells.count; i++) {
		snprintf(names[i], 64, "%s", p->cells.at[i]);
		text_trim(names[i]);
		if (!*names[i])
			return false;
		for (size_t k = 0; k < i; k++)
			if (strcmp(names[k], names[i]) == 0)
				return false;
		++*count;
	}
	return plain_is_text(p);
}

static char *plain_read(const char *bytes, size_t length, char separator)
{
	struct plain p = { .at = bytes, .end = bytes + length, .separator = separator, .line = 1 };
	struct str out = { 0 };
	char names[128][64];
	size_t count;

	if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		p.at += 3;
	if (!plain_header(&p, names, &count))
		str_add_char(&out, '?');
	while (p.at < p.end && strcmp(str_text(&out), "?") != 0) {
		int64_t line = p.line;
		bool any = false;

		plain_row(&p);
		if (plain_is_blank(&p))
			continue;
		tell_row(&out, line);
		if (!plain_is_text(&p) || p.cells.count != count) {
			str_add_char(&out, '!');
			continue;
		}
		str_add_char(&out, '[');
		for (size_t i = 0; i < count; i++) {
			if (p.lengths.at[i])
				tell_cell(&out, !any, names[i], p.cells.at[i], p.lengths.at[i]);
			any = any || p.lengths.at[i];
		}
		str_add_char(&out, ']');
	}
	plain_done(&p);
	return str_take(&out);
}

/* --- Whole files. */

static void check_file(const char *name, const void *bytes, size_t length, const char *expected)
{
	char *path = make_file(name, bytes, length), *found, *other;
	struct source *source;

	assert_int_equal(source_open(path, &source, NULL), STATUS_OK);
	assert_string_equal(source_format(source), "csv");
	assert_true(source_is_snapshot(source));
	found = read_source(source);
	assert_string_equal(found, expected);
	if (!strchr(found, '?'))
		assert_int_equal(source_bytes(source), length);
	source_close(source);
	other = plain_read(bytes, length, strstr(name, ".tsv") ? '\t' : ',');
	assert_string_equal(other, expected);
	mem_free(found);
	mem_free(other);
	drop(path);
}

#define ROWS(text, expected) check_file("people.csv", text, sizeof(text) - 1, expected)

static void test_rows(void **state)
{
	(void)state;
	ROWS("a,b\n1,2\n", "2[a=1|b=2]");
	ROWS("a,b\n1,2", "2[a=1|b=2]");
	ROWS("a,b\r\n1,2\r\n3,4\r\n", "2[a=1|b=2] 3[a=3|b=4]");
	ROWS("a,b\r\n1,2\r", "2[a=1|b=2]");
	ROWS("\xef\xbb\xbf" "a,b\n1,2\n", "2[a=1|b=2]");
	ROWS("\xef\xbb\xbf\"a\",b\n1,2\n", "2[a=1|b=2]");
	ROWS(" a ,\tb\t\n1,2\n", "2[a=1|b=2]");
	ROWS("\"a\",\" b \"\n\"1\",\"2\"\n", "2[a=1|b=2]");
	ROWS("a,b\n\n\r\n  \n1,2\n\n", "5[a=1|b=2]");
	ROWS("\r\n\na\n\n1\n", "5[a=1]");
	ROWS("a,b\n,2\n1,\n,\n\"\",\"\"\n", "2[b=2] 3[a=1] 4[] 5[]");
	ROWS("a,b\n 1 ,\" 2\"\n", "2[a= 1 |b= 2]");
	ROWS("a\n1\r\n\"\"\n\"2\"\r\n", "2[a=1] 3[] 4[a=2]");
}

static void test_quotes(void **state)
{
	(void)state;
	ROWS("a,b\n\"x,y\",\"p\"\"q\"\n", "2[a=x,y|b=p\"q]");
	ROWS("a,b\n\"\"\"\",\"\"\"\"\"\"\n", "2[a=\"|b=\"\"]");
	ROWS("a,b\n\"one\ntwo\r\nthree\",2\n3,4\n", "2[a=one\ntwo\r\nthree|b=2] 5[a=3|b=4]");
	ROWS("\"a\nb\",c\n1,2\nbad\n", "3[a\nb=1|c=2] 4!");
	ROWS("a,b\nx\"y,5\" pipe\n\"1\"  ,\"2\" \r\n", "2[a=x\"y|b=5\" pipe] 3[a=1|b=2]");
	ROWS("a,b\n\"1\"x,2\n3,4\n", "2! 3[a=3|b=4]");
	ROWS("a,b\n\"1\"\"2\n3\"x,y\n5,6\n", "2! 4[a=5|b=6]");
	ROWS("a,b\n1,\"2\r\r\n3,4\n", "2!");
	ROWS("a,b\n\"1\"\r,2\n3,4\n", "2! 3[a=3|b=4]");
	ROWS("a,b\n1,2\n\"3,4\n5,6\n", "2[a=1|b=2] 3!");
	ROWS("a,b\n1,\"", "2!");
	ROWS("a,b\n1,\"2\"", "2[a=1|b=2]");
	ROWS("a,b\n1,\"2\"\"", "2!");
}

static void test_bad_rows(void **state)
{
	(void)state;
	ROWS("a,b\n1\n1,2,3\n1,2\n,,\n", "2! 3! 4[a=1|b=2] 5!");
	ROWS("a,b\nAndr\xe9,2\n\xc3,\xa9\n\xed\xa0\x80,1\n\xc3\xa9,\xf0\x9f\x8e\x89\n", "2! 3! 4! 5[a=\xc3\xa9|b=\xf0\x9f\x8e\x89]");
	ROWS("a,b\n1\0,2\n\0\n\"\0\",1\n3,4\n", "2! 3! 4! 5[a=3|b=4]");
	ROWS("a,b\n\x01\x1b[2J,\x7f\n", "2[a=\x01\x1b[2J|b=\x7f]");
	ROWS("a\n1\rx\n", "2[a=1\rx]");
}

static void test_tabs(void **state)
{
	(void)state;
	check_file("people.tsv", "a\tb,c\n1\t\"x\ty\"\n2,3\t\n4\n", 21, "2[a=1|b,c=x\ty] 3[a=2,3] 4!");
}

static void test_headers(void **state)
{
	(void)state;
	ROWS("", "");
	ROWS("\n\r\n", "");
	ROWS("\xef\xbb\xbf", "");
	ROWS("a,b", "");
	ROWS("a,b\r\n", "");
	ROWS("a,,b\n1,2,3\n", "?");
	ROWS("a,b,\n1,2,3\n", "?");
	ROWS("a,\" \"\n1,2\n", "?");
	ROWS("a,b, a\n1,2,3\n", "?");
	ROWS("a,A\n1,2\n", "2[a=1|A=2]");
	ROWS("a,b\xe9\n1,2\n", "?");
	ROWS("a,\0\n1,2\n", "?");
	ROWS("a,\"b\n1,2\n", "?");
	ROWS("\xff\xfe" "a\0,\0b\0\n\0", "?");
}

static void check_header(const char *bytes, size_t length, const char *says)
{
	char *path = make_file("people.csv", bytes, length);
	struct source *source;
	struct error err = { 0 };
	const char *const *names;
	size_t count;

	assert_int_equal(source_open(path, &source, &err), STATUS_OK);
	assert_int_equal(source_columns(source, &names, &count, &err), STATUS_USAGE);
	assert_string_equal(err.code, "header");
	if (!strstr(err.message, says))
		fail_msg("%s: %s", says, err.message);
	source_close(source);
	drop(path);
}

/* What is wrong with a header is named. */
static void test_header_words(void **state)
{
	struct str wide = { 0 };

	(void)state;
	check_header("a,,b,\n", 6, ": 2, 4");
	check_header(",,,,,,\n", 7, ": 1, 2, 3, 4, 5, ..");
	check_header("one,two,one,three,two,one\n", 26, ": one, two");
	check_header("a,\xff\n", 4, "UTF-8");
	for (int i = 0; i < 10001; i++)
		str_add_format(&wide, "%s%d", i ? "," : "", i);
	check_header(wide.text, wide.length, "10,000");
	str_done(&wide);
}

static void test_columns(void **state)
{
	char *path = make_file("people.csv", "b, a\n1,2\n", 9);
	struct source *source;
	const char *const *names;
	size_t count;
	char *found;

	(void)state;
	assert_int_equal(source_open(path, &source, NULL), STATUS_OK);
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(source_columns(source, &names, &count, NULL), STATUS_OK);
		assert_int_equal(count, 2);
		assert_string_equal(names[0], "b");
		assert_string_equal(names[1], "a");
	}
	found = read_source(source);
	assert_string_equal(found, "2[b=1|a=2]");
	mem_free(found);
	source_close(source);
	drop(path);
}

/* --- Pieces. */

/* The same bytes in pieces that read() gives one by one. */
static char *read_pieces(const char *bytes, const size_t *cuts, size_t count)
{
	struct source *source;
	char *spec, *found;
	int ends[2];

	assert_int_equal(pipe2(ends, O_DIRECT | O_CLOEXEC), 0);
	for (size_t i = 0; i + 1 < count; i++) {
		size_t length = cuts[i + 1] - cuts[i];

		if (length > 0)
			assert_int_equal(write(ends[1], bytes + cuts[i], length), length);
	}
	close(ends[1]);
	spec = mem_printf("csv:/proc/self/fd/%d", ends[0]);
	assert_int_equal(source_open(spec, &source, NULL), STATUS_OK);
	close(ends[0]);
	found = read_source(source);
	source_close(source);
	mem_free(spec);
	return found;
}

static const char rich[] = "\xef\xbb\xbf" "a ,\"b\"\"\",c\r\n1,\"two\r\n\"\"2\"\"\n\",3\r\n\r\n\"\"\"\",\xc3\xa9\xf0\x9f\x8e\x89,\"\" \r\nbad\n,,\n\"x\"y,2,3\n\xc3,\xa9,1\n4,5,6\r";

static void test_every_cut(void **state)
{
	size_t length = sizeof rich - 1;
	char *whole = plain_read(rich, length, ',');

	(void)state;
	assert_string_equal(whole, "2[a=1|b\"=two\r\n\"2\"\n|c=3] 6[a=\"|b\"=\xc3\xa9\xf0\x9f\x8e\x89] 7! 8[] 9! 10! 11[a=4|b\"=5|c=6]");
	for (size_t cut = 0; cut <= length; cut++) {
		size_t cuts[] = { 0, cut, length };
		char *found = read_pieces(rich, cuts, 3);

		if (strcmp(found, whole) != 0)
			fail_msg("cut at %zu: %s", cut, found);
		mem_free(found);
	}
	mem_free(whole);
}

/* The end of the reader's buffer at every byte of it. */
static void test_every_buffer_end(void **state)
{
	static const char row[] = "\"p\"\"q\r\nr\",\xc3\xa9\xf0\x9f\x8e\x89,\"\"\r\nlast,\"s\",t\r\n";

	(void)state;
	for (size_t before = 0; before <= sizeof row; before++) {
		size_t filler = BUFFER - before - strlen("a,b,c\n,,\n");
		struct str text = { 0 };
		struct source *source;
		char *path, *found;

		str_add(&text, "a,b,c\n");
		for (size_t i = 0; i < filler; i++)
			str_add_char(&text, 'x');
		str_add(&text, ",,\n");
		str_add(&text, row);
		path = make_file("people.csv", text.text, text.length);
		assert_int_equal(source_open(path, &source, NULL), STATUS_OK);
		found = read_source(source);
		assert_string_equal(found + strlen("2[a=") + filler, "] 3[a=p\"q\r\nr|b=\xc3\xa9\xf0\x9f\x8e\x89] 5[a=last|b=s|c=t]");
		mem_free(found);
		source_close(source);
		str_done(&text);
		drop(path);
	}
}

static uint32_t seed = 20240501;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % below;
}

static void draw_text(struct str *out)
{
	static const char *const parts[] = { "a", "b", ",", ",", "\"", "\"", "\n", "\r\n", "\r", " ", "\t", "\xc3\xa9", "\xc3", "\xa9", "\"\"", "\",\"", "\"\n\"", "cc", "{", "" };

	if (draw(4) == 0)
		str_add(out, "\xef\xbb\xbf");
	str_add(out, draw(8) ? (draw(2) ? "a,b\n" : "\"a\",b,c\r\n") : "");
	for (uint32_t left = draw(40); left > 0; left--) {
		uint32_t part = draw(sizeof parts / sizeof *parts);

		if (*parts[part])
			str_add(out, parts[part]);
		else
			str_add_char(out, '\0');
	}
}

static void test_random(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t cuts[PIECES_MOST + 1] = { 0 }, count = 1 + draw(PIECES_MOST);
		struct str text = { 0 };
		char *found, *expected;

		draw_text(&text);
		for (size_t i = 1; i < count; i++)
			cuts[i] = cuts[i - 1] + draw((uint32_t)(text.length - cuts[i - 1] + 1));
		cuts[count] = text.length;
		found = read_pieces(str_text(&text), cuts, count + 1);
		expected = plain_read(str_text(&text), text.length, ',');
		if (strcmp(found, expected) != 0)
			fail_msg("round %d: %s\n-- not\n%s\n-- of\n%s", round, found, expected, str_text(&text));
		mem_free(found);
		mem_free(expected);
		str_done(&text);
	}
}

/* --- Sizes. */

/* A row of so many bytes, its own end not counted; quoted: with newlines in it. */
static void check_long(size_t length, bool quoted, const char *ending, bool bad)
{
	struct str text = { 0 };
	struct source *source;
	char *path, *found;

	str_add(&text, "a,b\n1,2\n");
	str_add(&text, quoted ? "\"" : "");
	for (size_t i = 0; i < length - (quoted ? 4 : 2); i++)
		str_add_char(&text, quoted && i % 1000 == 999 ? '\n' : 'x');
	str_add(&text, quoted ? "\",y" : ",y");
	str_add(&text, ending);
	str_add(&text, *ending ? "3,4\n" : "");
	path = make_file("people.csv", text.text, text.length);
	assert_int_equal(source_open(path, &source, NULL), STATUS_OK);
	found = read_source(source);
	if (strncmp(found, bad ? "2[a=1|b=2] 3!" : "2[a=1|b=2] 3[a=x", bad ? 13 : 16) != 0)
		fail_msg("%zu%s: %.30s", length, quoted ? " quoted" : "", found);
	assert_true(!*ending || strstr(found, "[a=3|b=4]"));
	assert_true(bad || strlen(found) > length);
	assert_int_equal(source_bytes(source), text.length);
	mem_free(found);
	source_close(source);
	str_done(&text);
	drop(path);
}

static void test_limit(void **state)
{
	static const char *const endings[] = { "\n", "\r\n", "" };
	static const int around[] = { -1, 0, 1, 2, 3, 5000, 3 * 1024 * 1024 };

	(void)state;
	for (size_t e = 0; e < sizeof endings / sizeof *endings; e++) {
		for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
			check_long((size_t)(SOURCE_LINE_LIMIT + around[i]), false, endings[e], around[i] > 0);
			check_long((size_t)(SOURCE_LINE_LIMIT + around[i]), true, endings[e], around[i] > 0);
		}
	}
}

/* A hole of NULs in the file, once as a plain cell and once in quotes that never end. */
static void test_hole(void **state)
{
	static const struct {
		const char *head, *expected;
	} cases[] = { { "a,b\n1,2\n", "2[a=1|b=2] 3! 4[a=3|b=4]" }, { "a,b\n1,2\n\"", "2[a=1|b=2] 3!" } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *path = make_file("people.csv", cases[i].head, strlen(cases[i].head)), *found;
		int fd = open(path, O_WRONLY | O_CLOEXEC);
		struct source *source;

		assert_true(fd >= 0);
		assert_int_equal(pwrite(fd, "\n3,4\n", 5, 64 * 1024 * 1024), 5);
		close(fd);
		assert_int_equal(source_open(path, &source, NULL), STATUS_OK);
		found = read_source(source);
		assert_string_equal(found, cases[i].expected);
		mem_free(found);
		source_close(source);
		drop(path);
	}
}

/* A megabyte of separators is as many cells as there are. */
static void test_cells(void **state)
{
	struct str text = { 0 };
	struct source *source;
	char *path, *found;

	(void)state;
	str_add(&text, "a,b\n");
	for (int i = 0; i < SOURCE_LINE_LIMIT - 1; i++)
		str_add_char(&text, ',');
	str_add(&text, "\n1,2\n");
	path = make_file("people.csv", text.text, text.length);
	assert_int_equal(source_open(path, &source, NULL), STATUS_OK);
	found = read_source(source);
	assert_string_equal(found, "2! 3[a=1|b=2]");
	mem_free(found);
	source_close(source);
	str_done(&text);
	drop(path);
}

/* --- Which files are tables. */

static void test_formats(void **state)
{
	static const struct {
		const char *prefix, *name, *content, *format; /* format NULL: refused */
		const char *expected;
	} cases[] = {
		{ "", "a.csv", "k\n1\n", "csv", "2[k=1]" },
		{ "", "a.CSV", "{}\n1\n", "csv", "2[{}=1]" },
		{ "", "a.TSV", "k,l\tm\n1\t2\n", "csv", "2[k,l=1|m=2]" },
		{ "csv:", "a.tsv", "k\tl\n1\t2\n", "csv", "2[k=1|l=2]" },
		{ "csv:", "a.ndjson", "k,l\n1,2\n", "csv", "2[k=1|l=2]" },
		{ "csv:", "a", "just one\nx\n", "csv", "2[just one=x]" },
		{ "", "a", "email,name\n1,2\n", "csv", "2[email=1|name=2]" },
		{ "", "a", "\xef\xbb\xbf\r\nemail,name\n1,2\n", "csv", "3[email=1|name=2]" },
		{ "", "a", "email\tname\n1\t2\n", "csv", "2[email=1|name=2]" },
		{ "", "a", "email\tname,x\n1\t2,3\n", "csv", "2[email\tname=1\t2|x=3]" },
		{ "ndjson:", "a.csv", "", "ndjson", "" },
		{ "", "a", "email;name\n1;2\n", NULL, NULL },
		{ "", "a", "[1,2]\n", NULL, NULL },
		{ "", "a", "caf\xe9,2\n", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *path = make_file(cases[i].name, cases[i].content, strlen(cases[i].content)), *found;
		char *spec = mem_printf("%s%s", cases[i].prefix, path);
		struct source *source;
		struct error err = { 0 };

		assert_int_equal(source_open(spec, &source, &err), cases[i].format ? STATUS_OK : STATUS_USAGE);
		if (cases[i].format) {
			assert_string_equal(source_format(source), cases[i].format);
			found = read_source(source);
			assert_string_equal(found, cases[i].expected);
			mem_free(found);
		} else {
			assert_non_null(strstr(err.hint, "csv:FILE"));
		}
		source_close(source);
		mem_free(spec);
		drop(path);
	}
}

/* A table on standard input must be meant. */
static void test_standard_input(void **state)
{
	static const char text[] = "k,l\n1,2\n";
	char *path = make_file("feed", text, sizeof text - 1), *found;
	int saved = dup(STDIN_FILENO), fd = open(path, O_RDONLY | O_CLOEXEC);
	struct source *source;
	struct error err = { 0 };

	(void)state;
	assert_true(saved >= 0 && fd >= 0);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(source_open("-", &source, &err), STATUS_USAGE);
	assert_non_null(strstr(err.hint, "csv:-"));
	assert_int_equal(lseek(STDIN_FILENO, 0, SEEK_SET), 0);
	assert_int_equal(source_open("csv:-", &source, &err), STATUS_OK);
	found = read_source(source);
	assert_string_equal(found, "2[k=1|l=2]");
	source_close(source);
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
	close(fd);
	mem_free(found);
	drop(path);
}

/* --- What is in a table. */

static void check_column(const struct source_report *report, size_t index, const char *path, int64_t filled, const char *example)
{
	assert_string_equal(report->attributes.at[index].path, path);
	assert_int_equal(report->attributes.at[index].filled, filled);
	if (example)
		assert_string_equal(report->attributes.at[index].example, example);
	else
		assert_null(report->attributes.at[index].example);
}

static void test_check(void **state)
{
	static const char text[] = "name,identityMap,First Name,a.b,empty\nAnn,x,,1,\nshort\n,,\"B\x1b\"\"b\",2,\n";
	char *path = make_file("Club members.csv", text, sizeof text - 1);
	struct source_report report;

	(void)state;
	assert_int_equal(source_check(path, 0, NULL, &report, NULL), STATUS_OK);
	assert_string_equal(report.format, "csv");
	assert_int_equal(report.profiles, 2);
	assert_int_equal(report.bad_count, 1);
	assert_int_equal(report.bad.at[0].position, 3);
	assert_int_equal(report.audiences.count, 1);
	assert_string_equal(report.audiences.at[0].id, "Club members");
	assert_int_equal(report.audiences.at[0].realized, 2);
	assert_int_equal(report.attributes.count, 5);
	check_column(&report, 0, "name", 1, "Ann");
	check_column(&report, 1, "identityMap", 1, "x");
	check_column(&report, 2, "First Name", 1, "B\xef\xbf\xbd\"b");
	check_column(&report, 3, "\"a.b\"", 2, "1");
	check_column(&report, 4, "empty", 0, NULL);
	source_report_done(&report);
	drop(path);
}

static void check_empty(const char *text)
{
	char *path = make_file("people.csv", text, strlen(text));
	struct source_report report;
	struct error err = { 0 };

	assert_int_equal(source_check(path, 0, NULL, &report, &err), STATUS_FAILED);
	assert_string_equal(err.code, "empty_source");
	assert_string_not_equal(err.hint, "");
	source_report_done(&report);
	drop(path);
}

static void test_check_empty(void **state)
{
	(void)state;
	check_empty("");
	check_empty("\xef\xbb\xbf\n");
	check_empty("a,b\n");
	check_empty("a,b\n1\n");
}

/* A mapping's source becomes the name of a column, whatever dots it has. */
static void test_paths(void **state)
{
	static const struct {
		const char *source, *column;
	} cases[] = {
		{ "email", "email" },
		{ "First Name", "First Name" },
		{ "a.b", "a.b" },
		{ "\"a.b\"", "a.b" },
		{ "\"say \"\"hi\"\"\"", "say \"hi\"" },
		{ "identityMap.Email", "identityMap.Email" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct path *path = path_parse(cases[i].source, NULL);

		assert_non_null(path);
		path_be_column(path);
		assert_string_equal(path_column(path), cases[i].column);
		assert_false(path_is_identity(path));
		path_free(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_bad_rows),
		cmocka_unit_test(test_tabs),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_header_words),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_every_buffer_end),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_hole),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_standard_input),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_check_empty),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests_name("csv", tests, make_folder, remove_folder);
}
