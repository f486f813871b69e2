/*
 * The command line of delib-bac-a-sable. An option takes its value after a space or after "=".
 */
#include "sable_options.h"

#include "sable_endpoints.h"

#include <stdio.h>
#include <string.h>

enum { PORT_LIMIT = 65535, QUOTA_LIMIT = 1000000, QUOTA_PER_MINUTE = 1000 };

struct reading {
    struct options *options;
    struct faults *faults;
    const char *option, *value;
    size_t offset;
};

static bool complain(const char *format, const char *option, const char *value)
{
    fputs("delib bac-a-sable : ", stderr);
    fprintf(stderr, format, option, value);
    fputs("\nVoir « delib bac-a-sable --aide ».\n", stderr);
    return false;
}

static bool read_number(const struct reading *reading, long limit, long *out)
{
    long value = 0;

    if (!*reading->value || strlen(reading->value) > 9)
        return complain("%s attend un nombre entier, pas « %s »", reading->option, reading->value);
    for (const char *c = reading->value; *c; c++) {
        if (*c < '0' || *c > '9')
            return complain("%s attend un nombre entier, pas « %s »", reading->option, reading->value);
        value = value * 10 + (*c - '0');
    }
    if (value > limit)
        return complain("%s : « %s » est trop grand", reading->option, reading->value);
    *out = value;
    return true;
}

static bool read_port(const struct reading *reading)
{
    long port;

    if (!read_number(reading, PORT_LIMIT, &port))
        return false;
    reading->options->port = (unsigned)port;
    return true;
}

static bool read_tls_port(const struct reading *reading)
{
    long port;

    if (!read_number(reading, PORT_LIMIT, &port))
        return false;
    reading->options->has_tls = true;
    reading->options->tls_port = (unsigned)port;
    return true;
}

/* A path, stored in the field of the options that the table names. */
static bool read_path(const struct reading *reading)
{
    memcpy((char *)reading->options + reading->offset, &reading->value, sizeof(reading->value));
    return true;
}

static bool read_date(const struct reading *reading)
{
    if (date_parse(slice_of(reading->value), &reading->options->today))
        return true;
    return complain("%s attend une date comme 2026-11-23, pas « %s »", reading->option, reading->value);
}

static bool read_quota(const struct reading *reading)
{
    return read_number(reading, QUOTA_LIMIT, &reading->options->quota_per_second);
}

static bool read_quota_address(const struct reading *reading)
{
    return read_number(reading, QUOTA_LIMIT, &reading->options->quota_per_minute);
}

static bool read_fault(const struct reading *reading)
{
    const char *error;

    if (faults_add(reading->faults, reading->value, &error))
        return true;
    fprintf(stderr, "delib bac-a-sable : --panne « %s » : %s\nVoir « delib bac-a-sable --aide ».\n", reading->value,
            error);
    return false;
}

#define PATH(field) offsetof(struct options, field)

static const struct {
    const char *name, *value, *meaning;
    bool (*read)(const struct reading *);
    size_t offset;                       /* in struct options, for read_path */
} table[] = {
    { "--port", "N", "port d'écoute sur 127.0.0.1 ; 0, par défaut : un port libre", read_port, 0 },
    { "--fichier-port", "FICHIER", "y écrit le numéro du port, une fois à l'écoute", read_path, PATH(port_file) },
    { "--familles", "DOSSIER", "familles fictives et jetons (fichiers .yaml)", read_path, PATH(families) },
    { "--panne", "CIBLE:PANNE", "injecte une panne ; peut être répété", read_fault, 0 },
    { "--journal", "FICHIER", "journal des accès ; par défaut, la sortie d'erreur", read_path, PATH(journal) },
    { "--date", "DATE", "le jour que croit le serveur ; par défaut, aujourd'hui", read_date, 0 },
    { "--quota", "N", "appels par seconde et par jeton (20 par défaut ; 0 : sans limite)", read_quota, 0 },
    { "--quota-adresse", "N", "appels par minute en tout (1 000 par défaut ; 0 : sans limite)",
      read_quota_address, 0 },
    { "--port-tls", "N", "un second port, en TLS ; 0 : un port libre", read_tls_port, 0 },
    { "--fichier-port-tls", "FICHIER", "y écrit le numéro du port TLS", read_path, PATH(tls_port_file) },
    { "--certificat", "FICHIER", "certificat du serveur TLS (PEM)", read_path, PATH(certificate) },
    { "--cle", "FICHIER", "clé privée du serveur TLS (PEM)", read_path, PATH(key) },
    { "--autorite-clients", "FICHIER", "autorité qui signe les certificats des clients (PEM)", read_path,
      PATH(client_authority) },
};

enum { OPTION_COUNT = sizeof(table) / sizeof(table[0]) };

static bool is_help(const char *argument)
{
    return strcmp(argument, "--aide") == 0 || strcmp(argument, "-h") == 0 || strcmp(argument, "--help") == 0;
}

/* "--port=0" or "--port" "0"; *used is how many arguments were read. */
static bool read_option(struct reading *reading, char **arguments, int left, int *used)
{
    const char *argument = arguments[0];
    size_t length = strcspn(argument, "=");

    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (strlen(table[i].name) != length || strncmp(table[i].name, argument, length) != 0)
            continue;
        reading->option = table[i].name;
        reading->offset = table[i].offset;
        *used = argument[length] == '=' ? 1 : 2;
        if (*used > left)
            return complain("%s attend une valeur (%s)", table[i].name, table[i].value);
        reading->value = *used == 1 ? argument + length + 1 : arguments[1];
        return table[i].read(reading);
    }
    return complain("option inconnue « %s »%s", argument, "");
}

bool options_read(int argc, char **argv, struct options *options, struct faults *faults)
{
    struct reading reading = { .options = options, .faults = faults };
    int used = 1;

    *options = (struct options){ .quota_per_second = -1, .quota_per_minute = QUOTA_PER_MINUTE };
    for (int i = 1; i < argc; i += used) {
        used = 1;
        if (is_help(argv[i]))
            options->help = true;
        else if (!read_option(&reading, argv + i, argc - i, &used))
            return false;
    }
    if (options->has_tls && (!options->certificate || !options->key))
        return complain("%s demande aussi %s", "--port-tls", "--certificat et --cle");
    return true;
}

void options_print_help(void)
{
    const char *name, *meaning;

    puts("delib bac-a-sable : un serveur local qui parle comme API Particulier, FranceConnect et la DGFiP,\n"
         "avec des familles fictives. Il n'écoute que sur 127.0.0.1.\n\nOptions :");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        printf("  %s %-*s  %s\n", table[i].name, (int)(28 - strlen(table[i].name)), table[i].value, table[i].meaning);
    puts("  --aide                        ce texte\n\n"
         "Pannes : la cible est * (tout), un produit, ou un produit et une modalité (quotient_familial/identite).\n"
         "Après la panne : « ,fois=N » la limite aux N premières requêtes, « ,apres=N » en épargne N d'abord,\n"
         "« ,code=35008 » choisit le code d'un statut.");
    for (size_t i = 0; fault_describe(i, &name, &meaning); i++)
        printf("  %-16s %s\n", name, meaning);
    puts("\nProduits :");
    for (size_t i = 0; endpoint_at(i); i++)
        if (endpoint_of_product(slice_of(endpoint_at(i)->product)) == endpoint_at(i))
            printf("  %s\n", endpoint_at(i)->product);
    puts("  composition_familiale_v2, france_connect_jeton, dgfip_jeton, dgfip (modalités spi et france_connect)");
}
