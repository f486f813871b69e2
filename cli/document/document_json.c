/*
 * Documents in JSON, block by block.
 */
#include "document_json.h"

static void write_table(const delib_io_api *io, delib_io_json *json, const struct block *table)
{
    io->json_list(json, "colonnes");
    for (size_t c = 0; c < table->column_count; c++)
        io->json_text(json, NULL, table->columns[c].title);
    io->json_end(json);
    io->json_list(json, "lignes");
    for (size_t r = 0; r < table->rows.count; r++) {
        io->json_list(json, NULL);
        for (size_t c = 0; c < table->column_count; c++)
            io->json_text(json, NULL, table->rows.items[r][c]);
        io->json_end(json);
    }
    io->json_end(json);
}

void document_json(const delib_io_api *io, delib_io_json *json, const struct document *document)
{
    static const char *const KINDS[] = {
        [BLOCK_HEADING] = "titre",        [BLOCK_AMOUNT] = "montant", [BLOCK_FACT] = "fait",
        [BLOCK_PARAGRAPH] = "paragraphe", [BLOCK_QUOTE] = "citation", [BLOCK_ITEM] = "élément",
        [BLOCK_STEP] = "étape",           [BLOCK_TABLE] = "tableau",
        [BLOCK_CHART] = "graphique",
    };

    for (size_t i = 0; i < document->blocks.count; i++) {
        const struct block *block = &document->blocks.items[i];

        bool grid = block->kind == BLOCK_TABLE || block->kind == BLOCK_CHART;

        if (grid && !block->rows.count)
            continue;
        io->json_object(json, NULL);
        io->json_text(json, "genre", KINDS[block->kind]);
        io->json_text(json, "texte", block->text);
        io->json_text(json, "note", block->note);
        if (grid)
            write_table(io, json, block);
        io->json_end(json);
    }
}
