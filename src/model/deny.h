/* Expressions over labels. Inside model/ only; deny_parse stands in policy.h. */
#ifndef MODEL_DENY_H
#define MODEL_DENY_H

#include "model/policy.h"

/* Does an expression that deny_parse wrote hold over `present`? *met (may be NULL) gets the labels that make it so. */
bool deny_holds(const char *deny, const word_list *present, word_list *met);

#endif
