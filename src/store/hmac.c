#include "store/hmac.h"

#include <sodium.h>

#include <string.h>

_Static_assert(HMAC_HEX == 2 * crypto_auth_hmacsha256_BYTES, "two letters a byte");

static void compute(const void *key, size_t key_length, const char *first, size_t first_length, const char *second, size_t second_length,
	unsigned char out[crypto_auth_hmacsha256_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, key_length);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)first, first_length);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)second, second_length);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof state);
}

void hmac_sha256(const char *secret, const char *first, size_t first_length, const char *second, size_t second_length, char out[HMAC_HEX + 1])
{
	unsigned char bytes[crypto_auth_hmacsha256_BYTES];

	compute(secret, strlen(secret), first, first_length, second, second_length, bytes);
	sodium_bin2hex(out, HMAC_HEX + 1, bytes, sizeof bytes);
}

/* Hashes under a key of this moment: neither length nor content of what is compared shows in the time it takes. */
bool hmac_same(const char *a, const char *b)
{
	unsigned char key[crypto_auth_hmacsha256_KEYBYTES], first[crypto_auth_hmacsha256_BYTES], second[crypto_auth_hmacsha256_BYTES];

	randombytes_buf(key, sizeof key);
	compute(key, sizeof key, a, strlen(a), "", 0, first);
	compute(key, sizeof key, b, strlen(b), "", 0, second);
	return sodium_memcmp(first, second, sizeof first) == 0;
}
