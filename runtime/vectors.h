/*
 * How loops over columns are compiled: with the vectors of the processor at hand, chosen when the library is loaded,
 * where the compiler knows how. Included before any function of the file.
 */
#ifndef RUNTIME_VECTORS_H
#define RUNTIME_VECTORS_H

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CLONED __attribute__((target_clones("avx2", "default"), flatten))
#endif
#endif
#ifndef CLONED
#define CLONED
#endif

#endif
