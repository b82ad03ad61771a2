/* What was typed, decoded: one press is one key, one character or one paste. */
#ifndef TUI_PRESS_H
#define TUI_PRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum press_kind {
	PRESS_NONE,
	PRESS_CHARACTER, /* `point` */
	PRESS_PASTE,     /* `text`: UTF-8, at most PRESS_PASTE_LIMIT bytes, newlines as \n */
	PRESS_CONTROL,   /* Ctrl with a letter: `point` is the lower-case letter */
	PRESS_ENTER,
	PRESS_ESCAPE,
	PRESS_TAB,
	PRESS_BACKTAB,
	PRESS_BACKSPACE,
	PRESS_DELETE,
	PRESS_UP,
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_HOME,
	PRESS_END,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_F1,
	PRESS_CLICK, /* at `row`, `column` */
};

enum { PRESS_PASTE_LIMIT = 64 * 1024 };

struct press {
	enum press_kind kind;
	uint32_t point;
	const char *text; /* of a paste; lives as long as the handler runs */
	size_t length;
	int row, column; /* cells from the top left */
};

/* The key as help and hints write it: "Enter", "Ctrl-N", "PgUp", "a", "Space". buffer holds PRESS_NAME bytes. Returns it. */
enum { PRESS_NAME = 24 };
char *press_name(const struct press *press, char buffer[PRESS_NAME]);
/* The other way round, for key tables: false when the name is none. */
bool press_parse(const char *name, struct press *out);
bool press_same(const struct press *a, const struct press *b); /* kind and point */
/* Outside of fields letters are keys: h j k l the arrows, g and G Home and End. The press that it stands for; itself where it is none of these. */
struct press press_twin(const struct press *press);

/* A character as UTF-8 with its NUL; returns the bytes before that. */
enum { PRESS_BYTES = 5 };
size_t press_encode(uint32_t point, char out[PRESS_BYTES]);

#endif
