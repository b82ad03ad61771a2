/*
 * A table, one row a member (RFC 4180): the first row names the columns, and every other one comes as an object of its cells that are not empty, so that all who look
 * at messages can look at rows. More lenient than the RFC where nothing is lost by it: rows may end in LF alone, a quote within a cell that has not begun with one is a
 * character like any other, and blanks may follow a closing quote. What cannot be told for sure makes a bad line.
 *
 * Bytes are taken as they come, in whatever pieces: all that is remembered between two of them is in struct csv.
 */
#include "source/format.h"

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MOST = 10000, NAMES_TOLD = 5 };

/* Where in a row the next byte stands. */
enum place {
	CELL_BEGIN,
	CELL_PLAIN,
	CELL_QUOTED,
	CELL_QUOTE, /* a quote within quotes: the end of them, or the first half of one that is meant */
	CELL_AFTER, /* behind the closing quote */
	CELL_RETURN /* behind that, a carriage return */
};

struct csv {
	char separator;
	struct json_reader *reader;
	bool headed;         /* the header has been read */
	VEC(char *) names;
	VEC(char *) keys;    /* the same as they stand in the message: quoted, with the colon */
	int64_t line;        /* the number of newlines taken */
	/* The row at hand. */
	enum place place;
	size_t length;       /* bytes of it as they stand in the file, without its newline */
	char last;           /* of these */
	int64_t begins;      /* number of its first line */
	struct str text;     /* its cells, one behind the other */
	VEC(size_t) ends;    /* of the cells, in text */
	bool too_many, too_long, stray, open;
	bool quoted;         /* some cell is */
	struct str message, why;
};

static bool has_ending(const char *path, const char *ending)
{
	size_t length = strlen(path), tail = strlen(ending);

	return length >= tail && text_case_eq(path + length - tail, ending);
}

/* The first line that is not empty. */
static const char *first_line(const char *bytes, size_t *length)
{
	const char *newline;

	for (; *length > 0 && (*bytes == '\n' || *bytes == '\r'); --*length)
		bytes++;
	newline = memchr(bytes, '\n', *length);
	if (newline)
		*length = (size_t)(newline - bytes);
	return bytes;
}

/* A first line with separators, and without what begins other formats. */
static bool sniff(const char *bytes, size_t length)
{
	const char *line = first_line(bytes, &length);

	return (memchr(line, ',', length) || memchr(line, '\t', length)) && !memchr(line, '{', length) && !memchr(line, '<', length) && !memchr(line, '[', length) &&
		text_is_utf8(line, length, NULL);
}

static void *open_reader(const char *path, const char *bytes, size_t length)
{
	struct csv *csv = mem_alloc(sizeof *csv);
	const char *line = bytes ? first_line(bytes, &length) : NULL;
	bool tabs = line && !memchr(line, ',', length) && memchr(line, '\t', length);

	csv->separator = tabs || has_ending(path, ".tsv") ? '\t' : ',';
	csv->reader = json_reader_new();
	return csv;
}

static void close_reader(void *state)
{
	struct csv *csv = state;

	for (size_t i = 0; i < csv->names.count; i++) {
		mem_free(csv->names.at[i]);
		mem_free(csv->keys.at[i]);
	}
	vec_done(&csv->names);
	vec_done(&csv->keys);
	vec_done(&csv->ends);
	str_done(&csv->text);
	str_done(&csv->message);
	str_done(&csv->why);
	json_reader_free(csv->reader);
	mem_free(csv);
}

/* How many cells a row may have before it does not matter any more how many there are. */
static size_t cells_most(const struct csv *csv)
{
	return csv->headed ? csv->names.count : COLUMNS_MOST;
}

static void begin_row(struct csv *csv)
{
	csv->place = CELL_BEGIN;
	csv->length = 0;
	csv->last = '\0';
	csv->begins = csv->line + 1;
	csv->ends.count = 0;
	csv->too_many = csv->too_long = csv->stray = csv->open = csv->quoted = false;
	str_clear(&csv->text);
}

/* Of a row that is bad already nothing more needs to be held. */
static void add(struct csv *csv, const char *bytes, size_t count)
{
	if (!csv->too_long && !csv->too_many)
		str_add_bytes(&csv->text, bytes, count);
}

static void end_cell(struct csv *csv)
{
	if (csv->ends.count == cells_most(csv))
		csv->too_many = true;
	else
		vec_push(&csv->ends, csv->text.length);
	csv->place = CELL_BEGIN;
}

