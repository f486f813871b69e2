/*
 * Running a plan for one family, in wide steps. Included twice by plan_one.c, with STEPS the name of the function,
 * LOOK_UP_FEW, ROUNDED and ROUNDED_SIGNED those of one width. Each core below is run with each ending: one label for
 * each pair, and a jump from one to the next without a loop where the compiler knows how.
 */
static void STEPS(const struct plan_step *restrict s, int64_t *restrict v)
{
#if THREADED
#define LABELS(core, value) &&core##_NONE, &&core##_CLAMP, &&core##_ROUND, &&core##_ROUND_CLAMP, &&core##_CLAMP_ROUND,
#define PLACE(core, ending) core##_##ending
#define NEXT                goto *labels[(++s)->code]
    /* cppcheck-suppress syntaxError ; labels as values */
    static const void *const labels[] = {PLAN_CORES(LABELS) &&done};

    goto *labels[s->code];
#else
#define PLACE(core, ending) case CORE_##core * ENDINGS + ENDING_##ending
#define NEXT                continue
    for (;; s++)
        switch (s->code)
#endif
    {
#define ONE(core, ending, value)                                                                                     \
    PLACE(core, ending) : v[s->out] = END_##ending(value);                                                           \
    NEXT;
#define ALL(core, value)                                                                                             \
    ONE(core, NONE, value)                                                                                           \
    ONE(core, CLAMP, value)                                                                                          \
    ONE(core, ROUND, value)                                                                                          \
    ONE(core, ROUND_CLAMP, value)                                                                                    \
    ONE(core, CLAMP_ROUND, value)
        PLAN_CORES(ALL)
#if !THREADED
    default: return;
#endif
    }
#if THREADED
done:
    return;
#endif
}

#undef LABELS
#undef PLACE
#undef NEXT
#undef ONE
#undef ALL
#undef STEPS
#undef LOOK_UP_FEW
#undef ROUNDED
#undef ROUNDED_SIGNED
