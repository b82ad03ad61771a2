#include "tui/fuzzy.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <wctype.h>

enum { WORD_POINTS = 64, CHARACTER = 16, AT_WORD = 48, SIDE_BY_SIDE = 64, NONE = -1 };

/* Folded characters; bytes that are no UTF-8 stand for themselves. Returns how many. */
static size_t fold(const char *text, size_t length, uint32_t *out, size_t most)
{
	size_t count = 0;

	while (length && count < most) {
		uint32_t point = 0;
		size_t taken = text_next(text, length, &point);

		if (!taken) {
			point = (unsigned char)*text;
			taken = 1;
		}
		out[count++] = (uint32_t)towlower((wint_t)point);
		text += taken;
		length -= taken;
	}
	return count;
}

static bool begins_word(const uint32_t *text, size_t at)
{
	return !at || (!iswalnum((wint_t)text[at - 1]) && iswalnum((wint_t)text[at]));
}

/* Row after row of the pattern: the best score of what ends with that character at that place of the text. */
static int word_score(const uint32_t *word, size_t length, const uint32_t *text, size_t count)
{
	int rows[2][FUZZY_POINTS], best = NONE;

	for (size_t i = 0; i < length; i++) {
		int *now = rows[i & 1], *before = rows[~i & 1], most = i ? NONE : 0;

		best = NONE;
		for (size_t j = 0; j < count; j++) {
			int from = most;

			now[j] = NONE;
			if (i && j && before[j - 1] >= 0)
				from = before[j - 1] + SIDE_BY_SIDE > most ? before[j - 1] + SIDE_BY_SIDE : most;
			if (from >= 0 && word[i] == text[j])
				now[j] = from + CHARACTER + (begins_word(text, j) ? AT_WORD : 0);
			if (i && before[j] > most)
				most = before[j];
			if (now[j] > best)
				best = now[j];
		}
		if (best < 0)
			return NONE;
	}
	return best;
}

int fuzzy_score(const char *pattern, const char *text)
{
	uint32_t points[FUZZY_POINTS], word[WORD_POINTS];
	size_t count = fold(text, strlen(text), points, FUZZY_POINTS);
	int score = 0;

	if (!pattern[strspn(pattern, " ")])
		return 0;
	for (pattern += strspn(pattern, " "); *pattern; pattern += strspn(pattern, " ")) {
		size_t length = strcspn(pattern, " ");
		int one = word_score(word, fold(pattern, length, word, WORD_POINTS), points, count);

		if (one < 0)
			return -1;
		score += one;
		pattern += length;
	}
	return score * FUZZY_POINTS + (FUZZY_POINTS - (int)count);
}
