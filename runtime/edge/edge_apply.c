/*
 * Giving the answers of a demande to a session: the only place where a demande meets the core.
 */
#include "edge_demande.h"

delib_status delib_io_demande_apply(delib_io_demande *demande, delib_session *session)
{
    if (!demande || !session)
        return DELIB_MISUSE;
    demande->diagnostics.count = 0;
    for (size_t i = 0; i < delib_io_demande_entree_count(demande); i++) {
        const char *name = demande->entrees->names[i];
        const delib_status status = delib_session_set_from(session, name, &demande->entrees->items[i],
                                                           edge_demande_origin(demande, name));
        if (status == DELIB_INVALID)
            edge_report(&demande->diagnostics, EDGE_ENTREE_REFUSED,
                        edge_key_place(&demande->tree, demande->entrees, i), NULL, "%s",
                        delib_session_error(session));
        else if (status != DELIB_OK)
            return status;
    }
    return edge_status(&demande->arena, &demande->diagnostics);
}
