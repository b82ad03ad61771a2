/* How well a text fits what was typed loosely, for lists that are sorted by it. */
#ifndef TUI_FUZZY_H
#define TUI_FUZZY_H

/* Each word of the pattern has to be in the text, its characters in their order with anything between, capitals or not. -1: it does not fit. Else the higher the
 * better: beginnings of words and characters side by side count more, and of texts that fit alike the shorter one. An empty pattern fits everything with 0.
 * Only the first FUZZY_POINTS characters of the text are looked at. */
enum { FUZZY_POINTS = 256 };
int fuzzy_score(const char *pattern, const char *text);

#endif
