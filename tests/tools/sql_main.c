/* Does to a database what another program might, on machines without a tool for it: sql_main FILE SQL
 * Each row's first value is printed; what the SQL holds is held until standard input ends. */
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

static int put_row(void *self, int count, char **values, char **names)
{
	(void)self;
	(void)names;
	if (count > 0)
		puts(values[0] ? values[0] : "");
	return 0;
}

int main(int count, char **arguments)
{
	sqlite3 *db = NULL;
	char rest[256], *message = NULL;
	int status;

	if (count < 3)
		return 2;
	status = sqlite3_open_v2(arguments[1], &db, SQLITE_OPEN_READWRITE, NULL);
	if (status == SQLITE_OK)
		status = sqlite3_exec(db, arguments[2], put_row, NULL, &message);
	if (status != SQLITE_OK)
		fprintf(stderr, "sql_main: %s\n", message ? message : sqlite3_errstr(status));
	fflush(stdout);
	while (status == SQLITE_OK && read(STDIN_FILENO, rest, sizeof rest) > 0)
		;
	sqlite3_free(message);
	sqlite3_close(db);
	return status == SQLITE_OK ? 0 : 1;
}
