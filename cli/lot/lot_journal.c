/*
 * The journal of a batch: one entry for each tariff of each family, on the disk before the block of results that
 * tells them. Entries follow the order of the families, so one thread computes.
 */
#include "cli/base/edge_loader.h"
#include "lot_entete.h"

static const char *journal_problem(struct lot *lot, delib_status status)
{
    const delib_io_api *io = lot->run->io;
    delib_diagnostic diagnostic;

    for (size_t i = 0; lot->journal && io->journal_diagnostic(lot->journal, i, &diagnostic) == DELIB_OK; i++) {
        const char *copy = arena_copy_text(&lot->run->arena, diagnostic.message, slice_of(diagnostic.message).length);

        if (diagnostic.is_error && copy)
            return copy;
        terminal_diagnostic(&lot->run->terminal, diagnostic.printed);
    }
    return status == DELIB_OK ? NULL : status_text(status);
}

/* Only a column that is kept: the results then say which entry is whose. */
static bool find_reference(struct batch_run *b)
{
    struct lot *lot = &b->lot;
    const char *name = b->request->reference;

    lot->reference = lot->column_count;
    for (size_t i = 0; name && i < lot->column_count; i++)
        if (lot->columns[i].kept && text_fold_equal(slice_of(lot->columns[i].name), slice_of(name)))
            lot->reference = i;
    if (name && lot->reference == lot->column_count)
        return batch_fail(b, "--reference %s : ce n'est pas une colonne que --garder recopie", name);
    return true;
}

bool batch_open_journal(struct batch_run *b)
{
    delib_io_journal_options options = DELIB_IO_JOURNAL_OPTIONS_INIT;
    struct lot *lot = &b->lot;
    const char *problem;
    delib_status status;

    if (!find_reference(b))
        return false;
    if (!b->request->journal)
        return true;
    if (b->request->threads)
        return batch_fail(b, "--fils ne va pas avec --journal : ses entrées suivent l'ordre des familles");
    b->threads = 1;
    if (!edge_load(lot->run))
        return false;
    options.deferred = 1;
    status = lot->run->io->journal_open(b->request->journal, &options, &lot->journal);
    problem = journal_problem(lot, status);
    return !problem || batch_fail(b, "%s", problem);
}

static bool stop(struct lot *lot, const char *problem)
{
    if (problem) {
        lot->problem = problem;
        lot->keep_partial = lot->partial != NULL;
    }
    return !problem;
}

bool lot_journal_record(struct lot *lot, delib_session *session, delib_tariff tariff, const delib_result *result,
                        const char *reference)
{
    return !lot->journal || stop(lot, journal_problem(lot, lot->run->io->journal_record(lot->journal, session, tariff,
                                                                                       result, reference)));
}

bool lot_journal_sync(struct lot *lot)
{
    return !lot->journal || stop(lot, journal_problem(lot, lot->run->io->journal_sync(lot->journal)));
}
