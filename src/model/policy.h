/*
 * Data usage governance, as on the Platform: labels say what data may not be used for, marketing actions say what a destination does with it, and an enabled
 * policy keeps the one from the other. Nothing here does I/O; a policy that is not enabled, and a destination without a marketing action, deny nothing.
 */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/destination.h"
#include "model/mapping.h"

#include <stdbool.h>
#include <stddef.h>

typedef VEC(char *) word_list;
void word_list_done(word_list *words);
bool word_list_has(const word_list *words, const char *word);
void word_list_add(word_list *words, const char *word); /* a copy, unless it is there */
/* "C1, C2"; appends. */
void word_list_write(const word_list *words, struct str *out);

/* ---- Labels: C1 to C12, I1, I2, S1, S2, PSPD, RHD, and custom ones. They compare with their case. */

enum { LABEL_BYTES = 64 };
/* Reads one label; core/C1 and custom/X, as audiences carry them, count as C1 and X. A custom one: letters of any script, digits, '_', '-' and '.', at most
 * LABEL_BYTES, neither a word of an expression nor a core label in another case. STATUS_USAGE. *out: free with mem_free; NULL after a failure. */
enum status label_parse(const char *text, char **out, struct error *err);
bool label_is_core(const char *label);
/* What a core label forbids or says, in the operator's language; NULL for a custom one. */
const char *label_meaning(const char *label);
size_t label_core_count(void);
const char *label_core(size_t index);

enum label_target { LABEL_ON_FIELD, LABEL_ON_AUDIENCE };
const char *label_target_text(enum label_target target); /* "field", "audience" */
bool label_target_parse(const char *text, enum label_target *out);

/* One label on one thing, as the store keeps it: on a source path of every dataflow (and on all paths below it), or on an audience's id or name. */
struct label_row {
	enum label_target target;
	char *name, *label;
};
typedef VEC(struct label_row) label_list;
void label_list_done(label_list *labels);
/* A field's path as mappings write it (`identityMap` alone is all identities). STATUS_USAGE. *out: free with mem_free. */
enum status label_path_parse(const char *text, char **out, struct error *err);

/* ---- Marketing actions: the core ones, and every other one that a custom policy names. */

size_t marketing_action_count(void);
const char *marketing_action_name(size_t index);  /* "emailTargeting" */
const char *marketing_action_title(size_t index); /* as the Platform's screens call it, not translated */
bool marketing_action_is_core(const char *name);
/* The form of a name: letters, digits, '_' and '-', at most LABEL_BYTES. STATUS_USAGE. */
enum status marketing_action_check(const char *name, struct error *err);

/* ---- Policies. */

struct policy {
	char *name, *description; /* description: NULL, none */
	bool is_core, enabled;
	char *deny;               /* as deny_parse writes it */
	word_list actions;        /* it is about any of them */
};
typedef VEC(struct policy) policy_list;
void policy_init(struct policy *policy);
void policy_done(struct policy *policy);
void policy_list_done(policy_list *policies);
const struct policy *policy_list_find(const policy_list *policies, const char *name); /* NULL: none */
size_t policy_core_count(void);
/* The core policy at index, not enabled. `out` is initialised here. */
void policy_core(size_t index, struct policy *out);
bool policy_is_core(const char *name);
/* A custom policy: its name, that it has an action, and the forms of its actions; deny is read and written anew. STATUS_USAGE. */
enum status policy_check(struct policy *policy, struct error *err);

enum { DENY_BYTES = 1024, DENY_DEPTH = 16 };
/* An expression over labels: `C1`, `C1 and C3`, `C2 or (C3 and I1)`; AND binds tighter than OR, the words go without case. *out: the same in one form, free
 * with mem_free. STATUS_USAGE for anything else, also what is longer than DENY_BYTES or deeper than DENY_DEPTH. */
enum status deny_parse(const char *text, char **out, struct error *err);

/* ---- Evaluation. */

/* What data goes to a destination: a source field of the mapping, or an audience. */
struct datum_label {
	char *label, *from; /* from: the path or audience that was labelled */
};
struct datum {
	enum label_target target;
	char *name;
	VEC(struct datum_label) labels;
};
typedef VEC(struct datum) data_list;
void data_list_done(data_list *data);
/* Adds every row of the mapping whose source is not there yet, with the labels it carries or inherits from a path above it. */
void data_add_mapping(data_list *data, const label_list *labels, const struct mapping *mapping);
/* The labels of one field, mapped or not. */
void data_field_labels(const label_list *labels, const char *source, word_list *out);
/* Adds the audiences with the labels on the word they are known by, their id or their name. */
void data_add_audiences(data_list *data, const label_list *labels, const struct dataflow *dataflow);

/* One who carries a label that the policy minds. */
struct carrier {
	enum label_target target;
	char *name, *label, *from;
	bool enough; /* without it the policy is kept */
};
struct violation {
	char *policy;
	word_list labels, actions; /* those that met */
	VEC(struct carrier) carriers;
};
typedef VEC(struct violation) violation_list;
void violation_list_done(violation_list *violations);
const struct violation *violation_list_find(const violation_list *violations, const char *policy);

/* Every enabled policy that is about one of the actions and whose expression holds over the labels of the fields together with those of one audience (so "C1 and
 * C3" is met only where one audience carries both). One violation a policy, in the policies' order. `out` is empty before. */
void policies_evaluate(const policy_list *policies, char *const *actions, size_t action_count, const data_list *data, violation_list *out);
/* Has `now` a label on a field or audience that `before` (may be NULL) had not? What was so already is no new violation. */
bool violation_is_worse(const struct violation *now, const struct violation *before);

/* What is violated, in one sentence: policy, action, labels and who carries them. Appends. */
void violation_write(const struct violation *violation, struct str *out);
/* What would resolve it, a sentence each with its command; any one of them does. flow: the dataflow, or NULL. */
void violation_resolve(const struct violation *violation, const struct mapping *mapping, const char *flow, const struct destination *destination, word_list *out);

#endif
