#include "tui/press.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const struct {
	enum press_kind kind;
	const char *name;
} named[] = {
	{ PRESS_ENTER, "Enter" },
	{ PRESS_ESCAPE, "Esc" },
	{ PRESS_TAB, "Tab" },
	{ PRESS_BACKTAB, "Shift-Tab" },
	{ PRESS_BACKSPACE, "Backspace" },
	{ PRESS_DELETE, "Delete" },
	{ PRESS_UP, "Up" },
	{ PRESS_DOWN, "Down" },
	{ PRESS_LEFT, "Left" },
	{ PRESS_RIGHT, "Right" },
	{ PRESS_HOME, "Home" },
	{ PRESS_END, "End" },
	{ PRESS_PAGE_UP, "PgUp" },
	{ PRESS_PAGE_DOWN, "PgDn" },
	{ PRESS_F1, "F1" },
	{ PRESS_PASTE, "Paste" },
};
enum { NAMED = sizeof named / sizeof *named };

static size_t encode(uint32_t point, char *out)
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | (point >> 18 & 7));
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

size_t press_encode(uint32_t point, char out[PRESS_BYTES])
{
	size_t length = encode(point, out);

	out[length] = '\0';
	return length;
}

char *press_name(const struct press *press, char buffer[PRESS_NAME])
{
	buffer[0] = '\0';
	if (press->kind == PRESS_CHARACTER && press->point == ' ')
		snprintf(buffer, PRESS_NAME, "Space");
	else if (press->kind == PRESS_CHARACTER)
		press_encode(press->point, buffer);
	else if (press->kind == PRESS_CONTROL)
		snprintf(buffer, PRESS_NAME, "Ctrl-%c", (char)(press->point - 'a' + 'A'));
	for (size_t i = 0; i < NAMED; i++)
		if (named[i].kind == press->kind)
			snprintf(buffer, PRESS_NAME, "%s", named[i].name);
	return buffer;
}

/* "Ctrl-" with a letter. H, I, J and M never arrive as such: they are Backspace, Tab and Enter. */
static bool parse_control(const char *name, struct press *out)
{
	char letter;

	if (strncmp(name, "Ctrl-", 5) != 0 || !name[5] || name[6])
		return false;
	letter = name[5] >= 'A' && name[5] <= 'Z' ? (char)(name[5] - 'A' + 'a') : name[5];
	if (letter < 'a' || letter > 'z' || strchr("hijm", letter))
		return false;
	*out = (struct press){ .kind = PRESS_CONTROL, .point = (uint32_t)letter };
	return true;
}

bool press_parse(const char *name, struct press *out)
{
	uint32_t point = 0;
	size_t length = strlen(name);

	for (size_t i = 0; i < NAMED; i++)
		if (strcmp(name, named[i].name) == 0) {
			*out = (struct press){ .kind = named[i].kind };
			return true;
		}
	if (parse_control(name, out))
		return true;
	if (strcmp(name, "Space") == 0)
		point = ' ';
	else if (!length || text_next(name, length, &point) != length || point <= ' ' || text_is_unsafe(point))
		return false;
	*out = (struct press){ .kind = PRESS_CHARACTER, .point = point };
	return true;
}

bool press_same(const struct press *a, const struct press *b)
{
	bool pointed = a->kind == PRESS_CHARACTER || a->kind == PRESS_CONTROL;

	return a->kind == b->kind && (!pointed || a->point == b->point);
}

struct press press_twin(const struct press *press)
{
	static const struct {
		char letter;
		enum press_kind kind;
	} twins[] = { { 'h', PRESS_LEFT }, { 'j', PRESS_DOWN }, { 'k', PRESS_UP }, { 'l', PRESS_RIGHT }, { 'g', PRESS_HOME }, { 'G', PRESS_END } };

	for (size_t i = 0; press->kind == PRESS_CHARACTER && i < sizeof twins / sizeof *twins; i++)
		if (press->point == (uint32_t)twins[i].letter)
			return (struct press){ .kind = twins[i].kind };
	return *press;
}
