/* penstock: brings the members of audiences into Marketo Engage static lists. Here the program is wired: locale, hooks, the face. */
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "command/command.h"
#include "screens/console.h"
#include "tui/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* No memory is left: nothing that would want some may be called. */
static void on_fatal(const char *what)
{
	static const char text[] = "penstock: no memory is left: ";

	terminal_restore();
	/* What cannot be written cannot be told anywhere else either; the rest is tried no further. */
	if (write(STDERR_FILENO, text, sizeof text - 1) > 0 && write(STDERR_FILENO, what, strlen(what)) > 0)
		(void)!write(STDERR_FILENO, "\n", 1);
}

static void on_log(void *self, enum log_level level, const char *line)
{
	(void)self;
	if (level == LOG_LEVEL_ERROR || level == LOG_LEVEL_WARNING)
		fprintf(stderr, "penstock: %s\n", line);
}

static enum status on_console(struct app *app, struct console_request *request, struct error *err)
{
	const struct console_options options = { .app = app, .ascii = request->ascii, .no_color = request->no_color, .slow = request->slow,
		.wishes = request->wishes, .wish_count = request->wish_count, .source = request->source,
		.welcome = request->welcome, .practice = request->offer_practice ? &request->practice : NULL };

	return console_run(&options, err);
}

/* Translations beside the program (a build tree, as the sample is found), else where they were installed. */
static void find_translations(void)
{
	static char folder[4096];
	ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - sizeof "/po");
	char *slash;

	folder[length > 0 ? length : 0] = '\0';
	slash = strrchr(folder, '/');
	if (slash)
		memcpy(slash, "/po", sizeof "/po");
	bindtextdomain("penstock", slash && access(folder, R_OK | X_OK) == 0 ? folder : PENSTOCK_LOCALEDIR);
}

/* A secret that is being typed, a token and people are in memory: whoever falls leaves none of it in a file. */
static void leave_no_core(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
}

/* What was closed would become the next thing we open: standard input a pipe of our own that never ends, standard output a file of ours that the answer is written into. In its
 * place stands what cannot be read, or not written, so that whoever uses it is told. */
static void fill_standard_places(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	fill_standard_places();
	leave_no_core();
	setlocale(LC_ALL, "");
	find_translations();
	bind_textdomain_codeset("penstock", "UTF-8");
	textdomain("penstock");
	mem_on_fatal(on_fatal);
	log_to(on_log, NULL);
	return command_main(argc, argv, on_console);
}
