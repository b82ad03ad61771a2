#include "app/operators.h"

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "source/http.h"
#include "source/limit.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The descriptor of a file that nobody else can have written. */
static enum status check_keeper(int fd, const char *path, struct error *err)
{
	struct stat about;

	if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
		return error_set(err, STATUS_REFUSED, "permissions", _("%s is no file"), path);
	if (about.st_uid != 0 && about.st_uid != geteuid()) {
		error_set(err, STATUS_REFUSED, "permissions", _("%s belongs to the user %lu, who could grant himself anything"), path, (unsigned long)about.st_uid);
		error_hint(err, "chown root '%s'", path);
		return STATUS_REFUSED;
	}
	if (about.st_mode & (S_IWGRP | S_IWOTH)) {
		error_set(err, STATUS_REFUSED, "permissions", _("%s can be written by others than its owner"), path);
		error_hint(err, "chmod go-w '%s'", path);
		return STATUS_REFUSED;
	}
	return STATUS_OK;
}

static enum status read_keeper(int fd, const char *path, struct str *out, struct error *err)
{
	char block[8192];
	ssize_t got;

	while ((got = read(fd, block, sizeof block)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, STATUS_REFUSED, "permissions", _("cannot read %s: %s"), path, strerror(errno));
		if (!str_try_add(out, block, (size_t)got, GRANTS_FILE_MOST))
			return error_set(err, STATUS_REFUSED, "permissions", _("%s is too long"), path);
	}
	return STATUS_OK;
}

enum status operators_load(const char *path, struct grants *out, struct error *err)
{
	struct str text = { 0 };
	enum status status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0) {
		error_set(err, STATUS_REFUSED, "permissions", _("cannot read %s: %s"), path, strerror(errno));
		error_hint(err, _("it grants permissions: a line is `user NAME: View Destinations, View Segments`"));
		return STATUS_REFUSED;
	}
	status = check_keeper(fd, path, err);
	if (status == STATUS_OK)
		status = read_keeper(fd, path, &text, err);
	if (status == STATUS_OK) {
		status = grants_read(str_text(&text), text.length, out, err);
		if (status != STATUS_OK)
			error_prefix(err, "%s", path);
	}
	str_done(&text);
	close(fd);
	return status;
}

static void put_texts(struct json_out *w, const char *name, const char *const *texts, size_t count)
{
	json_name(w, name);
	json_array(w);
	for (size_t i = 0; i < count; i++)
		json_put_string(w, texts[i]);
	json_array_end(w);
}

char *operator_tell(const struct caller *caller, const char *keeper, const char *db)
{
	struct str text = { 0 };
	struct json_out w;

	json_out_init(&w, &text);
	json_object(&w);
	json_pair_i64(&w, "uid", caller->uid);
	json_name(&w, "groups");
	json_array(&w);
	for (size_t i = 0; i < caller->groups.count; i++)
		json_put_i64(&w, caller->groups.at[i]);
	json_array_end(&w);
	json_pair_string(&w, "keeper", keeper);
	if (db) {
		json_pair_string(&w, "db", db);
		put_texts(&w, "files", caller->files, caller->file_count);
	}
	json_object_end(&w);
	return str_take(&text);
}

char *operator_tell_owner(const struct grants *grants, const char *keeper)
{
	struct str text = { 0 };
	struct json_out w;

	json_out_init(&w, &text);
	json_object(&w);
	json_pair_bool(&w, "owner", true);
	json_pair_string(&w, "keeper", keeper);
	put_texts(&w, "sources", (const char *const *)grants->sources.at, grants->sources.count);
	json_object_end(&w);
	return str_take(&text);
}

void telling_done(struct telling *telling)
{
	operator_done(&telling->operator);
	mem_free(telling->db);
	for (size_t i = 0; i < telling->files.count; i++)
		mem_free(telling->files.at[i]);
	vec_done(&telling->files);
}

static bool is_number(const char *who, int64_t id)
{
	long long number;

	return text_to_i64(who, 0, INT64_MAX, &number) && number == id;
}

static bool is_in(const struct caller *caller, const char *who)
{
	const struct group *group = getgrnam(who);

	for (size_t i = 0; i < caller->groups.count; i++)
		if (is_number(who, caller->groups.at[i]) || (group && (int64_t)group->gr_gid == caller->groups.at[i]))
			return true;
	return false;
}

/* Takes what the file grants them. */
static void apply(const struct grants *grants, const struct caller *caller, struct operator *operator)
{
	for (size_t i = 0; i < grants->all.count; i++) {
		const struct grant *grant = &grants->all.at[i];

		if (grant->group ? is_in(caller, grant->who) : is_number(grant->who, caller->uid) || strcmp(grant->who, operator->name) == 0)
			operator->permissions |= grant->permissions;
	}
	for (size_t i = 0; i < grants->sources.count; i++)
		vec_push(&operator->sources, mem_strdup(grants->sources.at[i]));
}

static enum status not_understood(struct error *err)
{
	return error_set(err, STATUS_USAGE, "usage", _("%s is for the daemon only"), OPERATOR_WORD);
}

static bool read_groups(const struct json *groups, struct caller *caller)
{
	for (const struct json *one = json_first(groups); one; one = json_next(one)) {
		int64_t id;

		if (caller->groups.count == OPERATOR_GROUPS || !json_i64(one, &id))
			return false;
		vec_push(&caller->groups, id);
	}
	return true;
}

static enum status read_caller(struct telling *telling, const struct json *json, struct error *err)
{
	struct operator *operator = &telling->operator;
	struct caller caller = { 0 };
	struct grants grants = { 0 };
	const struct passwd *user;
	enum status status = STATUS_OK;

