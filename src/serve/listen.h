/* The socket that a server listens at. Private to this room. */
#ifndef SERVE_LISTEN_H
#define SERVE_LISTEN_H

/* host: an address in figures. Port 0: any free one. -1 with errno. */
int listen_open(const char *host, int port);
int listen_port(int fd);

#endif
