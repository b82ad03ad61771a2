/* Sealing (XChaCha20-Poly1305: nonce, text, tag) and keyed hashes. */
#include "base/i18n.h"
#include "store/inside.h"
#include "store/store.h"

#include <sodium.h>

#include <string.h>

enum {
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

_Static_assert(SEAL_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the sealing key fits");
_Static_assert(MASTER_KEY == crypto_kdf_KEYBYTES, "the master key fits");
_Static_assert(SIP_KEY == crypto_shorthash_siphashx24_KEYBYTES && SIP_KEY == crypto_shorthash_siphash24_KEYBYTES, "the hash keys fit");
_Static_assert(KEY_HASH == crypto_shorthash_siphashx24_BYTES, "a person key is 128 bits");

void store_seal(struct store *store, const char *context, const void *bytes, size_t length, struct str *out)
{
	str_reserve(out, NONCE + length + TAG);
	unsigned char *nonce = (unsigned char *)out->text + out->length;
	unsigned long long sealed;
	randombytes_buf(nonce, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE, &sealed, bytes, length, (const unsigned char *)context, strlen(context), NULL,
		nonce, store->keys->seal);
	out->length += NONCE + (size_t)sealed;
	out->text[out->length] = '\0';
}

enum status store_unseal(struct store *store, const char *context, const void *bytes, size_t length, struct str *out, struct error *err)
{
	const unsigned char *nonce = bytes;

	if (length >= NONCE + TAG) {
		size_t room = length - NONCE - TAG;
		unsigned long long opened;
		str_reserve(out, room);
		if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)out->text + out->length, &opened, NULL, nonce + NONCE, length - NONCE,
			    (const unsigned char *)context, strlen(context), nonce, store->keys->seal) == 0) {
			out->length += room;
			out->text[out->length] = '\0';
			return STATUS_OK;
		}
		if (out->text)
			out->text[out->length] = '\0';
	}
	error_set(err, STATUS_REFUSED, "key", _("a sealed value in %s cannot be opened: it was changed, or sealed with another key"), store->path);
	error_hint(err, "%s", _("Restore a backup of the database and of its key file."));
	return STATUS_REFUSED;
}

void store_key_hash(struct store *store, const void *bytes, size_t length, unsigned char out[KEY_HASH])
{
	crypto_shorthash_siphashx24(out, bytes, length, store->keys->person);
}

uint64_t store_value_hash(struct store *store, const void *bytes, size_t length)
{
	unsigned char hash[crypto_shorthash_siphash24_BYTES];
	uint64_t value = 0;

	crypto_shorthash_siphash24(hash, bytes, length, store->keys->value);
	for (size_t i = sizeof hash; i-- > 0;)
		value = value << 8 | hash[i];
	return value;
}
