#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* explicit_bzero */
#endif
#include "tui/keys.h"

#include "base/text.h"

#include <langinfo.h>
#include <string.h>

enum { REPLACEMENT = 0xfffd };

void keys_init(struct keys *keys, keys_fn fn, void *self, bool marks)
{
	const char *codeset = nl_langinfo(CODESET);

	*keys = (struct keys){ .fn = fn, .self = self, .marks = marks, .last_text = -KEYS_BURST_MS };
	/* In the C locale whatever comes beyond ASCII is most likely UTF-8. */
	keys->utf8 = strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "ANSI_X3.4-1968") == 0;
}

static void wipe(struct str *s)
{
	if (s->text)
		explicit_bzero(s->text, s->capacity);
	str_clear(s);
}

void keys_done(struct keys *keys)
{
	wipe(&keys->paste);
	wipe(&keys->burst);
	str_done(&keys->paste);
	str_done(&keys->burst);
}

static void add_point(struct str *s, uint32_t point)
{
	char bytes[PRESS_BYTES];
	size_t length = press_encode(point, bytes);

	if (s->length + length > PRESS_PASTE_LIMIT)
		return;
	if (!s->text)
		str_reserve(s, PRESS_PASTE_LIMIT);
	str_add_bytes(s, bytes, length);
}

static void hand_on_paste(struct keys *keys, struct str *text)
{
	keys->fn(keys->self, &(struct press){ .kind = PRESS_PASTE, .text = str_text(text), .length = text->length });
	wipe(text);
}

/* Text and Enters one by one, as they were typed. */
static void hand_on_typed(struct keys *keys)
{
	const char *text = str_text(&keys->burst);
	size_t left = keys->burst.length, step;
	uint32_t point;

	for (; left && (step = text_next(text, left, &point)); text += step, left -= step) {
		struct press press = { .kind = PRESS_CHARACTER, .point = point };

		if (point == '\n')
			press = (struct press){ .kind = PRESS_ENTER };
		keys->fn(keys->self, &press);
	}
	wipe(&keys->burst);
}

/* Whether what was gathered is a paste. A lone Enter is held back (true is returned) to see whether text follows. */
static bool end_burst(struct keys *keys, int64_t now, bool hold)
{
	bool text_near = keys->burst_texts || now - keys->last_text < KEYS_BURST_MS;

	if (!keys->burst.length)
		return false;
	if (keys->burst_enters && !text_near && hold) {
		keys->held_since = keys->held_since ? keys->held_since : now;
		return true;
	}
	if (keys->burst_texts || text_near)
		keys->last_text = now;
	if (keys->burst_enters && text_near)
		hand_on_paste(keys, &keys->burst);
	else
		hand_on_typed(keys);
	keys->burst_texts = keys->burst_enters = 0;
	keys->held_since = 0;
	return false;
}

static void hand_on(struct keys *keys, struct press press, int64_t now)
{
	bool text = press.kind == PRESS_CHARACTER, enter = press.kind == PRESS_ENTER;

	if (keys->marks || !(text || enter)) {
		end_burst(keys, now, false);
		keys->fn(keys->self, &press);
		return;
	}
	add_point(&keys->burst, enter ? '\n' : press.point);
	keys->burst_texts += text;
	keys->burst_enters += enter;
}

static void hand_on_key(struct keys *keys, enum press_kind kind, int64_t now)
{
	hand_on(keys, (struct press){ .kind = kind }, now);
}

static void end_paste(struct keys *keys)
{
	keys->state = KEYS_PLAIN;
	keys->end_matched = 0;
	hand_on_paste(keys, &keys->paste);
}

static void paste_newline(struct keys *keys, uint32_t point)
{
	if (point == '\r' || !keys->after_return)
		add_point(&keys->paste, '\n');
	keys->after_return = point == '\r';
}

/* The end mark is also looked for here: when it arrives in pieces curses does not know it. */
static void paste_point(struct keys *keys, uint32_t point)
{
	static const char mark[] = "\033[201~";

	if (point == (unsigned char)mark[keys->end_matched]) {
		if (!mark[++keys->end_matched])
			end_paste(keys);
		return;
	}
	for (size_t i = 0; i < keys->end_matched; i++)
		add_point(&keys->paste, (unsigned char)mark[i]);
	keys->end_matched = point == (unsigned char)mark[0];
	if (keys->end_matched)
		return;
	if (point == '\r' || point == '\n') {
		paste_newline(keys, point);
		return;
	}
	keys->after_return = false;
	add_point(&keys->paste, point);
}

static void control(struct keys *keys, uint32_t point, int64_t now)
{
	if (point == '\r' || point == '\n')
		hand_on_key(keys, PRESS_ENTER, now);
	else if (point == '\t')
		hand_on_key(keys, PRESS_TAB, now);
	else if (point == '\b' || point == 0x7f)
		hand_on_key(keys, PRESS_BACKSPACE, now);
	else if (point >= 1 && point <= 26)
		hand_on(keys, (struct press){ .kind = PRESS_CONTROL, .point = point - 1 + 'a' }, now);
}

