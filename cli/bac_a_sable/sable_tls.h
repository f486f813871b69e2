/*
 * The certificate that a client shows on the TLS port.
 */
#ifndef SABLE_TLS_H
#define SABLE_TLS_H

#include <stdbool.h>

/* What checks certificates; false: it is not to be had, no client certificate can be accepted. */
bool tls_is_available(void);
/* Has the client of this GnuTLS session (NULL: no TLS) a certificate that the authority of the server signed? */
bool tls_client_is_trusted(void *session);

#endif
