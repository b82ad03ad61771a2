/* For the receiver: it tells its counts to those who ask with receiver_look. */
#ifndef SOURCE_RECEIVER_COUNTS_H
#define SOURCE_RECEIVER_COUNTS_H

#include "source/receiver.h"

int receiver_counts_open(const char *folder); /* negative: it cannot be told, which is no trouble. close it */
void receiver_counts_tell(int fd, const struct receiver_counts *counts);

#endif
