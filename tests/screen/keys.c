#include "keys.h"

#include "base/text.h"
#include "terminal.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	VTermKey key;
	VTermModifier modifier;
} named[] = {
	{ "Enter", VTERM_KEY_ENTER, VTERM_MOD_NONE },
	{ "Esc", VTERM_KEY_ESCAPE, VTERM_MOD_NONE },
	{ "Tab", VTERM_KEY_TAB, VTERM_MOD_NONE },
	{ "BackTab", VTERM_KEY_TAB, VTERM_MOD_SHIFT },
	{ "Backspace", VTERM_KEY_BACKSPACE, VTERM_MOD_NONE },
	{ "Up", VTERM_KEY_UP, VTERM_MOD_NONE },
	{ "Down", VTERM_KEY_DOWN, VTERM_MOD_NONE },
	{ "Left", VTERM_KEY_LEFT, VTERM_MOD_NONE },
	{ "Right", VTERM_KEY_RIGHT, VTERM_MOD_NONE },
	{ "PageUp", VTERM_KEY_PAGEUP, VTERM_MOD_NONE },
	{ "PageDown", VTERM_KEY_PAGEDOWN, VTERM_MOD_NONE },
	{ "Home", VTERM_KEY_HOME, VTERM_MOD_NONE },
	{ "End", VTERM_KEY_END, VTERM_MOD_NONE },
	{ "Insert", VTERM_KEY_INS, VTERM_MOD_NONE },
	{ "Delete", VTERM_KEY_DEL, VTERM_MOD_NONE },
	{ "ShiftUp", VTERM_KEY_UP, VTERM_MOD_SHIFT },
	{ "ShiftDown", VTERM_KEY_DOWN, VTERM_MOD_SHIFT },
};

static int find_named(const char *name)
{
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (!strcmp(named[i].name, name))
			return (int)i;
	return -1;
}

static int function_key(const char *name)
{
	char *end;
	long number = name[0] == 'F' && name[1] >= '1' && name[1] <= '9' ? strtol(name + 1, &end, 10) : 0;

	return number >= 1 && number <= 24 && !*end ? (int)number : 0;
}

/* The byte of Ctrl and a character; -1: there is none. libvterm would encode some of them in a way that no terminal does by itself. */
static int control_byte(const char *name)
{
	char c;

	if (strncmp(name, "Ctrl-", 5) != 0)
		return -1;
	c = name[5];
	if (!strcmp(name + 5, "Space"))
		return 0;
	if (!c || name[6])
		return -1;
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	return c >= '@' && c <= '_' ? c & 0x1f : -1;
}

/* One character of any length, or Space. */
static uint32_t character(const char *name)
{
	uint32_t point = 0;
	size_t length = strlen(name);

	if (!strcmp(name, "Space"))
		return ' ';
	return length && text_next(name, length, &point) == length ? point : 0;
}

bool keys_known(const char *name)
{
	if (!strncmp(name, "Alt-", 4))
		return character(name + 4) != 0;
	return find_named(name) >= 0 || function_key(name) || control_byte(name) >= 0 || character(name);
}

bool keys_partly(const char *name)
{
	return !strcmp(name, "Esc") || !strcmp(name, "Ctrl-[");
}

bool keys_press(struct terminal *t, const char *name)
{
	int index = find_named(name), number = function_key(name), control = control_byte(name);
	char byte = (char)control;

	if (!keys_known(name))
		return false;
	if (index >= 0)
		vterm_keyboard_key(t->vterm, named[index].key, named[index].modifier);
	else if (number)
		vterm_keyboard_key(t->vterm, (VTermKey)VTERM_KEY_FUNCTION(number), VTERM_MOD_NONE);
	else if (control >= 0)
		terminal_send(t, &byte, 1);
	else if (!strncmp(name, "Alt-", 4))
		vterm_keyboard_unichar(t->vterm, character(name + 4), VTERM_MOD_ALT);
	else
		vterm_keyboard_unichar(t->vterm, character(name), VTERM_MOD_NONE);
	return true;
}

void keys_paste(struct terminal *t, const char *text, size_t length)
{
	struct str bytes = { 0 };

	str_add_bytes(&bytes, text, length);
	for (size_t i = 0; i < length; i++)
		if (bytes.text[i] == '\n')
			bytes.text[i] = '\r';
	vterm_keyboard_start_paste(t->vterm);
	terminal_send(t, str_text(&bytes), length);
	vterm_keyboard_end_paste(t->vterm);
	str_done(&bytes);
}
