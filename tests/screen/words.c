#include "words.h"

#include "base/mem.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The length of what follows the backslash at text; 0: it is wrong. */
static size_t decode_one(const char *text, struct str *out)
{
	static const char names[] = "\\ nrtez", values[] = "\\ \n\r\t\033";
	const char *at = *text ? strchr(names, *text) : NULL;

	if (at && *at != 'z')
		str_add_char(out, values[at - names]);
	if (at)
		return 1;
	if (*text != 'x' || digit(text[1]) < 0 || digit(text[2]) < 0)
		return 0;
	str_add_char(out, (char)(digit(text[1]) << 4 | digit(text[2])));
	return 3;
}

bool words_decode(const char *text, struct str *out)
{
	while (*text) {
		size_t length = 1;

		if (*text != '\\')
			str_add_char(out, *text);
		else if (!(length = decode_one(++text, out)))
			return false;
		text += length;
	}
	return true;
}

static size_t word_length(const char *text)
{
	size_t length = 0;

	while (text[length] && text[length] != ' ')
		length += text[length] == '\\' && text[length + 1] ? 2 : 1;
	return length;
}

int words_split(const char *line, char *words[WORDS_MAX + 1])
{
	int count = 0;

	memset(words, 0, (WORDS_MAX + 1) * sizeof *words);
	for (line += strspn(line, " "); *line; line += strspn(line, " ")) {
		size_t length = word_length(line);
		char *word = mem_strndup(line, length);
		struct str decoded = { 0 };
		bool good = words_decode(word, &decoded);

		mem_free(word);
		line += length;
		if (!good || count == WORDS_MAX) {
			str_done(&decoded);
			return -1;
		}
		words[count++] = str_take(&decoded);
	}
	return count;
}

void words_free(char *words[WORDS_MAX + 1])
{
	for (int i = 0; i < WORDS_MAX && words[i]; i++)
		mem_free(words[i]);
}

bool words_hex(const char *digits, struct str *out)
{
	for (; *digits; digits += 2) {
		if (digit(digits[0]) < 0 || digit(digits[1]) < 0)
			return false;
		str_add_char(out, (char)(digit(digits[0]) << 4 | digit(digits[1])));
	}
	return true;
}

bool words_number(const char *word, int low, int high, int *out)
{
	long long number;

	if (!word || !text_to_i64(word, low, high, &number))
		return false;
	*out = (int)number;
	return true;
}
