/*
 * Bodies that are made while they are sent: an endless JSON, a gzip bomb. Each is a generator of bytes.
 */
#ifndef SABLE_STREAMS_H
#define SABLE_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* {"data":{"quotient_familial":"aaaa…"}} of `size` bytes at least. Fills `buffer`, returns how many; 0: the end. */
struct huge_stream {
    uint64_t size, sent;
};
size_t huge_stream_read(struct huge_stream *stream, char *buffer, size_t capacity);

/* A true gzip file that holds `size` spaces, about 1/158 of that on the wire. */
struct bomb_stream {
    uint64_t size, inflated;             /* bytes inside: wanted, already described */
    uint32_t crc, crc_table[256];
    uint64_t bits;                       /* not yet written, low bits first */
    unsigned bit_count, stage;
};
struct bomb_stream bomb_stream_of(uint64_t size);
size_t bomb_stream_read(struct bomb_stream *stream, char *buffer, size_t capacity);

#endif
