/* Until when a certificate is good: the one thing of X.509 that is read here (RFC 5280 4.1). Nothing is verified. */
#ifndef BASE_CERTIFICATE_H
#define BASE_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The end (notAfter, wall ms) of the first certificate of a text in PEM form, whatever stands around it. False: there is none, or it is damaged. */
bool certificate_end(const char *pem, size_t length, int64_t *end_ms);

#endif
