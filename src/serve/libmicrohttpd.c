/*
 * The functions of libmicrohttpd that this room calls, by their own names, so that its header checks every call: each hands over to the library, which is loaded by the
 * first MHD_start_daemon (base/library.h says why). A function that is not here does not link.
 */
#include "base/library.h"

#include <microhttpd.h>
#include <stdarg.h>

/* clang-format off */
#define FUNCTIONS(X) \
	X(MHD_add_response_header) X(MHD_create_response_from_buffer) X(MHD_create_response_from_callback) X(MHD_destroy_response) X(MHD_get_connection_info) \
	X(MHD_get_daemon_info) X(MHD_get_timeout) X(MHD_lookup_connection_value) X(MHD_queue_response) X(MHD_resume_connection) X(MHD_run) X(MHD_start_daemon_va) X(MHD_stop_daemon) \
	X(MHD_suspend_connection)
/* clang-format on */

LIBRARY(PENSTOCK_LIBMICROHTTPD, FUNCTIONS)

struct MHD_Daemon *MHD_start_daemon(unsigned flags, uint16_t port, MHD_AcceptPolicyCallback policy, void *policy_self, MHD_AccessHandlerCallback handler,
	void *handler_self, ...)
{
	struct MHD_Daemon *daemon;
	va_list options;

	if (!load())
		return NULL;
	va_start(options, handler_self);
	daemon = real.MHD_start_daemon_va(flags, port, policy, policy_self, handler, handler_self, options);
	va_end(options);
	return daemon;
}

void MHD_stop_daemon(struct MHD_Daemon *daemon)
{
	real.MHD_stop_daemon(daemon);
}

enum MHD_Result MHD_run(struct MHD_Daemon *daemon)
{
	return real.MHD_run(daemon);
}

enum MHD_Result MHD_get_timeout(struct MHD_Daemon *daemon, MHD_UNSIGNED_LONG_LONG *timeout)
{
	return real.MHD_get_timeout(daemon, timeout);
}

/* What is asked for here takes no further argument. */
const union MHD_ConnectionInfo *MHD_get_connection_info(struct MHD_Connection *connection, enum MHD_ConnectionInfoType type, ...)
{
	return real.MHD_get_connection_info(connection, type);
}

const union MHD_DaemonInfo *MHD_get_daemon_info(struct MHD_Daemon *daemon, enum MHD_DaemonInfoType type, ...)
{
	return real.MHD_get_daemon_info(daemon, type);
}

const char *MHD_lookup_connection_value(struct MHD_Connection *connection, enum MHD_ValueKind kind, const char *key)
{
	return real.MHD_lookup_connection_value(connection, kind, key);
}

void MHD_suspend_connection(struct MHD_Connection *connection)
{
	real.MHD_suspend_connection(connection);
}

void MHD_resume_connection(struct MHD_Connection *connection)
{
	real.MHD_resume_connection(connection);
}

enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
	return real.MHD_queue_response(connection, status, response);
}

struct MHD_Response *MHD_create_response_from_buffer(size_t size, void *buffer, enum MHD_ResponseMemoryMode mode)
{
	return real.MHD_create_response_from_buffer(size, buffer, mode);
}

struct MHD_Response *MHD_create_response_from_callback(uint64_t size, size_t block, MHD_ContentReaderCallback read, void *self, MHD_ContentReaderFreeCallback free_self)
{
	return real.MHD_create_response_from_callback(size, block, read, self, free_self);
}

enum MHD_Result MHD_add_response_header(struct MHD_Response *response, const char *name, const char *value)
{
	return real.MHD_add_response_header(response, name, value);
}

void MHD_destroy_response(struct MHD_Response *response)
{
	real.MHD_destroy_response(response);
}
