/*
 * Bodies that are made while they are sent.
 */
#include "sable_streams.h"

#include <string.h>

/* ------------------------------------------------------------------ endless JSON */

static const char huge_start[] = "{\"data\":{\"quotient_familial\":\"", huge_end[] = "\"},\"links\":{},\"meta\":{}}";

enum { HUGE_START = sizeof(huge_start) - 1, HUGE_END = sizeof(huge_end) - 1 };

static char huge_byte(uint64_t size, uint64_t at)
{
    if (at < HUGE_START)
        return huge_start[at];
    if (at < size - HUGE_END)
        return 'a';
    return huge_end[at - (size - HUGE_END)];
}

size_t huge_stream_read(struct huge_stream *stream, char *buffer, size_t capacity)
{
    size_t count = 0;

    if (stream->size < HUGE_START + HUGE_END)
        stream->size = HUGE_START + HUGE_END;
    while (count < capacity && stream->sent < stream->size)
        buffer[count++] = huge_byte(stream->size, stream->sent++);
    return count;
}

/* ------------------------------------------------------------------ gzip bomb */

/*
 * One deflate block with fixed codes (RFC 1951, 3.2.6): a literal space, then as many copies of 258 bytes at distance
 * 1 as are needed. The literal is code 0x50 on 8 bits, the copy code 285, 11000101 on 8 bits, the distance 5 zero
 * bits; codes are written high bit first, everything else low bit first.
 */
enum { COPY_LENGTH = 258, COPY_BITS = 13 };
enum { STAGE_HEADER, STAGE_COPIES, STAGE_END, STAGE_DONE };

static const uint64_t code_literal = 0x0a, code_copy = 0xa3;      /* 0x50 and 0xc5, bits reversed */

static uint32_t crc_table_entry(uint32_t byte)
{
    for (int bit = 0; bit < 8; bit++)
        byte = byte & 1 ? (byte >> 1) ^ 0xedb88320u : byte >> 1;
    return byte;
}

struct bomb_stream bomb_stream_of(uint64_t size)
{
    uint64_t copies = size / COPY_LENGTH;
    struct bomb_stream stream = { .size = copies * COPY_LENGTH + 1, .crc = 0xffffffffu, .stage = STAGE_HEADER };

    for (uint32_t byte = 0; byte < 256; byte++)
        stream.crc_table[byte] = crc_table_entry(byte);
    return stream;
}

static void add_spaces(struct bomb_stream *stream, unsigned count)
{
    stream->inflated += count;
    while (count--)
        stream->crc = (stream->crc >> 8) ^ stream->crc_table[(stream->crc ^ ' ') & 0xff];
}

static void put_bits(struct bomb_stream *stream, uint64_t bits, unsigned count)
{
    stream->bits |= bits << stream->bit_count;
    stream->bit_count += count;
}

static size_t take_bytes(struct bomb_stream *stream, char *buffer, size_t capacity)
{
    size_t count = 0;

    while (stream->bit_count >= 8 && count < capacity) {
        buffer[count++] = (char)(stream->bits & 0xff);
        stream->bits >>= 8;
        stream->bit_count -= 8;
    }
    return count;
}

static size_t write_header(struct bomb_stream *stream, char *buffer)
{
    static const unsigned char header[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 };

    memcpy(buffer, header, sizeof(header));
    put_bits(stream, 3, 3);              /* last block, fixed codes */
    put_bits(stream, code_literal, 8);
    add_spaces(stream, 1);
    stream->stage = STAGE_COPIES;
    return sizeof(header);
}

static size_t write_copies(struct bomb_stream *stream, char *buffer, size_t capacity)
{
    size_t count = 0;

    while (count + 8 < capacity && stream->inflated < stream->size) {
        put_bits(stream, code_copy, COPY_BITS);
        add_spaces(stream, COPY_LENGTH);
        count += take_bytes(stream, buffer + count, capacity - count);
    }
    if (stream->inflated >= stream->size)
        stream->stage = STAGE_END;
    return count;
}

static size_t write_end(struct bomb_stream *stream, char *buffer)
{
    size_t count = 0;
    uint32_t words[2] = { ~stream->crc, (uint32_t)stream->inflated };

    put_bits(stream, 0, 7);              /* end of block */
    put_bits(stream, 0, (8 - stream->bit_count % 8) % 8);
    count = take_bytes(stream, buffer, 4);
    for (int word = 0; word < 2; word++)
        for (int byte = 0; byte < 4; byte++)
            buffer[count++] = (char)(words[word] >> (8 * byte) & 0xff);
    stream->stage = STAGE_DONE;
    return count;
}

size_t bomb_stream_read(struct bomb_stream *stream, char *buffer, size_t capacity)
{
    if (capacity < 32)
        return 0;
    switch (stream->stage) {
    case STAGE_HEADER: return write_header(stream, buffer);
    case STAGE_COPIES: return write_copies(stream, buffer, capacity);
    case STAGE_END:    return write_end(stream, buffer);
    default:           return 0;
    }
}