/* The carriage return before the newline is no part of the last cell. */
static void end_row(struct csv *csv)
{
	size_t begin = csv->ends.count ? csv->ends.at[csv->ends.count - 1] : 0;

	if (csv->place == CELL_PLAIN && csv->text.length > begin && csv->text.text[csv->text.length - 1] == '\r')
		csv->text.text[--csv->text.length] = '\0';
	end_cell(csv);
}

/* What stands before the next byte that means something, where most bytes do not. */
static size_t plain_length(const struct csv *csv, const char *bytes, size_t length)
{
	size_t i = 0;

	if (csv->place == CELL_QUOTED) {
		const char *quote = memchr(bytes, '"', length);

		return quote ? (size_t)(quote - bytes) : length;
	}
	while (i < length && bytes[i] != csv->separator && bytes[i] != '\n')
		i++;
	return i;
}

static int64_t count_lines(const char *bytes, size_t length)
{
	int64_t lines = 0;

	for (const char *at = bytes; (at = memchr(at, '\n', length - (size_t)(at - bytes))) != NULL; at++)
		lines++;
	return lines;
}

/* A byte outside of quotes; true when the row ends with it. */
static bool take_plain(struct csv *csv, char byte)
{
	if (byte == '\n') {
		end_row(csv);
		return true;
	}
	if (byte == csv->separator) {
		end_cell(csv);
	} else if (byte == '"' && csv->place == CELL_BEGIN) {
		csv->quoted = true;
		csv->place = CELL_QUOTED;
	} else {
		add(csv, &byte, 1);
		csv->place = CELL_PLAIN;
	}
	return false;
}

/* A byte behind a quoted cell; true when the row ends with it. */
static bool take_after(struct csv *csv, char byte)
{
	bool returned = csv->place == CELL_RETURN;

	if (byte == '\n' || (byte == csv->separator && !returned))
		return take_plain(csv, byte);
	if ((byte == '\r' || byte == ' ') && !returned) {
		csv->place = byte == ' ' ? CELL_AFTER : CELL_RETURN;
		return false;
	}
	csv->stray = true;
	csv->place = CELL_PLAIN;
	return take_plain(csv, byte);
}

/* One byte that means something; true when the row ends with it. */
static bool take_byte(struct csv *csv, char byte)
{
	if (csv->place == CELL_QUOTED) {
		csv->place = CELL_QUOTE; /* nothing else ends quoted text */
		return false;
	}
	if (csv->place == CELL_QUOTE && byte == '"') {
		add(csv, &byte, 1);
		csv->place = CELL_QUOTED;
		return false;
	}
	return csv->place >= CELL_QUOTE ? take_after(csv, byte) : take_plain(csv, byte);
}

/* Remembers how long the row is; of one that is too long for sure nothing more is held. */
static void count(struct csv *csv, const char *bytes, size_t length)
{
	if (length == 0)
		return;
	csv->length += length;
	csv->last = bytes[length - 1];
	csv->too_long = csv->too_long || csv->length > SOURCE_LINE_LIMIT + 1;
}

/* Takes bytes of the row; *used: how many. True when the row ends with the last of them. */
static bool take_bytes(struct csv *csv, const char *bytes, size_t length, size_t *used)
{
	size_t at = 0;
	bool ended = false;

	while (at < length && !ended) {
		size_t plain = csv->place == CELL_PLAIN || csv->place == CELL_QUOTED ? plain_length(csv, bytes + at, length - at) : 0;

		add(csv, bytes + at, plain);
		count(csv, bytes + at, plain);
		if (csv->place == CELL_QUOTED)
			csv->line += count_lines(bytes + at, plain);
		at += plain;
		if (at == length)
			break;
		csv->line += bytes[at] == '\n';
		ended = take_byte(csv, bytes[at]);
		count(csv, bytes + at, !ended);
		at++;
	}
	*used = at;
	return ended;
}

enum row { ROW_THERE, ROW_NONE, ROW_ERROR };

/* Reads a row to its end, which may be the end of the input. */
static enum row read_row(struct csv *csv, struct input *input, struct error *err)
{
	bool ended = false;

