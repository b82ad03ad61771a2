#include "screens/hints.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "screens/actions.h"
#include "screens/browse.h"

#include <stdbool.h>
#include <string.h>

/* Options that a screen has keys for. */
static const struct {
	const char *option;
	enum action action;
} options[] = {
	{ "--list-folder ", ACT_FOLDER },
	{ "--list ", ACT_LIST },
	{ "--source", ACT_SOURCE },
	{ "--email-from ", ACT_EMAIL },
	{ "--person-creation ", ACT_PEOPLE },
};

static const char *key_there(enum action action, unsigned where)
{
	for (size_t i = 0; i < action_row_count; i++)
		if (action_rows[i].action == action && (action_rows[i].where & where))
			return action_rows[i].keys[0];
	return NULL;
}

static void add_option_keys(const char *hint, unsigned where, struct str *out)
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		const char *key = strstr(hint, options[i].option) ? key_there(options[i].action, where) : NULL;

		if (key)
			str_add_format(out, "%s%s", count++ ? ", " : _(" (here by the key "), key);
	}
	if (count)
		str_add_char(out, ')');
}

/* Of the command between backquotes. */
static bool add_command_key(const char *hint, unsigned where, struct str *out)
{
	static const char begins[] = "`penstock ";
	const char *at = strstr(hint, begins), *end = at ? strchr(at + 1, '`') : NULL;
	char *command = end ? mem_strndup(at + strlen(begins), (size_t)(end - at) - strlen(begins)) : NULL;
	enum browse_id table;
	enum action action = command ? deeds_named(command, &table) : ACT_NONE;
	const char *key = action ? key_there(action, browse_kinds[table].where) : NULL;

	/* The wizard itself changes the account that it has made. */
	bool own = command && (where & AT_STEP) && strncmp(command, "account update", strlen("account update")) == 0;

	mem_free(command);
	if (!key)
		return false;
	str_add_format(out, own ? _(" (here: step 1, or %s on its row in the table %s)") : _(" (here: %s on its row in the table %s)"), key, _(browse_kinds[table].title));
	return true;
}

char *hint_with_keys(const char *hint, unsigned where)
{
	struct str text = { 0 };

	if (!hint || !*hint)
		return mem_strdup("");
	str_add(&text, hint);
	if (!add_command_key(hint, where, &text))
		add_option_keys(hint, where, &text);
	return str_take(&text);
}
