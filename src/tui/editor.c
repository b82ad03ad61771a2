#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* explicit_bzero, wcwidth */
#endif
#include "tui/editor.h"

#include "base/mem.h"
#include "base/text.h"
#include "tui/cells.h"

#include <string.h>
#include <wchar.h>

static size_t limit_of(const struct editor *editor)
{
	return editor->limit ? editor->limit : EDITOR_LIMIT;
}

/* Room for `more` bytes. What str_reserve leaves behind when the text moves would be a copy of a secret. */
static void reserve(struct str *text, size_t more)
{
	struct str bigger = { 0 };

	if (text->length + more < text->capacity)
		return;
	str_reserve(&bigger, 2 * (text->length + more) + 64);
	str_add_bytes(&bigger, str_text(text), text->length);
	mem_wipe_free(text->text, text->text ? text->capacity : 0);
	*text = bigger;
}

static void wipe(struct str *text)
{
	if (text->text)
		explicit_bzero(text->text, text->capacity);
	str_clear(text);
}

static void insert(struct editor *editor, const char *bytes, size_t length)
{
	struct str *text = &editor->text;

	reserve(text, length);
	memmove(text->text + editor->at + length, text->text + editor->at, text->length - editor->at + 1);
	memcpy(text->text + editor->at, bytes, length);
	text->length += length;
	editor->at += length;
}

/* Takes out what lies between two places; the bytes freed at the end are overwritten. */
static enum editor_result cut_out(struct editor *editor, size_t from, size_t to)
{
	struct str *text = &editor->text;
	size_t gone = to - from;

	editor->at = from;
	if (!gone)
		return EDITOR_MOVED;
	memmove(text->text + from, text->text + to, text->length - to);
	explicit_bzero(text->text + text->length - gone, gone);
	text->length -= gone;
	return EDITOR_CHANGED;
}

/* A mark belongs to the character before it: the cursor never stands between them. */
static bool is_mark(const char *text, size_t length)
{
	uint32_t point;

	return text_next(text, length, &point) && point >= 0x80 && wcwidth((wchar_t)point) == 0;
}

static size_t step_back(const struct editor *editor, size_t at)
{
	const char *text = str_text(&editor->text);

	while (at) {
		do
			at--;
		while (at && ((unsigned char)text[at] & 0xc0) == 0x80);
		if (!is_mark(text + at, editor->text.length - at))
			break;
	}
	return at;
}

static size_t step_on(const struct editor *editor, size_t at)
{
	const char *text = str_text(&editor->text);
	size_t length = editor->text.length;
	uint32_t point;

	if (at < length)
		at += text_next(text + at, length - at, &point);
	while (at < length && is_mark(text + at, length - at))
		at += text_next(text + at, length - at, &point);
	return at;
}

static size_t word_back(const struct editor *editor)
{
	const char *text = str_text(&editor->text);
	size_t at = editor->at;

	while (at && text[at - 1] == ' ')
		at--;
	while (at && text[at - 1] != ' ')
		at--;
	return at;
}

static bool is_white(uint32_t point)
{
	return point == ' ' || (point >= '\t' && point <= '\r') || point == 0xa0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200a) ||
		point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000;
}

/* What may never be in a field, wherever it stands in what is pasted. */
static bool is_dropped(uint32_t point)
{
	return text_is_unsafe(point);
}

/* The next character; broken bytes come one by one as 0, which is dropped. */
static size_t next(const char *text, size_t length, uint32_t *point)
{
	size_t taken = text_next(text, length, point);

	if (!taken)
		*point = 0;
	return taken ? taken : 1;
}

/* Skips outer white space at the beginning, also where dropped characters stand between. Returns the bytes, counts the characters. */
static size_t skip_outer(const char *text, size_t length, int *cut)
{
	size_t at = 0, taken;
	uint32_t point;

	while (at < length) {
		taken = next(text + at, length - at, &point);
		if (!is_white(point) && !is_dropped(point))
			break;
		at += taken;
		++*cut;
	}
	return at;
}

/* Where the last character that stays ends. */
static size_t end_of_kept(const char *text, size_t length)
{
	size_t end = 0, at = 0;
	uint32_t point;

	while (at < length) {
		at += next(text + at, length - at, &point);
		if (!is_white(point) && !is_dropped(point))
			end = at;
	}
	return end;
}

/* Inserts text from outside without what may not be in a field, as far as the limit allows; cut counts what stays outside. */
static void insert_clean(struct editor *editor, const char *text, size_t length, size_t end)
{
	size_t at = 0, taken;
	uint32_t point;
	bool full = false;

	reserve(&editor->text, end); /* once: no copies on the way */
	for (; at < length; at += taken) {
		taken = next(text + at, length - at, &point);
		full |= !is_dropped(point) && at < end && editor->text.length + taken > limit_of(editor);
		if (full || at >= end || is_dropped(point))
			editor->cut++;
		else
			insert(editor, text + at, taken);
	}
}

static enum editor_result paste(struct editor *editor, const char *text, size_t length)
{
	size_t before = editor->text.length, skipped;

	editor->cut = 0;
	skipped = skip_outer(text, length, &editor->cut);
	text += skipped;
	length -= skipped;
	insert_clean(editor, text, length, end_of_kept(text, length));
	return editor->text.length != before ? EDITOR_CHANGED : EDITOR_MOVED;
}

static enum editor_result character(struct editor *editor, uint32_t point)
{
	char bytes[PRESS_BYTES];
	size_t length = press_encode(point, bytes);

	if (text_is_unsafe(point) || editor->text.length + length > limit_of(editor))
		return EDITOR_IGNORED;
	insert(editor, bytes, length);
	explicit_bzero(bytes, sizeof bytes);
	return EDITOR_CHANGED;
}

static enum editor_result move_to(struct editor *editor, size_t at)
{
	editor->at = at;
	return EDITOR_MOVED;
}

static enum editor_result control(struct editor *editor, uint32_t letter)
{
	switch (letter) {
	case 'u': return cut_out(editor, 0, editor->at);
	case 'k': return cut_out(editor, editor->at, editor->text.length);
	case 'w': return cut_out(editor, word_back(editor), editor->at);
	default: return EDITOR_IGNORED;
	}
}

enum editor_result editor_press(struct editor *editor, const struct press *press)
{
	switch (press->kind) {
	case PRESS_CHARACTER: return character(editor, press->point);
	case PRESS_PASTE: return paste(editor, press->text, press->length);
	case PRESS_CONTROL: return control(editor, press->point);
	case PRESS_BACKSPACE: return cut_out(editor, step_back(editor, editor->at), editor->at);
	case PRESS_DELETE: return cut_out(editor, editor->at, step_on(editor, editor->at));
	case PRESS_LEFT: return move_to(editor, step_back(editor, editor->at));
	case PRESS_RIGHT: return move_to(editor, step_on(editor, editor->at));
	case PRESS_HOME: return move_to(editor, 0);
	case PRESS_END: return move_to(editor, editor->text.length);
	default: return EDITOR_IGNORED;
	}
}

void editor_init(struct editor *editor, const char *text, bool secret)
{
	*editor = (struct editor){ .secret = secret };
	editor_set(editor, text);
}

void editor_done(struct editor *editor)
{
	wipe(&editor->text);
	str_done(&editor->text);
	*editor = (struct editor){ 0 };
}

void editor_set(struct editor *editor, const char *text)
{
	wipe(&editor->text);
	editor->at = 0;
	if (text)
		insert_clean(editor, text, strlen(text), strlen(text));
	editor->cut = 0;
}
