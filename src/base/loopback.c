#include "base/loopback.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* Short and octal spellings of addresses are not read: what is not understood is not this machine. */
bool loopback_is(const char *host)
{
	char bare[INET6_ADDRSTRLEN + 3];
	struct in_addr four;
	struct in6_addr six;
	size_t length = strlen(host);
	bool bracketed = length > 2 && host[0] == '[' && host[length - 1] == ']';

	if (text_case_eq(host, "localhost"))
		return true;
	if (length > sizeof bare - 1)
		return false;
	if (bracketed)
		snprintf(bare, sizeof bare, "%.*s", (int)(length - 2), host + 1);
	else
		snprintf(bare, sizeof bare, "%s", host);
	if (!bracketed && inet_pton(AF_INET, bare, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, bare, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}