	begin_row(csv);
	while (!ended) {
		const char *bytes;
		size_t length, used;

		if (input_bytes(input, &bytes, &length, err) != STATUS_OK)
			return ROW_ERROR;
		if (length == 0)
			break;
		ended = take_bytes(csv, bytes, length, &used);
		input_take(input, used);
		input->line = csv->begins;
	}
	if (!ended && csv->length == 0)
		return ROW_NONE;
	if (!ended) {
		csv->open = csv->place == CELL_QUOTED;
		end_row(csv);
	}
	csv->too_long = csv->length - (csv->last == '\r') > SOURCE_LINE_LIMIT;
	return ROW_THERE;
}

/* An empty line, which is no row. */
static bool is_blank(const struct csv *csv)
{
	return csv->ends.count == 1 && !csv->too_many && !csv->quoted && !csv->too_long && strspn(str_text(&csv->text), " \t\r\v\f") == csv->text.length;
}

static const char *cell(const struct csv *csv, size_t index, size_t *length)
{
	size_t begin = index ? csv->ends.at[index - 1] : 0;

	*length = csv->ends.at[index] - begin;
	return str_text(&csv->text) + begin;
}

/* Cell by cell: half a character at the end of one must not be made whole by the next. */
static bool is_utf8(const struct csv *csv)
{
	for (size_t i = 0; i < csv->ends.count; i++) {
		size_t length;
		const char *text = cell(csv, i, &length);

		if (!text_is_utf8(text, length, NULL))
			return false;
	}
	return true;
}

/* Why nothing can be made of a row's bytes, or NULL. */
static const char *bytes_refusal(const struct csv *csv)
{
	if (csv->too_long)
		return _("the row is longer than 1 MiB");
	if (csv->open)
		return _("a double quote is not closed");
	if (memchr(str_text(&csv->text), '\0', csv->text.length))
		return _("a NUL character");
	if (!is_utf8(csv))
		return _("not UTF-8");
	if (csv->stray)
		return _("text follows a closing double quote");
	return NULL;
}

static const char *row_refusal(struct csv *csv)
{
	const char *why = bytes_refusal(csv);

	if (why)
		return why;
	str_clear(&csv->why);
	if (csv->too_many)
		str_add_format(&csv->why, _("the row has more cells than the header, which has %zu"), csv->names.count);
	else if (csv->ends.count < csv->names.count)
		str_add_format(&csv->why, _("the row has %zu cells, and the header %zu"), csv->ends.count, csv->names.count);
	return csv->why.length ? csv->why.text : NULL;
}

static void take_names(struct csv *csv)
{
	for (size_t i = 0; i < csv->ends.count; i++) {
		struct str key = { 0 };
		size_t length;
		const char *text = cell(csv, i, &length);
		char *name = text_trim(mem_strndup(text, length));

		json_quote(&key, name, strlen(name));
		str_add_char(&key, ':');
		vec_push(&csv->names, name);
		vec_push(&csv->keys, str_take(&key));
	}
}

static void tell(struct str *out, const char *text)
{
	str_add(out, out->length ? ", " : "");
	str_add(out, text);
}