static void typed(struct keys *keys, uint32_t point, int64_t now)
{
	if (point == 0x1b)
		keys->state = KEYS_ESCAPED;
	else if (point < 0x20 || point == 0x7f)
		control(keys, point, now);
	else
		hand_on(keys, (struct press){ .kind = PRESS_CHARACTER, .point = point }, now);
}

/* The sequence was none: Escape, then what was typed after it. */
static void give_up_sequence(struct keys *keys, int64_t now)
{
	size_t length = keys->sequence_length;

	if (keys->state != KEYS_ESCAPED && keys->state != KEYS_SEQUENCE)
		return;
	keys->state = KEYS_PLAIN;
	keys->sequence_length = 0;
	hand_on_key(keys, PRESS_ESCAPE, now);
	for (size_t i = 0; i < length; i++)
		typed(keys, (unsigned char)keys->sequence[i], now);
}

/* Behind an Escape. A whole sequence that curses did not know (a key nobody asked for, a report) is thrown away: taken apart it would be
 * Escape and letters that mean something. Returns false when the point is not part of one. */
static bool sequence_point(struct keys *keys, uint32_t point, int64_t now)
{
	bool opens = point == '[' || point == 'O', fits = point >= 0x20 && point <= 0x7e && keys->sequence_length < sizeof keys->sequence;

	if (keys->state == KEYS_ESCAPED ? !opens : !fits) {
		give_up_sequence(keys, now);
		return false;
	}
	/* ESC O and one character; ESC [, numbers and a final character, where ESC [ [ is a beginning that Linux has. */
	if (keys->state == KEYS_SEQUENCE && (keys->sequence[0] == 'O' || (point >= 0x40 && !(keys->sequence_length == 1 && point == '[')))) {
		keys->state = KEYS_PLAIN;
		keys->sequence_length = 0;
		return true;
	}
	keys->state = KEYS_SEQUENCE;
	keys->sequence[keys->sequence_length++] = (char)point;
	return true;
}

static void take_point(struct keys *keys, uint32_t point, int64_t now)
{
	if (keys->state == KEYS_PASTING)
		paste_point(keys, point);
	else if (keys->state == KEYS_PLAIN || !sequence_point(keys, point, now))
		typed(keys, point, now);
}

/* A broken beginning is one U+FFFD; the byte that broke it may begin something itself. */
static void utf8_byte(struct keys *keys, char byte, int64_t now)
{
	static const unsigned char lengths[] = { 0xc2, 2, 0xe0, 3, 0xf0, 4, 0xf5, 0 };
	size_t wanted = 0;
	uint32_t point;

	if (keys->partial_length && ((unsigned char)byte & 0xc0) != 0x80) {
		keys->partial_length = 0;
		take_point(keys, REPLACEMENT, now);
	}
	keys->partial[keys->partial_length++] = byte;
	for (size_t i = 0; i < sizeof lengths; i += 2)
		if ((unsigned char)keys->partial[0] >= lengths[i])
			wanted = lengths[i + 1];
	if (wanted > keys->partial_length)
		return;
	if (!text_next(keys->partial, keys->partial_length, &point))
		point = REPLACEMENT;
	keys->partial_length = 0;
	take_point(keys, point, now);
}

static void locale_byte(struct keys *keys, char byte, int64_t now)
{
	wchar_t wide = 0;
	size_t taken = mbrtowc(&wide, &byte, 1, &keys->shift);

	if (taken == (size_t)-2)
		return;
	if (taken == (size_t)-1) {
		keys->shift = (mbstate_t){ 0 };
		wide = REPLACEMENT;
	}
	take_point(keys, (uint32_t)wide, now);
}

static void key(struct keys *keys, int code, int64_t now)
{
	if (keys->state == KEYS_PASTING) { /* a key inside a paste is text that looked like one */
		if (code == KEYS_PASTE_END)
			end_paste(keys);
		return;
	}
	give_up_sequence(keys, now);
	if (code == KEYS_PASTE_BEGIN) {
		end_burst(keys, now, false);
		keys->marks = true;
		keys->state = KEYS_PASTING;
		keys->after_return = false;
	} else if (code < KEYS_PASTE_BEGIN) {
		hand_on_key(keys, (enum press_kind)(code - KEYS_FIRST), now);
	}
}

void keys_code(struct keys *keys, int code, int64_t now)
{
	if (code >= KEYS_FIRST)
		key(keys, code, now);
	else if (keys->utf8)
		utf8_byte(keys, (char)code, now);
	else
		locale_byte(keys, (char)code, now);
}

int keys_pause(struct keys *keys, int64_t now)
{
	give_up_sequence(keys, now);
	if (keys->state == KEYS_PASTING)
		return KEYS_SILENCE_MS;
	return end_burst(keys, now, true) ? KEYS_BURST_MS : 0;
}

void keys_late(struct keys *keys, int64_t now)
{
	if (keys->state == KEYS_PASTING)
		end_paste(keys);
	else
		end_burst(keys, now, false);
}
