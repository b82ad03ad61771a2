/* The memberships of a message and whether it is one. The paths of profile.h are in path.c. */
#include "model/profile.h"

#include "base/i18n.h"

#include <string.h>

static struct membership read_membership(const char *group, const struct json *entry)
{
	const char *status = json_get_string(entry, "status");
	struct membership membership = {
		.group = group,
		.audience = json_key(entry),
		.name = json_get_string(entry, "name"),
		.status = MEMBERSHIP_UNKNOWN,
	};

	membership.existing = status && strcmp(status, "existing") == 0;
	if (membership.existing || (status && strcmp(status, "realized") == 0))
		membership.status = MEMBERSHIP_REALIZED;
	else if (status && strcmp(status, "exited") == 0)
		membership.status = MEMBERSHIP_EXITED;
	return membership;
}

void profile_memberships(const struct json *message, membership_list *out)
{
	const struct json *groups = json_get(message, "segmentMembership");

	out->count = 0;
	if (json_kind(groups) != JSON_OBJECT)
		return;
	for (const struct json *group = json_first(groups); group; group = json_next(group)) {
		if (json_kind(group) != JSON_OBJECT)
			continue;
		for (const struct json *entry = json_first(group); entry; entry = json_next(entry))
			vec_push(out, read_membership(json_key(group), entry));
	}
}

/* Absent and null are fine: a message may say nothing about memberships or identities. */
static bool is_object_or_nothing(const struct json *value)
{
	return json_kind(value) == JSON_OBJECT || json_kind(value) == JSON_NULL;
}

const char *profile_refusal(const struct json *message)
{
	const struct json *groups = json_get(message, "segmentMembership");

	if (json_kind(message) != JSON_OBJECT)
		return N_("not a profile message: it is not a JSON object");
	if (!is_object_or_nothing(json_get(message, "identityMap")))
		return N_("not a profile message: identityMap is not an object");
	if (!is_object_or_nothing(groups))
		return N_("not a profile message: segmentMembership is not an object");
	for (const struct json *group = json_kind(groups) == JSON_OBJECT ? json_first(groups) : NULL; group; group = json_next(group)) {
		if (!is_object_or_nothing(group))
			return N_("not a profile message: a group of segmentMembership is not an object");
	}
	return NULL;
}
