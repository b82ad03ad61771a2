/* Curses on, off, aside for a while; reading and sending. One a process. Private to tui/. */
#ifndef TUI_DEVICE_H
#define TUI_DEVICE_H

#include "base/error.h"

#include <stdbool.h>

struct device;

enum status device_open(struct device **out, struct error *err);
void device_close(struct device *device);
bool device_marks_pastes(const struct device *device);
/* The next code as tui/keys.h has them, -1: nothing is there. */
int device_read(struct device *device);
/* Clicks and the wheel are read as keys, or not; where the last click was. */
void device_mouse(struct device *device, bool on);
void device_click(const struct device *device, int *row, int *column);
void device_send(struct device *device, const char *bytes); /* past curses */
void device_show(struct device *device);   /* sends what changed */
void device_forget(struct device *device); /* what the terminal shows is unknown: all is sent next time */
void device_resize(struct device *device); /* takes the terminal's size over */
/* The terminal as it was found, for somebody else; and back. */
void device_pause(struct device *device);
void device_again(struct device *device);

#endif
