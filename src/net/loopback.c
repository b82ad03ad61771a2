#include "net/loopback.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

bool loopback_is(const char *host)
{
	char bare[INET6_ADDRSTRLEN + 3];
	struct in_addr four;
	struct in6_addr six;
	size_t length = strlen(host);

	if (text_case_eq(host, "localhost"))
		return true;
	if (length > sizeof bare - 1)
		return false;
	if (length > 2 && host[0] == '[' && host[length - 1] == ']')
		snprintf(bare, sizeof bare, "%.*s", (int)(length - 2), host + 1);
	else
		snprintf(bare, sizeof bare, "%s", host);
	if (inet_pton(AF_INET, bare, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, bare, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}
