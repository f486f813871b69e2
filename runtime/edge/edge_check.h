/*
 * Forms of the identifiers that the APIs take, checked before anything is sent.
 */
#ifndef EDGE_CHECK_H
#define EDGE_CHECK_H

#include "lang/text.h"

/* 14 digits, spaces ignored, Luhn on all of them (La Poste, 356 000 000, is exempt). `digits`: 15 bytes. */
bool edge_check_siret(struct slice text, char digits[15]);
bool edge_check_digits(struct slice text, size_t least, size_t most);
/* The same, and their value; `most` ≤ 18. */
bool edge_read_digits(struct slice text, size_t least, size_t most, int64_t *out);
/* Insee code of a commune: 5 characters, digits or 2A, 2B then digits. */
bool edge_check_commune(struct slice text);
bool edge_check_departement(struct slice text);
/* Insee code of a country: 99 then three digits. */
bool edge_check_pays(struct slice text);
/* Letters, accents, apostrophe, hyphen, space; 1 to 100 characters. */
bool edge_check_name(struct slice text);
bool edge_check_ine(struct slice text);
/* An establishment: 7 digits and a letter. */
bool edge_check_uai(struct slice text);
/* The name of an environment variable: letters, digits, « _ », without a digit in front. */
bool edge_check_variable(struct slice text);
/* Visible characters of ASCII only, as a token or an identifier in a header or a path. */
bool edge_check_token(struct slice text, size_t most);
/* "https://host[:port][/path]", without user, query or fragment; `http` is accepted for the loopback only. */
enum edge_address { EDGE_ADDRESS_OK, EDGE_ADDRESS_MALFORMED, EDGE_ADDRESS_CLEAR };
enum edge_address edge_check_address(struct slice text);

#endif
