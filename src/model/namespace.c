#include "model/namespace.h"

#include "base/text.h"

#include <stddef.h>

/* Every word a namespace is known by, made from data/namespaces. */
static const struct {
	const char *word;
	const char *code;
} words[] = {
#include "model/namespaces.inc"
};

const char *namespace_canonical(const char *text)
{
	for (size_t i = 0; text && i < sizeof words / sizeof *words; i++) {
		if (text_case_eq(text, words[i].word))
			return words[i].code;
	}
	return text;
}

bool namespace_same(const char *a, const char *b)
{
	return text_case_eq(a, b) || text_case_eq(namespace_canonical(a), namespace_canonical(b));
}

bool namespace_is_ecid(const char *text)
{
	return text_case_eq(namespace_canonical(text), "ECID");
}

bool namespace_is_email(const char *text)
{
	return text_case_eq(namespace_canonical(text), "Email");
}
