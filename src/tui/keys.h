/* From what curses reads to presses. Knows no curses: codes go in, presses come out, time is told. Private to tui/. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include "base/str.h"
#include "tui/press.h"

#include <stdbool.h>
#include <stdint.h>
#include <wchar.h>

typedef void (*keys_fn)(void *self, const struct press *press);

/* Codes: 0 to 255 are bytes as they came, KEYS_FIRST and up are keys that curses knew. */
enum {
	KEYS_FIRST = 256,
	KEYS_PASTE_BEGIN = KEYS_FIRST + 64,
	KEYS_PASTE_END,
	KEYS_UNKNOWN, /* a key without a meaning here */
};

enum {
	KEYS_BURST_MS = 20,     /* nobody types so fast: within it, text and Enter are one paste */
	KEYS_SILENCE_MS = 5000, /* a paste whose end does not come is over then */
};

enum keys_state { KEYS_PLAIN, KEYS_ESCAPED, KEYS_SEQUENCE, KEYS_PASTING };

struct keys {
	keys_fn fn;
	void *self;
	bool marks; /* the terminal marks where a paste begins and ends */
	bool utf8;  /* what is typed is UTF-8; else it is in the locale's codeset */
	enum keys_state state;
	char sequence[32]; /* an escape sequence so far, without its escape */
	size_t sequence_length;
	char partial[4]; /* a character so far */
	size_t partial_length;
	mbstate_t shift;
	struct str paste; /* never grows past its first reservation, so that what is pasted leaves no copies */
	size_t end_matched;
	bool after_return;
	struct str burst; /* unmarked text and Enters not handed on yet, Enter as \n */
	int burst_texts, burst_enters;
	int64_t last_text, held_since; /* ms; held_since 0: no Enter is held back */
};

void keys_init(struct keys *keys, keys_fn fn, void *self, bool marks);
void keys_done(struct keys *keys);
/* enum press_kind + KEYS_FIRST is the code of a key. */
void keys_code(struct keys *keys, int code, int64_t now);
/* Nothing more is there for now. Returns in how many ms keys_late is to be called if nothing else comes; 0: not at all. */
int keys_pause(struct keys *keys, int64_t now);
void keys_late(struct keys *keys, int64_t now);

#endif
