/*
 * From a column of the caller to the lanes of a plan, with the domain checked on the way. Included by columns.c for
 * each width of lane (LANE) and of column (VALUE, at most VALUE_MOST), the function being named LOAD: a value that
 * is absent or outside its domain is replaced by the least one, so that every operation computes within its proved
 * range.
 */
static void LOAD(const void *column, const struct plan_input *in, const LANE *restrict valid, LANE *restrict out,
                 LANE *restrict bad, size_t rows)
{
    const VALUE *restrict values = column;
    const bool reachable = in->lo <= VALUE_MOST && in->hi >= -VALUE_MOST - 1; /* some value of this width is in it */
    const VALUE lo = (VALUE)(!reachable ? 1 : in->lo < -VALUE_MOST - 1 ? -VALUE_MOST - 1 : in->lo);
    const VALUE hi = (VALUE)(!reachable ? 0 : in->hi > VALUE_MOST ? VALUE_MOST : in->hi);
    const LANE least = (LANE)in->lo, sign = in->mask ? -1 : 1;

    for (size_t i = 0; !valid && i < rows; i++) {
        const LANE good = (LANE) - (LANE)(values[i] >= lo && values[i] <= hi);

        out[i] = (LANE)((((LANE)values[i] & good) | (least & ~good)) * sign);
        bad[i] |= ~good;
    }
    for (size_t i = 0; valid && i < rows; i++) {
        const LANE good = (LANE) - (LANE)(values[i] >= lo && values[i] <= hi), use = good & valid[i];

        out[i] = (LANE)((((LANE)values[i] & use) | (least & ~use)) * sign);
        bad[i] |= ~good & valid[i];
    }
}

#undef VALUE
#undef VALUE_MOST
#undef LOAD
