/* Identity namespaces and their aliases (data/namespaces). */
#ifndef MODEL_NAMESPACE_H
#define MODEL_NAMESPACE_H

#include <stdbool.h>

/* The canonical code ("Email", "ECID") for a code or alias, compared without case; the text itself when unknown. */
const char *namespace_canonical(const char *text);
bool namespace_same(const char *a, const char *b);
bool namespace_is_ecid(const char *text);
bool namespace_is_email(const char *text);

#endif
