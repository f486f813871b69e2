/*
 * One switch that knows the parts of each kind of expression.
 */
#include "walk.h"

static void visit_if(const struct expr *e, expr_visitor visit, void *context)
{
    if (e)
        visit(context, e);
}

static void title_parts(const struct title *title, expr_visitor visit, void *context)
{
    visit_if(title->value, visit, context);
    visit_if(title->low, visit, context);
    visit_if(title->high, visit, context);
}

static void table_parts(const struct table *table, expr_visitor visit, void *context)
{
    for (size_t i = 0; i < table->axes.count; i++)
        visit_if(table->axes.items[i], visit, context);
    for (size_t i = 0; i < table->columns.count; i++)
        title_parts(&table->columns.items[i], visit, context);
    for (size_t r = 0; r < table->rows.count; r++) {
        for (size_t i = 0; i < table->rows.items[r].titles.count; i++)
            title_parts(&table->rows.items[r].titles.items[i], visit, context);
        for (size_t i = 0; i < table->rows.items[r].cells.count; i++)
            visit_if(table->rows.items[r].cells.items[i], visit, context);
    }
}

void expr_parts(const struct expr *e, expr_visitor visit, void *context)
{
    switch (e->kind) {
    case EXPR_ERROR:
    case EXPR_NUMBER:
    case EXPR_DATE:
    case EXPR_DAY:
    case EXPR_BOOLEAN:
    case EXPR_TEXT:
    case EXPR_NAME:
    case EXPR_OUTCOME:
        break;
    case EXPR_FIELD: visit_if(e->as.field.object, visit, context); break;
    case EXPR_CALL:
        for (size_t i = 0; i < e->as.call.arguments.count; i++)
            visit_if(e->as.call.arguments.items[i], visit, context);
        break;
    case EXPR_NEGATE: case EXPR_NOT: case EXPR_KNOWN: visit_if(e->as.operand, visit, context); break;
    case EXPR_BINARY:
        visit_if(e->as.binary.left, visit, context);
        visit_if(e->as.binary.right, visit, context);
        break;
    case EXPR_IS:
        visit_if(e->as.is.operand, visit, context);
        title_parts(&e->as.is.title, visit, context);
        break;
    case EXPR_ROUND: visit_if(e->as.round.operand, visit, context); break;
    case EXPR_CONVERT: visit_if(e->as.convert.operand, visit, context); break;
    case EXPR_STARTED:
        visit_if(e->as.started.amount, visit, context);
        visit_if(e->as.started.quantity, visit, context);
        break;
    case EXPR_SHIFT:
        visit_if(e->as.shift.operand, visit, context);
        visit_if(e->as.shift.by, visit, context);
        visit_if(e->as.shift.condition, visit, context);
        visit_if(e->as.shift.limit, visit, context);
        break;
    case EXPR_TABLE: table_parts(e->as.table, visit, context); break;
    case EXPR_BEST:
        for (size_t i = 0; i < e->as.best.alternatives.count; i++) {
            visit_if(e->as.best.alternatives.items[i].value, visit, context);
            visit_if(e->as.best.alternatives.items[i].condition, visit, context);
        }
        break;
    case EXPR_AGGREGATE:
        visit_if(e->as.aggregate.list, visit, context);
        visit_if(e->as.aggregate.condition, visit, context);
        visit_if(e->as.aggregate.body, visit, context);
        visit_if(e->as.aggregate.if_empty, visit, context);
        break;
    case EXPR_RANK:
        visit_if(e->as.rank.list, visit, context);
        visit_if(e->as.rank.condition, visit, context);
        visit_if(e->as.rank.key, visit, context);
        visit_if(e->as.rank.tie, visit, context);
        break;
    case EXPR_WHEN:
        visit_if(e->as.when.operand, visit, context);
        visit_if(e->as.when.other, visit, context);
        break;
    case EXPR_WITH: visit_if(e->as.with.value, visit, context); break;
    }
}
