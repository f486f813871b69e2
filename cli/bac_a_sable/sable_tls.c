/*
 * The certificate that a client shows on the TLS port. libmicrohttpd asks for it and leaves the checking to us; it is
 * done by the GnuTLS that libmicrohttpd has brought along, looked up at run time, so that nothing else is linked.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE                      /* RTLD_DEFAULT */
#endif

#include "sable_tls.h"

#include <dlfcn.h>
#include <gnutls/gnutls.h>
#include <string.h>

typedef int peers_verifier(gnutls_session_t session, unsigned *status);

static peers_verifier *find_verifier(void)
{
    void *address = dlsym(RTLD_DEFAULT, "gnutls_certificate_verify_peers2");
    peers_verifier *verifier;

    memcpy(&verifier, &address, sizeof(verifier));       /* ISO C converts no object pointer to a function */
    return verifier;
}

bool tls_is_available(void)
{
    return find_verifier() != NULL;
}

bool tls_client_is_trusted(void *session)
{
    peers_verifier *verify = session ? find_verifier() : NULL;
    unsigned status;

    return verify && verify(session, &status) == 0 && status == 0;
}
