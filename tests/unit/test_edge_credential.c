/*
 * Tokens of OAuth2: which answers of a token server give one, for how long it is used, and what the others mean.
 */
#include "runtime/edge/edge_credential.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What a token server answered, as the driver hands it over. */
static bool receive(struct edge_oauth *oauth, int http_status, const char *body, const char **outcome)
{
    bool good;

    oauth->call = (struct edge_call){ .http_status = http_status };
    if (body) {
        oauth->call.body_length = strlen(body);
        oauth->call.body = malloc(oauth->call.body_length + 1);
        assert_non_null(oauth->call.body);
        memcpy(oauth->call.body, body, oauth->call.body_length + 1);
    }
    good = edge_oauth_receive(oauth, 1000, outcome);
    edge_call_release(&oauth->call);
    return good;
}

static void a_token_is_used_for_its_life(void **state)
{
    /* `until`: by a clock that says 1000 when the token comes. The last quarter, ten seconds at most, is not used. */
    static const struct { const char *body; int64_t until; } cases[] = {
        { "{\"access_token\":\"abc\",\"expires_in\":3600}", 1000 + 3590000 },
        { "{\"access_token\":\"abc\",\"expires_in\":20}", 1000 + 15000 },
        { "{\"access_token\":\"abc\",\"expires_in\":0}", 1000 + 200 },
        { "{\"access_token\":\"abc\"}", 1000 + 50000 },
        { "{\"access_token\":\"abc\",\"expires_in\":null}", 1000 + 50000 },
        { "{\"access_token\":\"abc\",\"expires_in\":\"3600\"}", 1000 + 50000 },
        { "{\"access_token\":\"abc\",\"expires_in\":36.5}", 1000 + 50000 },
        { "{\"access_token\":\"abc\",\"expires_in\":-5}", 1000 + 50000 },
        { "{\"access_token\":\"abc\",\"expires_in\":1000000}", 1000 + 50000 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct edge_oauth oauth = { .key = NULL };
        const char *outcome = "";

        assert_true(receive(&oauth, 200, cases[i].body, &outcome));
        assert_string_equal(oauth.token, "abc");
        assert_true(edge_oauth_is_valid(&oauth, cases[i].until - 1));
        if (edge_oauth_is_valid(&oauth, cases[i].until))
            fail_msg("%s", cases[i].body);
        edge_oauth_forget(&oauth);
        assert_false(edge_oauth_is_valid(&oauth, 1000));
    }
}

static void other_answers_are_told(void **state)
{
    static const struct { int http_status; const char *body, *outcome; } cases[] = {
        { 400, "{\"error\":\"invalid_grant\"}", "jeton_refuse" },
        { 401, "{\"access_token\":\"abc\"}", "jeton_refuse" },
        { 403, "", "jeton_refuse" },
        { 404, "", "serveur_de_jetons" },
        { 500, NULL, "serveur_de_jetons" },
        { 302, NULL, "serveur_de_jetons" },
        { 200, NULL, "serveur_de_jetons" },
        { 200, "<html>", "serveur_de_jetons" },
        { 200, "[]", "serveur_de_jetons" },
        { 200, "{}", "serveur_de_jetons" },
        { 200, "{\"access_token\":12}", "serveur_de_jetons" },
        { 200, "{\"access_token\":\"\"}", "serveur_de_jetons" },
        { 200, "{\"access_token\":\"a\\r\\nX-Header: b\"}", "serveur_de_jetons" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct edge_oauth oauth = { .key = NULL };
        const char *outcome = NULL;

        assert_false(receive(&oauth, cases[i].http_status, cases[i].body, &outcome));
        assert_string_equal(outcome, cases[i].outcome);
        assert_null(oauth.token);
    }
}

/* A fault of the transport has its own outcome: the call says which. */
static void a_transport_fault_has_no_outcome_of_its_own(void **state)
{
    struct edge_oauth oauth = { .call = { .failed = true, .fault = DELIB_IO_RESET } };
    const char *outcome = "";

    (void)state;
    assert_false(edge_oauth_receive(&oauth, 0, &outcome));
    assert_null(outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_used_for_its_life),
        cmocka_unit_test(other_answers_are_told),
        cmocka_unit_test(a_transport_fault_has_no_outcome_of_its_own),
    };

    return cmocka_run_group_tests_name("tokens", tests, NULL, NULL);
}
