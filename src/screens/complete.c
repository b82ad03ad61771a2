#include "screens/complete.h"

#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ENTRIES_MAX = 100000 };

static char *without_tilde(const char *typed)
{
	const char *home = getenv("HOME");

	return typed[0] == '~' && typed[1] == '/' && home ? mem_printf("%s%s", home, typed + 1) : mem_strdup(typed);
}

static size_t common(const char *a, const char *b)
{
	size_t length = 0;

	while (a[length] && a[length] == b[length])
		length++;
	return text_cut(a, strlen(a), length);
}

static bool is_directory(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* What all entries of the folder that begin so share; *count of them. */
static char *shared(DIR *folder, const char *begin, size_t *count)
{
	char *best = NULL;
	struct dirent *entry;

	*count = 0;
	for (int seen = 0; seen < ENTRIES_MAX && (entry = readdir(folder)); seen++) {
		if (strncmp(entry->d_name, begin, strlen(begin)) != 0 || (entry->d_name[0] == '.' && begin[0] != '.'))
			continue;
		(*count)++;
		if (best)
			best[common(best, entry->d_name)] = '\0';
		else
			best = mem_strdup(entry->d_name);
	}
	return best;
}

char *complete_path(const char *typed)
{
	char *path = without_tilde(typed), *slash = strrchr(path, '/'), *longer = NULL, *name;
	char *place = slash ? mem_strndup(path, (size_t)(slash - path) + 1) : mem_strdup("./");
	const char *begin = slash ? slash + 1 : path;
	DIR *folder = opendir(place);
	size_t count = 0;

	name = folder ? shared(folder, begin, &count) : NULL;
	if (name) {
		longer = mem_printf("%s%s", slash ? place : "", name);
		if (count == 1 && is_directory(longer)) {
			char *with = mem_printf("%s/", longer);

			mem_free(longer);
			longer = with;
		}
	}
	if (longer && strlen(longer) <= strlen(path)) {
		mem_free(longer);
		longer = NULL;
	}
	if (folder)
		closedir(folder);
	mem_free(name);
	mem_free(place);
	mem_free(path);
	return longer;
}
