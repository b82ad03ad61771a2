#include "app/changed.h"

#include "base/str.h"

char *changed_text(const struct changed *options, size_t count)
{
	struct str out = { 0 };

	for (size_t i = 0; i < count; i++) {
		const struct changed *one = &options[i];

		if (!one->text && !one->number && !one->given)
			continue;
		str_add_format(&out, "%s%s", out.length ? ", " : "", one->name);
		if (one->text)
			str_add_format(&out, " %s", *one->text ? one->text : "-");
		else if (one->number)
			str_add_format(&out, " %lld", one->number);
	}
	return out.length ? str_take(&out) : NULL;
}
