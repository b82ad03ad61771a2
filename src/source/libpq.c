/*
 * The functions of libpq that this room calls, by their own names, so that libpq's header checks every call: each hands over to the library, which is loaded by the first
 * use (base/library.h says why). Where it cannot be loaded, an address cannot be read: PQconninfoParse answers NULL, and nothing else is called.
 */
#include "base/library.h"

#include <libpq-fe.h>
#include <stdbool.h>

/* clang-format off */
#define FUNCTIONS(X) \
	X(PQcancel) X(PQclear) X(PQconnectPoll) X(PQconnectStartParams) X(PQconninfoFree) X(PQconninfoParse) X(PQconsumeInput) X(PQerrorMessage) X(PQfinish) X(PQfname) \
	X(PQfreeCancel) X(PQfreemem) X(PQftype) X(PQgetCancel) X(PQgetResult) X(PQgetisnull) X(PQgetlength) X(PQgetvalue) X(PQisBusy) X(PQnfields) \
	X(PQresultErrorMessage) X(PQresultStatus) X(PQsendQueryParams) X(PQsetSingleRowMode) X(PQsocket) X(PQstatus)
/* clang-format on */

LIBRARY(PENSTOCK_LIBPQ, FUNCTIONS)

PQconninfoOption *PQconninfoParse(const char *text, char **why)
{
	return load() ? real.PQconninfoParse(text, why) : NULL;
}

void PQconninfoFree(PQconninfoOption *options)
{
	real.PQconninfoFree(options);
}

void PQfreemem(void *block)
{
	if (block)
		real.PQfreemem(block);
}

PGconn *PQconnectStartParams(const char *const *keywords, const char *const *values, int expand)
{
	return load() ? real.PQconnectStartParams(keywords, values, expand) : NULL;
}

PostgresPollingStatusType PQconnectPoll(PGconn *c)
{
	return real.PQconnectPoll(c);
}

ConnStatusType PQstatus(const PGconn *c)
{
	return real.PQstatus(c);
}

int PQsocket(const PGconn *c)
{
	return real.PQsocket(c);
}

char *PQerrorMessage(const PGconn *c)
{
	return real.PQerrorMessage(c);
}

int PQconsumeInput(PGconn *c)
{
	return real.PQconsumeInput(c);
}

int PQisBusy(PGconn *c)
{
	return real.PQisBusy(c);
}

PGresult *PQgetResult(PGconn *c)
{
	return real.PQgetResult(c);
}

int PQsetSingleRowMode(PGconn *c)
{
	return real.PQsetSingleRowMode(c);
}

ExecStatusType PQresultStatus(const PGresult *r)
{
	return real.PQresultStatus(r);
}

char *PQresultErrorMessage(const PGresult *r)
{
	return real.PQresultErrorMessage(r);
}

int PQnfields(const PGresult *r)
{
	return real.PQnfields(r);
}

char *PQfname(const PGresult *r, int column)
{
	return real.PQfname(r, column);
}

Oid PQftype(const PGresult *r, int column)
{
	return real.PQftype(r, column);
}

char *PQgetvalue(const PGresult *r, int row, int column)
{
	return real.PQgetvalue(r, row, column);
}

int PQgetlength(const PGresult *r, int row, int column)
{
	return real.PQgetlength(r, row, column);
}

int PQgetisnull(const PGresult *r, int row, int column)
{
	return real.PQgetisnull(r, row, column);
}

PGcancel *PQgetCancel(PGconn *c)
{
	return real.PQgetCancel(c);
}

int PQcancel(PGcancel *cancel, char *text, int size)
{
	return real.PQcancel(cancel, text, size);
}

void PQfreeCancel(PGcancel *cancel)
{
	real.PQfreeCancel(cancel);
}

int PQsendQueryParams(PGconn *c, const char *query, int count, const Oid *types, const char *const *values, const int *lengths, const int *formats, int format)
{
	return real.PQsendQueryParams(c, query, count, types, values, lengths, formats, format);
}

void PQfinish(PGconn *c)
{
	if (c)
		real.PQfinish(c);
}

void PQclear(PGresult *r)
{
	if (r)
		real.PQclear(r);
}
