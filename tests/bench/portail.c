/* Hand-written C: the physical limit.
 *   portail one 'CSV LINE'          one evaluation, prices on stdout
 *   portail batch IN.csv OUT.csv    whole file, one thread
 *   portail batch2 IN.csv OUT.csv   whole file, two threads
 *   portail lat IN.csv K            ns/record in a warm process, scalar and columnar */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "portail_csv.h"
#include "tarifs.h"

typedef struct { const char *p, *end; char *out; size_t len; } part;
static void *run(void *a)
{
    part *t = a;
    char *o = t->out;
    const char *p = t->p;
    while (p < t->end) {
        int64_t id;
        famille f;
        p = line(p, &id, &f);
        o = put(o, (uint64_t)id);
        *o++ = ',';
        o = putc2(o, cantine(&f));
        *o++ = ',';
        o = putc2(o, accueil(&f));
        *o++ = ',';
        o = putc2(o, creche(&f));
        *o++ = '\n';
    }
    t->len = (size_t)(o - t->out);
    return 0;
}
static const char *map(const char *path, size_t *len)
{
    int fd = open(path, O_RDONLY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st)) { perror(path); exit(1); }
    const char *m = mmap(0, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (m == MAP_FAILED) { perror(path); exit(1); }
    close(fd);
    *len = (size_t)st.st_size;
    return m;
}
/* one thread: fixed 1 MiB buffers in and out, so memory stays flat whatever the file */
static void batch_stream(const char *src, const char *dst)
{
    enum { B = 1 << 20 };
    static char in[B + 1], out[3 * B / 2];
    int fi = open(src, O_RDONLY), fo = open(dst, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fi < 0 || fo < 0) { perror("open"); exit(1); }
    size_t have = 0;
    int first = 1;
    static const char H[] = "id,cantine,accueil,creche\n";
    if (write(fo, H, sizeof H - 1) < 0) exit(1);
    for (;;) {
        ssize_t r = read(fi, in + have, B - have);
        if (r < 0) exit(1);
        have += (size_t)r;
        char *last = have ? memrchr(in, '\n', have) : 0;
        if (!last) break;
        part t = {in, last + 1, out, 0};
        if (first) { t.p = (char *)memchr(in, '\n', have) + 1; first = 0; }
        run(&t);
        for (size_t w = 0; w < t.len;) {
            ssize_t k = write(fo, out + w, t.len - w);
            if (k < 0) exit(1);
            w += (size_t)k;
        }
        have -= (size_t)(last + 1 - in);
        memmove(in, last + 1, have);
        if (!r) break;
    }
    close(fo);
}
static void batch2(const char *src, const char *dst)
{
    size_t len;
    const char *m = map(src, &len), *b = (char *)memchr(m, '\n', len) + 1, *mid = b + (len - (size_t)(b - m)) / 2;
    mid = (char *)memchr(mid, '\n', len - (size_t)(mid - m)) + 1;
    int fo = open(dst, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    part t[2] = {{b, mid, malloc(len), 0}, {mid, m + len, malloc(len), 0}};
    pthread_t th;
    pthread_create(&th, 0, run, &t[1]);
    run(&t[0]);
    pthread_join(th, 0);
    static const char H[] = "id,cantine,accueil,creche\n";
    if (write(fo, H, sizeof H - 1) < 0) exit(1);
    for (int i = 0; i < 2; i++)
        for (size_t w = 0; w < t[i].len;) {
            ssize_t k = write(fo, t[i].out + w, t[i].len - w);
            if (k < 0) exit(1);
            w += (size_t)k;
        }
    close(fo);
}

/* ---- latency ---- */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}
__attribute__((noinline)) static int32_t eval1(const famille *f) { return cantine(f); }
__attribute__((noinline)) static void eval3(const famille *f, int32_t o[3])
{
    o[0] = cantine(f);
    o[1] = accueil(f);
    o[2] = creche(f);
}
/* Columnar: straight loops without branches, left to the auto-vectoriser. */
__attribute__((noinline)) static void col_cantine(int n, const int32_t *restrict qf, const int32_t *restrict res,
                                                  const int32_t *restrict de, const int32_t *restrict rang,
                                                  int32_t *restrict out)
{
    for (int i = 0; i < n; i++) {
        int32_t q = qf[i];
        /* each step of the scale as a mask: -(q >= bound) is 0 or all ones */
        int32_t p = 80 + (-(q >= 30000) & 50) + (-(q >= 45000) & 60) + (-(q >= 60000) & 70) + (-(q >= 80000) & 70) +
                    (-(q >= 100000) & 80) + (-(q >= 130000) & 80) + (-(q >= 170000) & 70);
        int32_t m = -(q < 0), x = -(res[i] == 0);
        p = (p & ~m) | (560 & m);
        p = (p & ~x) | (690 & x);
        p *= (10 - (-(de[i] != 0) & 2)) * (10 - (-(rang[i] >= 3) & 3));
        p = (int32_t)((uint32_t)(p + 50) / 100u);
        out[i] = p < 50 ? 50 : p;
    }
}
__attribute__((noinline)) static void col_accueil(int n, const int32_t *restrict qf, const int32_t *restrict b,
                                                  const int32_t *restrict dh, int32_t *restrict out)
{
    for (int i = 0; i < n; i++) {
        int32_t q = qf[i] < 0 || qf[i] > 200000 ? 200000 : qf[i]; /* the ceiling is reached long before */
        int32_t h = (int32_t)(((uint32_t)q * 21u + 5000u) / 10000u);
        h = h < 60 ? 60 : h;
        h = h > 290 ? 290 : h;
        out[i] = (int32_t)((uint32_t)(h * dh[i] * (b[i] ? 9 : 10) + 10) / 20u);
    }
}
__attribute__((noinline)) static void col_creche(int n, const int32_t *restrict r, const int32_t *restrict nb,
                                                 const int32_t *restrict aeeh, int32_t *restrict out)
{
    for (int i = 0; i < n; i++) {
        int32_t k = nb[i] + aeeh[i];
        uint32_t t = (uint32_t)(619 - (-(k >= 2) & 103) - (-(k >= 3) & 103) - (-(k >= 4) & 103) - (-(k >= 8) & 104));
        int32_t x = r[i] < 80100 ? 80100 : r[i];
        x = x > 700000 ? 700000 : x;
        out[i] = (int32_t)(((uint32_t)x * t + 500000u) / 1000000u); /* 700000 * 619 < 2^32 */
    }
}
static int dcmp(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
static void lat(const char *src, int k)
{
    size_t len;
    const char *m = map(src, &len), *p = (char *)memchr(m, '\n', len) + 1;
    famille *f = malloc(sizeof *f * (size_t)k);
    int n = 0;
    int64_t id;
    while (p < m + len && n < k) p = line(p, &id, &f[n++]);
    enum { R = 31 };
    int reps = 1 + 2000000 / n;
    double a[R], b[R], c[R], d[R];
    int64_t s[3] = {0}, sc[3] = {0};
    int32_t *qf = malloc(4ul * n), *re = malloc(4ul * n), *de = malloc(4ul * n), *ra = malloc(4ul * n),
            *bo = malloc(4ul * n), *dh = malloc(4ul * n), *rs = malloc(4ul * n), *nb = malloc(4ul * n),
            *ae = malloc(4ul * n), *o1 = malloc(4ul * n), *o2 = malloc(4ul * n), *o3 = malloc(4ul * n);
    for (int i = 0; i < n; i++) {
        qf[i] = f[i].qf; re[i] = f[i].resident; de[i] = f[i].de; ra[i] = f[i].rang; bo[i] = f[i].boursier;
        dh[i] = f[i].demi_heures; rs[i] = f[i].ressources; nb[i] = f[i].nb_enfants; ae[i] = f[i].aeeh;
    }
    for (int r = 0; r < R; r++) {
        double t = now();
        int64_t u = 0;
        for (int q = 0; q < reps; q++)
            for (int i = 0; i < n; i++) u += eval1(&f[i]);
        a[r] = (now() - t) / ((double)n * reps);
        t = now();
        for (int q = 0; q < reps; q++) {
            s[0] = s[1] = s[2] = 0;
            for (int i = 0; i < n; i++) {
                int32_t o[3];
                eval3(&f[i], o);
                s[0] += o[0];
                s[1] += o[1];
                s[2] += o[2];
            }
        }
        b[r] = (now() - t) / ((double)n * reps);
        if (u != s[0] * reps) exit(3);
        t = now();
        for (int q = 0; q < reps; q++) {
            col_cantine(n, qf, re, de, ra, o1);
            __asm__ volatile("" ::: "memory");
        }
        c[r] = (now() - t) / ((double)n * reps);
        t = now();
        for (int q = 0; q < reps; q++) {
            col_cantine(n, qf, re, de, ra, o1);
            col_accueil(n, qf, bo, dh, o2);
            col_creche(n, rs, nb, ae, o3);
            __asm__ volatile("" ::: "memory");
        }
        d[r] = (now() - t) / ((double)n * reps);
    }
    for (int i = 0; i < n; i++) { sc[0] += o1[i]; sc[1] += o2[i]; sc[2] += o3[i]; }
    qsort(a, R, 8, dcmp); qsort(b, R, 8, dcmp); qsort(c, R, 8, dcmp); qsort(d, R, 8, dcmp);
    printf("c-scalar   lat one=%.2f three=%.2f ns n=%d sums=%ld,%ld,%ld\n", a[R / 2], b[R / 2], n, (long)s[0],
           (long)s[1], (long)s[2]);
    printf("c-columnar lat one=%.3f three=%.3f ns n=%d sums=%ld,%ld,%ld\n", c[R / 2], d[R / 2], n, (long)sc[0],
           (long)sc[1], (long)sc[2]);
}
int main(int ac, char **av)
{
    if (ac == 3 && !strcmp(av[1], "one")) {
        int64_t id;
        famille f;
        line(av[2], &id, &f);
        char o[64], *e = putc2(o, cantine(&f));
        *e++ = ' ';
        e = putc2(e, accueil(&f));
        *e++ = ' ';
        e = putc2(e, creche(&f));
        *e++ = '\n';
        return write(1, o, (size_t)(e - o)) < 0;
    }
    if (ac == 4 && !strcmp(av[1], "batch")) return batch_stream(av[2], av[3]), 0;
    if (ac == 4 && !strcmp(av[1], "batch2")) return batch2(av[2], av[3]), 0;
    if (ac == 4 && !strcmp(av[1], "lat")) return lat(av[2], atoi(av[3])), 0;
    return 2;
}
