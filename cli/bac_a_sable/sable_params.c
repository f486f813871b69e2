/*
 * Checking the parameters of a request to API Particulier.
 *
 * Which code goes with which fault: errors_particulier.yml of datagouv/apistration (144083e). Of the codes of the MEN
 * (00410 to 00419) only the range and 00419 are public: the others are attributed here by guess.
 */
#include "sable_params.h"

#include <string.h>

void codes_add(struct codes *codes, const char *code)
{
    if (code && codes->count < CODE_LIMIT)
        codes->items[codes->count++] = code;
}

/* ------------------------------------------------------------------ small readers */

/* Digits only, at most 9 of them; -1 otherwise. */
static int read_integer(struct slice text)
{
    int value = 0;

    if (text.length == 0 || text.length > 9)
        return -1;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return -1;
        value = value * 10 + (text.bytes[i] - '0');
    }
    return value;
}

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool all_alphanumeric(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (!is_alphanumeric(text.bytes[i]))
            return false;
    return true;
}

/* Letters, accents, apostrophes, hyphens, spaces, points: what a name is made of. */
static bool is_name(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.bytes[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80;

        if (!letter && !strchr("'- .", c))
            return false;
    }
    return text.length > 0;
}

bool params_is_ine(struct slice ine)
{
    return ine.length == 11 && all_alphanumeric(ine);
}

