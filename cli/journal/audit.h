/*
 * What a whole journal is worth: its chain read, its decisions replayed when it is asked, then told to people or in
 * JSON.
 */
#ifndef CLI_AUDIT_H
#define CLI_AUDIT_H

#include "cli/base/commande.h"

struct audit_request {
    const char *path;
    const char *head;                    /* fingerprint noted elsewhere; NULL */
    const char *signer;                  /* public key that must have signed every entry; NULL */
    const struct option_values *keys;    /* files of private keys; NULL */
    bool replay, json;
};

enum exit_code audit_execute(struct run *run, const struct audit_request *request);

#endif
