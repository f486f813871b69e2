/*
 * The table of entry points, for programs that load this library only when they need it.
 */
#include "runtime/delib_io.h"

const delib_io_api *delib_io_entry_points(void)
{
    static const delib_io_api api = {
        .size = sizeof(api), .version = DELIB_VERSION,
        .document_read = delib_io_document_read, .document_free = delib_io_document_free,
        .document_root = delib_io_document_root, .value_get = delib_io_value_get,
        .document_place = delib_io_document_place, .document_diagnostic_count = delib_io_document_diagnostic_count,
        .document_diagnostic = delib_io_document_diagnostic,
        .json_new = delib_io_json_new, .json_free = delib_io_json_free, .json_object = delib_io_json_object,
        .json_list = delib_io_json_list, .json_end = delib_io_json_end, .json_text = delib_io_json_text,
        .json_integer = delib_io_json_integer, .json_boolean = delib_io_json_boolean, .json_null = delib_io_json_null,
        .json_decimal = delib_io_json_decimal, .json_value = delib_io_json_value, .json_finish = delib_io_json_finish,
        .demande_read = delib_io_demande_read, .demande_from = delib_io_demande_from,
        .demande_free = delib_io_demande_free, .demande_tarif = delib_io_demande_tarif,
        .demande_date = delib_io_demande_date, .demande_aujourd_hui = delib_io_demande_aujourd_hui,
        .demande_entree_count = delib_io_demande_entree_count, .demande_entree_name = delib_io_demande_entree_name,
        .demande_entree_value = delib_io_demande_entree_value, .demande_apply = delib_io_demande_apply,
        .demande_diagnostic_count = delib_io_demande_diagnostic_count,
        .demande_diagnostic = delib_io_demande_diagnostic,
        .config_read = delib_io_config_read, .config_local = delib_io_config_local,
        .config_free = delib_io_config_free, .config_check = delib_io_config_check,
        .config_diagnostic_count = delib_io_config_diagnostic_count,
        .config_diagnostic = delib_io_config_diagnostic,
        .exchange_new = delib_io_exchange_new, .exchange_free = delib_io_exchange_free,
        .exchange_request = delib_io_exchange_request, .exchange_receive = delib_io_exchange_receive,
        .exchange_fail = delib_io_exchange_fail, .exchange_answer = delib_io_exchange_answer,
        .decode = delib_io_decode, .decoded_answer = delib_io_decoded_answer, .decoded_free = delib_io_decoded_free,
        .driver_new = delib_io_driver_new, .driver_free = delib_io_driver_free, .evaluate = delib_io_evaluate,
        .start = delib_io_start, .next = delib_io_next, .demande_at = delib_io_demande_at,
        .evaluate_json = delib_io_evaluate_json, .text_free = delib_io_text_free,
        .json_result = delib_io_json_result,
        .journal_open = delib_io_journal_open, .journal_free = delib_io_journal_free,
        .journal_record = delib_io_journal_record, .journal_sync = delib_io_journal_sync,
        .journal_purge = delib_io_journal_purge, .journal_make_keys = delib_io_journal_make_keys,
        .journal_diagnostic_count = delib_io_journal_diagnostic_count,
        .journal_diagnostic = delib_io_journal_diagnostic,
        .audit_run = delib_io_audit_run, .audit_free = delib_io_audit_free,
        .audit_report_get = delib_io_audit_report_get, .audit_diagnostic_count = delib_io_audit_diagnostic_count,
        .audit_diagnostic = delib_io_audit_diagnostic,
        .identity = delib_io_identity, .demande_explication = delib_io_demande_explication,
        .rules_hash = delib_io_rules_hash,
        .fingerprint = delib_io_fingerprint,
    };
    return &api;
}
