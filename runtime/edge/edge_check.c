/*
 * Forms of identifiers, each as strict as what the API would refuse, so that a refusal costs no call.
 */
#include "edge_check.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether `rest` begins with that, which is then taken off. */
static bool take(struct slice *rest, const char *prefix)
{
    const size_t length = strlen(prefix);
    if (rest->length < length || memcmp(rest->bytes, prefix, length) != 0)
        return false;
    rest->bytes += length;
    rest->length -= length;
    return true;
}

bool edge_read_digits(struct slice text, size_t least, size_t most, int64_t *out)
{
    *out = 0;
    if (text.length < least || text.length > most)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (!is_digit(text.bytes[i]))
            return false;
        *out = *out * 10 + (text.bytes[i] - '0');
    }
    return true;
}

bool edge_check_digits(struct slice text, size_t least, size_t most)
{
    int64_t value;
    return edge_read_digits(text, least, most, &value);
}

/* Copies the digits of "130 025 265 00013" (plain, no-break or narrow spaces); false unless there are 14. */
static bool siret_digits(struct slice text, char digits[15])
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (is_digit(text.bytes[i])) {
            if (count == 14)
                return false;
            digits[count++] = text.bytes[i];
        } else if (text.length - i >= 2 && memcmp(text.bytes + i, "\xC2\xA0", 2) == 0) {
            i += 1;
        } else if (text.length - i >= 3 && memcmp(text.bytes + i, "\xE2\x80\xAF", 3) == 0) {
            i += 2;
        } else if (text.bytes[i] != ' ') {
            return false;
        }
    }
    digits[count] = '\0';
    return count == 14;
}

bool edge_check_siret(struct slice text, char digits[15])
{
    int sum = 0;
    if (!siret_digits(text, digits))
        return false;
    if (memcmp(digits, "356000000", 9) == 0)
        return true;
    for (int i = 0; i < 14; i++) {
        const int doubled = (digits[i] - '0') * (i % 2 == 0 ? 2 : 1);
        sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum > 0 && sum % 10 == 0;
}

bool edge_check_commune(struct slice text)
{
    const size_t corsica = take(&text, "2A") || take(&text, "2B") ? 3 : 5;
    return edge_check_digits(text, corsica, corsica);
}

bool edge_check_departement(struct slice text)
{
    return slice_is(text, "2A") || slice_is(text, "2B") || edge_check_digits(text, 2, 3);
}

bool edge_check_pays(struct slice text)
{
    return edge_check_digits(text, 5, 5) && text.bytes[0] == '9' && text.bytes[1] == '9';
}

bool edge_check_name(struct slice text)
{
    bool letter = false;
    if (text.length == 0 || utf8_count(text) > 100)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        const char c = text.bytes[i];
        const bool foreign = (unsigned char)c >= 0x80;
        if (is_letter(c) || foreign)
            letter = true;
        else if (c != ' ' && c != '-' && c != '\'' && c != '.')
            return false;
    }
    return letter;
}

bool edge_check_ine(struct slice text)
{
    if (text.length != 11)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (!is_digit(text.bytes[i]) && !is_letter(text.bytes[i]))
            return false;
    }
    return true;
}

bool edge_check_uai(struct slice text)
{
    return text.length == 8 && edge_check_digits((struct slice){ text.bytes, 7 }, 7, 7) && is_letter(text.bytes[7]);
}

bool edge_check_variable(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        const char c = text.bytes[i];
        if (!is_letter(c) && c != '_' && (i == 0 || !is_digit(c)))
            return false;
    }
    return true;
}

bool edge_check_token(struct slice text, size_t most)
{
    if (text.length == 0 || text.length > most)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] <= 0x20 || text.bytes[i] >= 0x7F)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ addresses */

/* 127.0.0.0/8 in its plain dotted form; other spellings of the same number are not taken for it. */
static bool is_loopback_v4(struct slice host)
{
    unsigned parts = 0;
    size_t i = 0;
    if (!take(&host, "127."))
        return false;
    while (i < host.length) {
        unsigned value = 0, digits = 0;
        for (; i < host.length && is_digit(host.bytes[i]) && digits < 3; i++, digits++)
            value = value * 10 + (unsigned)(host.bytes[i] - '0');
        if (digits == 0 || value > 255)
            return false;
        parts++;
        if (i < host.length && (host.bytes[i++] != '.' || i == host.length))
            return false;
    }
    return parts == 3;
}

static bool is_loopback(struct slice host)
{
    return is_loopback_v4(host) || slice_is(host, "localhost") || slice_is(host, "[::1]");
}

static bool is_host(struct slice host)
{
    if (slice_is(host, "[::1]"))
        return true;
    if (host.length == 0 || host.length > 253)
        return false;
    for (size_t i = 0; i < host.length; i++) {
        const char c = host.bytes[i];
        if (!is_letter(c) && !is_digit(c) && c != '.' && c != '-')
            return false;
    }
    return host.bytes[0] != '.' && host.bytes[0] != '-';
}

static bool is_port(struct slice text)
{
    int64_t value;
    return edge_read_digits(text, 1, 5, &value) && value > 0 && value <= 65535;
}

static bool is_path(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        const char c = text.bytes[i];
        if (!is_letter(c) && !is_digit(c) && !strchr("/._-~", c))
            return false;
    }
    return true;
}

enum edge_address edge_check_address(struct slice text)
{
    struct slice rest = text, host, port = SLICE("443");
    const bool clear = take(&rest, "http://");
    size_t length = 0;
    if (!clear && !take(&rest, "https://"))
        return EDGE_ADDRESS_MALFORMED;
    while (length < rest.length && rest.bytes[length] != '/')
        length++;
    host = (struct slice){ rest.bytes, length };
    rest = (struct slice){ rest.bytes + length, rest.length - length };
    for (size_t i = host.length; i > 0 && host.bytes[i - 1] != ']'; i--) {
        if (host.bytes[i - 1] == ':') {
            port = (struct slice){ host.bytes + i, host.length - i };
            host.length = i - 1;
            break;
        }
    }
    if (!is_host(host) || !is_port(port) || !is_path(rest))
        return EDGE_ADDRESS_MALFORMED;
    return clear && !is_loopback(host) ? EDGE_ADDRESS_CLEAR : EDGE_ADDRESS_OK;
}
