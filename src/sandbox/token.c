/* Tokens: one for the client at a time; asking again before it ends gives the same one with the seconds that are left (marketo-api.md 1). */
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "sandbox/box.h"

#include <string.h>
#include <sys/random.h>

enum { SECOND_MS = 1000, TOKEN_SECONDS = 3600, CLIENT_ID_SHOWN = 80 };

static const char hexadecimal[] = "0123456789abcdef";
static const char alphanumeric[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

void random_text(char *out, size_t length, const char *alphabet)
{
	size_t letters = strlen(alphabet);

	for (size_t i = 0; i < length;) {
		unsigned char byte;

		/* Bytes past the last whole round of the alphabet are thrown away: every letter is as likely. */
		if (getrandom(&byte, 1, 0) == 1 && byte < 256 / letters * letters)
			out[i++] = alphabet[byte % letters];
	}
	out[length] = '\0';
}

/* Three of the five groups of a UUID keep it readable as one: 8-4-4-4-12. */
static void random_uuid(char out[37])
{
	random_text(out, 36, hexadecimal);
	out[8] = out[13] = out[18] = out[23] = '-';
}

void tokens_init(struct tokens *tokens, const struct sandbox_options *options)
{
	char id[37], secret[33];

	memset(tokens, 0, sizeof *tokens);
	random_uuid(id);
	random_text(secret, sizeof secret - 1, alphanumeric);
	tokens->client_id = mem_strdup(options->client_id ? options->client_id : id);
	tokens->client_secret = mem_strdup(options->client_secret ? options->client_secret : secret);
	tokens->seconds = options->token_seconds > 0 ? options->token_seconds : TOKEN_SECONDS;
}

void tokens_done(struct tokens *tokens)
{
	mem_free(tokens->client_id);
	mem_free(tokens->client_secret);
}

void tokens_expire(struct tokens *tokens)
{
	tokens->kept[0].ends = 0;
}

const char *tokens_refuse(const struct tokens *tokens, const char *authorization)
{
	static const char scheme[] = "Bearer ";

	if (!authorization || strncmp(authorization, scheme, sizeof scheme - 1) != 0)
		return "601";
	authorization += sizeof scheme - 1;
	for (size_t i = 0; i < TOKENS_KEPT && tokens->kept[i].text[0]; i++) {
		if (strcmp(tokens->kept[i].text, authorization) == 0)
			return i == 0 && tokens->kept[i].ends > clock_mono_ms() ? NULL : "602";
	}
	return "601";
}

static int64_t token_left(struct tokens *tokens)
{
	int64_t now = clock_mono_ms();
	char uuid[37];

	if (!tokens->kept[0].text[0] || tokens->kept[0].ends <= now) {
		memmove(tokens->kept + 1, tokens->kept, (TOKENS_KEPT - 1) * sizeof tokens->kept[0]);
		random_uuid(uuid);
		snprintf(tokens->kept[0].text, sizeof tokens->kept[0].text, "%s:sb", uuid);
		tokens->kept[0].ends = now + tokens->seconds * SECOND_MS;
	}
	/* Rounded down, so that a client never trusts it longer than it lives. */
	return (tokens->kept[0].ends - now - 1) / SECOND_MS;
}

static void token_error(struct call *call, int http, const char *error, const char *description)
{
	struct json_out w;

	call->http = http;
	json_out_init(&w, &call->raw);
	json_object(&w);
	json_pair_string(&w, "error", error);
	json_pair_string(&w, "error_description", description);
	json_object_end(&w);
	call_note(call, "%s", description);
}

/* The three parameters of the swagger and nothing else; NULL when acceptable, else what is wrong. */
static const char *token_complaint(const struct call *call)
{
	const char *grant = call_parameter(call, "grant_type");

	for (size_t i = 0; i < call->parameters.count; i++) {
		if (!in_words(" grant_type client_id client_secret ", call->parameters.at[i].name))
			return "an unknown parameter of the token request";
	}
	if (call_doubled(call))
		return "a parameter of the token request came twice";
	if (!grant)
		return "grant_type is missing";
	if (strcmp(grant, "client_credentials") != 0)
		return "grant_type is not client_credentials";
	if (request_body_length(call->request) > 0)
		return "the token request takes its parameters from the query, not from a body";
	return NULL;
}

void token_answer(struct call *call)
{
	struct tokens *tokens = &call->box->tokens;
	const char *id = call_parameter(call, "client_id"), *secret = call_parameter(call, "client_secret");
	const char *complaint = token_complaint(call);
	struct json_out w;

	if (strcmp(call->verb_text, "GET") != 0 && strcmp(call->verb_text, "POST") != 0) {
		token_error(call, 405, "invalid_request", "the token request is a GET or a POST");
	} else if (complaint) {
		token_error(call, 400, "invalid_request", complaint);
	} else if (!id || strcmp(id, tokens->client_id) != 0) {
		char shown[CLIENT_ID_SHOWN + 64];

		snprintf(shown, sizeof shown, "No client with requested id: %.*s", (int)text_cut(id ? id : "", id ? strlen(id) : 0, CLIENT_ID_SHOWN), id ? id : "");
		token_error(call, 401, "unauthorized", shown);
	} else if (!secret || strcmp(secret, tokens->client_secret) != 0) {
		token_error(call, 401, "invalid_client", "Bad client credentials");
	} else {
		int64_t left = token_left(tokens);

		json_out_init(&w, &call->raw);
		json_object(&w);
		json_pair_string(&w, "access_token", tokens->kept[0].text);
		json_pair_string(&w, "token_type", "bearer");
		json_pair_i64(&w, "expires_in", left);
		json_pair_string(&w, "scope", "api.user@example.com");
		json_object_end(&w);
	}
}
