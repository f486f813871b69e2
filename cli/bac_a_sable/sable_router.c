/*
 * Which of the APIs a path belongs to.
 */
#include "sable_router.h"

#include "sable_dgfip.h"
#include "sable_france_connect.h"
#include "sable_particulier.h"
#include "sable_services.h"

static void answer_no_route(const struct request *request, struct answer *answer)
{
    struct datum *body = datum_new(request->arena, DATUM_OBJECT);

    datum_put(request->arena, body, SLICE("status"), datum_integer(request->arena, 404));
    datum_put(request->arena, body, SLICE("error"), datum_text(request->arena, SLICE("Not Found")));
    answer->status = 404;
    answer->content_type = "application/json; charset=utf-8";
    answer->body = body;
    answer->route = "(chemin inconnu)";          /* it may hold anything: it is not repeated */
}

void router_answer(struct server *server, const struct request *request, struct answer *answer)
{
    typedef bool responder(struct server *, const struct request *, struct answer *);
    static responder *const responders[] = {
        particulier_answer, services_answer, france_connect_answer, dgfip_answer
    };

    *answer = (struct answer){ .status = 500 };
    for (size_t i = 0; i < sizeof(responders) / sizeof(responders[0]); i++)
        if (responders[i](server, request, answer))
            return;
    answer_no_route(request, answer);
}
