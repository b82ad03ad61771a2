/*
 * Expressions over labels: or-terms of and-terms of labels and brackets. One walk reads, writes and weighs: a tree would be read once and thrown away.
 */
#include "model/deny.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

struct walk {
	const char *at;
	const word_list *present; /* NULL: only read */
	word_list met;
	struct str out;           /* the same in one form */
	struct error *err;
	int depth;
	bool bad;
};

static bool walk_or(struct walk *w);

static void spaces(struct walk *w)
{
	w->at += strspn(w->at, " \t\r\n");
}

static void fail(struct walk *w, const char *why)
{
	if (w->bad)
		return;
	w->bad = true;
	error_set(w->err, STATUS_USAGE, "deny", _("the expression cannot be read: %s"), why);
	error_hint(w->err, _("Write labels with `and`, `or` and brackets, for example: C2 or (C3 and I1)"));
}

/* The word at hand, up to a space or a bracket. */
static size_t word_length(const struct walk *w)
{
	return strcspn(w->at, " \t\r\n()");
}

static bool take_word(struct walk *w, const char *word)
{
	char *here;
	bool same;

	spaces(w);
	here = mem_strndup(w->at, word_length(w));
	same = text_case_eq(here, word);
	mem_free(here);
	if (same)
		w->at += strlen(word);
	return same;
}

static void forget(struct walk *w, size_t count)
{
	while (w->met.count > count)
		mem_free(w->met.at[--w->met.count]);
}

static bool walk_label(struct walk *w)
{
	size_t length = word_length(w);
	char *word, *label = NULL;
	bool there;

	if (length == 0) {
		fail(w, *w->at ? _("a label is missing before a bracket") : _("it ends where a label is due"));
		return false;
	}
	word = mem_strndup(w->at, length);
	w->at += length;
	if (label_parse(word, &label, w->err) != STATUS_OK)
		w->bad = true;
	mem_free(word);
	if (!label)
		return false;
	str_add(&w->out, label);
	there = w->present && word_list_has(w->present, label);
	if (there)
		vec_push(&w->met, mem_strdup(label));
	mem_free(label);
	return there;
}

static bool walk_brackets(struct walk *w)
{
	bool holds;

	if (++w->depth > DENY_DEPTH) {
		fail(w, _("too many brackets in each other"));
		return false;
	}
	w->at++;
	str_add_char(&w->out, '(');
	holds = walk_or(w);
	spaces(w);
	if (!w->bad && *w->at != ')')
		fail(w, _("a bracket is not closed"));
	w->at += !w->bad;
	str_add_char(&w->out, ')');
	w->depth--;
	return holds;
}

static bool walk_one(struct walk *w)
{
	spaces(w);
	return *w->at == '(' ? walk_brackets(w) : walk_label(w);
}

static bool walk_and(struct walk *w)
{
	size_t before = w->met.count;
	bool holds = walk_one(w);

	while (!w->bad && take_word(w, "and")) {
		str_add(&w->out, " and ");
		holds = walk_one(w) && holds;
	}
	if (!holds)
		forget(w, before);
	return holds;
}

static bool walk_or(struct walk *w)
{
	bool holds = walk_and(w);

	while (!w->bad && take_word(w, "or")) {
		str_add(&w->out, " or ");
		holds = walk_and(w) || holds;
	}
	return holds;
}

static void walk_done(struct walk *w)
{
	word_list_done(&w->met);
	str_done(&w->out);
}

enum status deny_parse(const char *text, char **out, struct error *err)
{
	struct walk w = { .at = text, .err = err };

	*out = NULL;
	if (strlen(text) > DENY_BYTES) {
		fail(&w, _("it is too long"));
		return STATUS_USAGE;
	}
	walk_or(&w);
	spaces(&w);
	if (!w.bad && *w.at)
		fail(&w, *w.at == ')' ? _("a bracket is closed that was not opened") : _("`and` or `or` is missing between two labels"));
	if (!w.bad)
		*out = str_take(&w.out);
	walk_done(&w);
	return *out ? STATUS_OK : STATUS_USAGE;
}

bool deny_holds(const char *deny, const word_list *present, word_list *met)
{
	struct walk w = { .at = deny, .present = present };
	bool holds = walk_or(&w) && !w.bad;

	for (size_t i = 0; met && holds && i < w.met.count; i++)
		word_list_add(met, w.met.at[i]);
	walk_done(&w);
	return holds;
}
