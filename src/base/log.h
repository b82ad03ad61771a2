/* Diagnostics for the operator. Nothing below command/ and tui/ prints: lines go to the sink that main/ registered. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

typedef void (*log_sink)(void *self, enum log_level level, const char *line);

void log_to(log_sink sink, void *self); /* NULL: lines are dropped */
/* One line, without its newline; passed through text_clean before the sink sees it. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