/* The numbers of columns without a name. */
static void find_nameless(const struct csv *csv, struct str *out)
{
	size_t found = 0;

	for (size_t i = 0; i < csv->names.count; i++) {
		char number[24];

		if (*csv->names.at[i] || found++ >= NAMES_TOLD)
			continue;
		snprintf(number, sizeof number, "%zu", i + 1);
		tell(out, number);
	}
	if (found > NAMES_TOLD)
		tell(out, "..");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void find_doubled(const struct csv *csv, struct str *out)
{
	char **sorted = mem_array(csv->names.count, sizeof *sorted);
	size_t found = 0;

	memcpy(sorted, csv->names.at, csv->names.count * sizeof *sorted);
	qsort(sorted, csv->names.count, sizeof *sorted, by_name);
	for (size_t i = 1; i < csv->names.count; i++) {
		if (strcmp(sorted[i - 1], sorted[i]) != 0 || (i > 1 && strcmp(sorted[i - 2], sorted[i]) == 0))
			continue;
		if (found++ < NAMES_TOLD)
			tell(out, sorted[i]);
	}
	if (found > NAMES_TOLD)
		tell(out, "..");
	mem_free(sorted);
}

static enum status refuse(const struct input *input, const char *what, struct error *err)
{
	error_set(err, STATUS_USAGE, "header", _("%s: the header cannot be used: %s"), input->name, what);
	error_hint(err, _("The first line names the columns, each once, as UTF-8 with commas between (tabs in a .tsv file)."));
	return STATUS_USAGE;
}

static enum status refuse_names(const struct input *input, const char *words, struct str *names, struct error *err)
{
	char *what = names->length ? mem_printf("%s: %s", words, names->text) : NULL;
	enum status status = what ? refuse(input, what, err) : STATUS_OK;

	mem_free(what);
	str_done(names);
	return status;
}

static enum status check_names(const struct csv *csv, const struct input *input, struct error *err)
{
	struct str names = { 0 };
	enum status status;

	find_nameless(csv, &names);
	status = refuse_names(input, _("columns without a name"), &names, err);
	if (status != STATUS_OK)
		return status;
	find_doubled(csv, &names);
	return refuse_names(input, _("columns that stand there more than once"), &names, err);
}

/* Once; a source without a header has no columns and no rows. */
static enum status read_header(struct csv *csv, struct input *input, struct error *err)
{
	const char *why;
	enum row row;

	if (csv->headed)
		return STATUS_OK;
	do {
		row = read_row(csv, input, err);
	} while (row == ROW_THERE && is_blank(csv));
	if (row == ROW_ERROR)
		return err ? err->status : STATUS_FAILED;
	csv->headed = true;
	if (row == ROW_NONE)
		return STATUS_OK;
	why = bytes_refusal(csv);
	if (!why && csv->too_many)
		why = _("more than 10,000 columns");
	if (why)
		return refuse(input, why, err);
	take_names(csv);
	return check_names(csv, input, err);
}

static enum status columns(void *state, struct input *input, const char *const **names, size_t *count, struct error *err)
{
	struct csv *csv = state;
	enum status status = read_header(csv, input, err);

	*names = (const char *const *)csv->names.at;
	*count = csv->names.count;
	return status;
}

/* An object of the cells that are not empty. */
static enum source_next make_message(struct csv *csv, const struct json **message, const char **why)
{
	str_clear(&csv->message);
	str_add_char(&csv->message, '{');
	for (size_t i = 0; i < csv->ends.count; i++) {
		size_t length;
		const char *text = cell(csv, i, &length);

		if (length == 0)
			continue;
		if (csv->message.length > 1)
			str_add_char(&csv->message, ',');
		str_add(&csv->message, csv->keys.at[i]);
		json_quote(&csv->message, text, length);
	}
	str_add_char(&csv->message, '}');
	*message = json_reader_parse(csv->reader, csv->message.text, csv->message.length, why, NULL);
	if (*message)
		return SOURCE_PROFILE;
	*why = _(*why);
	return SOURCE_BAD;
}

/* Cells that are text. A row of several lines, too long or with an open quote may have swallowed others. */
static const struct json *readable_cells(struct csv *csv)
{
	if (csv->open || csv->too_long || csv->line > csv->begins)
		return NULL;
	str_clear(&csv->message);
	str_add_char(&csv->message, '[');
	for (size_t i = 0; i < csv->ends.count; i++) {
		size_t length;
		const char *text = cell(csv, i, &length);

		if (length == 0 || memchr(text, '\0', length) || !text_is_utf8(text, length, NULL))
			continue;
		if (csv->message.length > 1)
			str_add_char(&csv->message, ',');
		json_quote(&csv->message, text, length);
	}
	str_add_char(&csv->message, ']');
	return json_reader_parse(csv->reader, csv->message.text, csv->message.length, NULL, NULL);
}

static enum source_next next(void *state, struct input *input, const struct json **message, const char **why, struct error *err)
{
	struct csv *csv = state;

	if (read_header(csv, input, err) != STATUS_OK)
		return SOURCE_ERROR;
	for (;;) {
		switch (read_row(csv, input, err)) {
		case ROW_NONE:
			return SOURCE_END;
		case ROW_ERROR:
			return SOURCE_ERROR;
		case ROW_THERE:
			break;
		}
		if (is_blank(csv))
			continue;
		*why = row_refusal(csv);
		if (!*why)
			return make_message(csv, message, why);
		*message = readable_cells(csv);
		return SOURCE_BAD;
	}
}

static const char *const extensions[] = { ".csv", ".tsv", NULL };

const struct source_format csv_format = {
	.name = "csv",
	.extensions = extensions,
	.snapshot = true,
	.sniff = sniff,
	.open = open_reader,
	.close = close_reader,
	.columns = columns,
	.next = next,
};