	if (!json_i64(json_get(json, "uid"), &caller.uid) || caller.uid < 0 || caller.uid > UINT32_MAX || !read_groups(json_get(json, "groups"), &caller))
		status = not_understood(err);
	user = status == STATUS_OK ? getpwuid((uid_t)caller.uid) : NULL;
	operator->name = user ? text_clean_dup(user->pw_name) : mem_printf("%lld", (long long)caller.uid);
	/* Whatever is wrong with the file, it grants nothing. */
	if (status == STATUS_OK && operators_load(operator->keeper, &grants, err) != STATUS_OK)
		status = err->status = STATUS_REFUSED;
	if (status == STATUS_OK)
		apply(&grants, &caller, operator);
	if (status == STATUS_OK)
		operator->told = operator_tell(&caller, operator->keeper, NULL);
	grants_done(&grants);
	vec_done(&caller.groups);
	return status;
}

static void read_texts(const struct json *texts, size_t most, void (*take)(struct telling *telling, const char *text), struct telling *telling)
{
	size_t count = 0;

	for (const struct json *one = json_first(texts); one && count < most; one = json_next(one), count++)
		take(telling, json_string(one) ? json_string(one) : "");
}

static void take_file(struct telling *telling, const char *text)
{
	int fd = STDERR_FILENO + 1 + (int)telling->files.count;

	/* What we start ourselves has no business with it. */
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	vec_push(&telling->files, mem_strdup(text));
}

static void take_source(struct telling *telling, const char *text)
{
	vec_push(&telling->operator.sources, mem_strdup(text));
}

enum status telling_read(struct telling *telling, const char *text, struct error *err)
{
	struct json *json = json_parse(text, strlen(text), NULL, NULL);
	struct operator *operator = &telling->operator;
	enum status status = STATUS_OK;

	operator->keeper = mem_strdup(json_get_string(json, "keeper"));
	operator->owner = json_is_true(json_get(json, "owner"));
	if (!operator->keeper) {
		status = not_understood(err);
	} else if (operator->owner) {
		operator->name = store_user_name();
		read_texts(json_get(json, "sources"), SIZE_MAX, take_source, telling);
		operator->told = mem_strdup(text);
	} else {
		telling->db = mem_strdup(json_get_string(json, "db"));
		telling->remote = telling->db != NULL;
		status = read_caller(telling, json, err);
		read_texts(json_get(json, "files"), OPERATOR_FILES, take_file, telling);
	}
	if (status == STATUS_OK) {
		store_act_for(operator->name);
		source_keep_within((const char *const *)operator->sources.at, operator->sources.count);
	}
	json_free(json);
	return status;
}

enum status operator_is_owner(const struct app *app, const char *option, struct error *err)
{
	if (!app->operator || app->operator->owner)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "owner", _("--%s is for whom the store belongs to"), option);
	error_hint(err, _("it would be used with other rights than yours"));
	return STATUS_REFUSED;
}

/* The format that a specification may begin with says nothing of the place. */
const char *source_place(const char *spec)
{
	static const char *const forced[] = { "ndjson:", "csv:", "spool:" };

	for (size_t i = 0; i < sizeof forced / sizeof *forced; i++)
		if (strncmp(spec, forced[i], strlen(forced[i])) == 0)
			return spec + strlen(forced[i]);
	return spec;
}

void operator_hand_over(const char *place, int fd)
{
	source_hand_over(place, fd);
}

/* Of a database the file of the query as well as the database. */
static bool may_name(const struct operator *who, const char *place)
{
	const char *query = *place == '/' ? NULL : strrchr(place, '#');

	if (!operator_may_name(who, place) || (query && !operator_may_name(who, query + 1)))
		return false;
	return !who || who->owner || !strstr(place, "/../");
}

enum status operator_may_read(const struct app *app, const char *spec, struct error *err)
{
	const struct operator *who = app->operator;
	const char *place = source_place(spec);

	if (!who || who->owner)
		return STATUS_OK;
	/* It takes a port, and reads keys and writes a spool with the rights of whom the store belongs to. */
	if (http_is(place)) {
		error_set(err, STATUS_REFUSED, "owner", _("a source that is posted to is set up by whom the store belongs to, not by %s"), who->name);
		error_hint(err, _("no permission gives this: sudo -u penstock penstock --db FILE .."));
		return STATUS_REFUSED;
	}
	if (strcmp(place, "-") == 0 || source_is_handed(place) || may_name(who, place))
		return STATUS_OK;
	error_set(err, STATUS_REFUSED, "source", _("%s is no source that %s may name here"), spec, who->name);
	if (who->sources.count)
		error_hint(err, _("sources lie in %s, or where else %s says"), who->sources.at[0], who->keeper);
	else
		error_hint(err, _("who keeps %s allows it with a line `source FOLDER`"), who->keeper);
	return STATUS_REFUSED;
}

enum status app_whoami(struct app *app, struct operator *out, struct error *err)
{
	const struct operator *who = app->operator;
	enum status status = app_allow(app, USE_WHOAMI, err);

	*out = (struct operator){ .owner = !who || who->owner, .permissions = who && !who->owner ? who->permissions : PERMISSION_ALL };
	if (status != STATUS_OK)
		return status;
	out->name = who ? mem_strdup(who->name) : store_user_name();
	out->keeper = who ? mem_strdup(who->keeper) : NULL;
	for (size_t i = 0; who && i < who->sources.count; i++)
		vec_push(&out->sources, mem_strdup(who->sources.at[i]));
	return STATUS_OK;
}