bool siret_is_valid(struct slice siret)
{
    unsigned sum = 0;

    if (siret.length != 14)
        return false;
    for (size_t i = 0; i < 14; i++) {
        unsigned digit = (unsigned)(siret.bytes[i] - '0');

        if (digit > 9)
            return false;
        if (i % 2 == 0)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0 || memcmp(siret.bytes, "356000000", 9) == 0;
}

void params_check_recipient(const struct request *request, struct codes *codes)
{
    struct slice recipient = parameters_get(&request->query, "recipient");

    if (recipient.length == 0)
        codes_add(codes, "00203");
    else if (!siret_is_valid(recipient))
        codes_add(codes, "00210");
}

/* ------------------------------------------------------------------ names */

/* The code that a provider prefix makes with a sub-code ("35", "561"). */
static const char *provider_code(const struct request *request, const struct endpoint *endpoint, const char *subcode)
{
    struct strbuf code = strbuf_in(request->arena);

    strbuf_format(&code, "%s%s", endpoint->provider, subcode);
    return strbuf_result(&code).bytes;
}

static void read_birth_name(const struct request *request, const struct endpoint *endpoint, struct codes *codes,
                            struct identity *out)
{
    out->birth_name = parameters_get(&request->query, "nomNaissance");
    if (out->birth_name.length == 0)
        codes_add(codes, "00420");
    else if (!is_name(out->birth_name))
        codes_add(codes, provider_code(request, endpoint, "561"));
}

/* `prenoms[]`, repeated; 1 to `limit`. */
static void read_given_names(const struct request *request, const struct endpoint *endpoint, size_t limit,
                             const char *missing, struct codes *codes, struct identity *out)
{
    size_t count = 0;
    bool well_formed = true;

    for (size_t i = 0; i < request->query.count; i++) {
        const struct parameter *parameter = &request->query.items[i];

        if (!slice_is(parameter->name, "prenoms[]") || parameter->value.length == 0)
            continue;
        well_formed = well_formed && is_name(parameter->value);
        if (count < limit)
            out->given_names[count] = parameter->value;
        count++;
    }
    out->given_name_count = count < limit ? count : limit;
    if (count == 0)
        codes_add(codes, missing);
    else if (!well_formed || count > limit)
        codes_add(codes, provider_code(request, endpoint, "561"));
}

static void check_sex(const struct request *request, struct codes *codes)
{
    struct slice sex = parameters_get(&request->query, "sexeEtatCivil");

    if (!slice_is(sex, "M") && !slice_is(sex, "F"))
        codes_add(codes, "00427");
}

/* ------------------------------------------------------------------ dates */

struct date_parts { int year, month, day; };             /* 0: not given; -1: not a number */

static int read_part(const struct request *request, const char *name)
{
    struct slice text = parameters_get(&request->query, name);

    return text.length ? read_integer(text) : 0;
}

static struct date_parts read_date_parts(const struct request *request)
{
    return (struct date_parts){ read_part(request, "anneeDateNaissance"), read_part(request, "moisDateNaissance"),
                                read_part(request, "jourDateNaissance") };
}

static bool parts_are_a_date(const struct date_parts *parts, const struct request *request)
{
    if (parts->year && (parts->year < 1850 || parts->year > request->today.year))
        return false;
    if (parts->month < 0 || parts->month > 12 || parts->day < 0 || parts->day > 31)
        return false;
    return !parts->year || !parts->month || !parts->day || date_exists(parts->year, parts->month, parts->day);
}

static struct date date_of_parts(const struct date_parts *parts)
{
    return (struct date){ (int16_t)parts->year, (uint8_t)parts->month, (uint8_t)parts->day };
}

/* Month without year, day without month: ignored. */
static void read_optional_birth(const struct request *request, struct codes *codes, struct identity *out)
{
    struct date_parts parts = read_date_parts(request);

    if (!parts_are_a_date(&parts, request)) {
        codes_add(codes, "00363");
        return;
    }
    if (!parts.year)
        parts.month = 0;
    if (!parts.month)
        parts.day = 0;
    out->birth = date_of_parts(&parts);
}

static void read_required_birth(const struct request *request, struct codes *codes, struct identity *out)
{
    struct date_parts parts = read_date_parts(request);

    if (parts.year == 0)
        codes_add(codes, "00422");
    if (parts.month == 0)
        codes_add(codes, "00423");
    if (parts.day == 0)
        codes_add(codes, "00424");
    if (!parts_are_a_date(&parts, request))
        codes_add(codes, "00425");
    else
        out->birth = date_of_parts(&parts);
}

/* ------------------------------------------------------------------ places */

static bool is_insee_code(struct slice code)
{
    return code.length == 5 && all_alphanumeric(code);
}

static bool is_departement(struct slice code)
{
    return (code.length == 2 || code.length == 3) && all_alphanumeric(code);
}

/* By the commune's code, or by its name, département and the year. */
static void read_commune(const struct request *request, bool required, struct codes *codes, struct identity *out)
{
    struct slice commune = parameters_get(&request->query, "codeCogInseeCommuneNaissance");
    struct slice name = parameters_get(&request->query, "nomCommuneNaissance");
    struct slice departement = parameters_get(&request->query, "codeCogInseeDepartementNaissance");

    if (commune.length) {
        out->commune = commune;
        if (!is_insee_code(commune))
            codes_add(codes, "00365");
    } else if (name.length) {
        out->commune_name = name;
        out->departement = departement;
        if (!is_departement(departement))
            codes_add(codes, "00428");
        if (parameters_get(&request->query, "anneeDateNaissance").length == 0)
            codes_add(codes, "00422");
    } else if (required) {
        codes_add(codes, "00365");
    }
}

static void read_place(const struct request *request, struct codes *codes, struct identity *out)
{
    out->country = parameters_get(&request->query, "codeCogInseePaysNaissance");
    if (!is_insee_code(out->country))
        codes_add(codes, "00400");
    read_commune(request, slice_is(out->country, "99100"), codes, out);
    if (!slice_is(out->country, "99100"))
        out->commune = out->commune_name = out->departement = (struct slice){ "", 0 };
}

/* ------------------------------------------------------------------ the perimeter of the MEN */

static bool is_school_year(struct slice text)
{
    int first, second;

    if (text.length == 4)
        return read_integer(text) > 1900;
    if (text.length != 9 || text.bytes[4] != '-')
        return false;
    first = read_integer((struct slice){ text.bytes, 4 });
    second = read_integer((struct slice){ text.bytes + 5, 4 });
    return first > 1900 && second == first + 1;
}

/* An UAI: seven digits and a letter. */
static bool is_school(struct slice text)
{
    return text.length == 8 && read_integer((struct slice){ text.bytes, 7 }) >= 0 && is_alphanumeric(text.bytes[7])
           && (text.bytes[7] > '9');
}

static void check_school(const struct request *request, struct codes *codes)
{
    struct slice school = parameters_get(&request->query, "codeEtablissement");
    struct slice degree = parameters_get(&request->query, "degreEtablissement");
    bool departements = parameters_has(&request->query, "codesBcnDepartements[]");
    bool regions = parameters_has(&request->query, "codesBcnRegions[]");

    if (!is_school_year(parameters_get(&request->query, "anneeScolaire")))
        codes_add(codes, "00410");
    if (school.length && !is_school(school))
        codes_add(codes, "00411");
    if ((school.length != 0) + departements + regions > 1)
        codes_add(codes, "00419");
    if (!school.length && !departements && !regions)
        codes_add(codes, "00412");
    if ((departements || regions) && !slice_is(degree, "1D") && !slice_is(degree, "2D"))
        codes_add(codes, "00413");
}

/* ------------------------------------------------------------------ identities */

void params_read_identity(const struct request *request, const struct endpoint *endpoint, struct codes *codes,
                          struct identity *out)
{
    const bool is_dss = endpoint->identity == IDENTITY_DSS;
    const size_t name_limit = endpoint->identity == IDENTITY_MESRI ? 1 : 3;

    *out = (struct identity){ .birth_name = { "", 0 } };
    if (endpoint->identity == IDENTITY_NONE)
        return;
    read_birth_name(request, endpoint, codes, out);
    read_given_names(request, endpoint, name_limit, is_dss ? "00367" : "00421", codes, out);
    if (is_dss)
        read_optional_birth(request, codes, out);
    else
        read_required_birth(request, codes, out);
    switch (endpoint->identity) {
    case IDENTITY_DSS:
        check_sex(request, codes);
        read_place(request, codes, out);
        break;
    case IDENTITY_MEN:
        check_sex(request, codes);
        check_school(request, codes);
        break;
    case IDENTITY_MESRI:
        check_sex(request, codes);
        read_commune(request, false, codes, out);
        break;
    case IDENTITY_CNOUS:
        read_commune(request, false, codes, out);
        break;
    case IDENTITY_CIVIQUE:
    case IDENTITY_NONE:
        break;
    }
}

/* ------------------------------------------------------------------ period of the quotient */

void params_read_period(const struct request *request, struct codes *codes, int *year, int *month)
{
    const int current_year = request->today.year, current_month = request->today.month;
    struct slice year_text = parameters_get(&request->query, "annee");
    struct slice month_text = parameters_get(&request->query, "mois");
    int age;

    *year = year_text.length ? read_integer(year_text) : current_year;
    *month = month_text.length ? read_integer(month_text) : current_month;
    age = (current_year - *year) * 12 + current_month - *month;
    if (*year < current_year - 2 || *year > current_year)
        codes_add(codes, "00356");
    else if (*month < 1 || *month > 12 || age < 0)
        codes_add(codes, "00354");
    else if (age > 23)
        codes_add(codes, "00355");
}
