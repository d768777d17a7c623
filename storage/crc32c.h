/*
 * CRC-32C (Castagnoli), in software: finds bytes that a disk changed or a crash left half written.
 * It is no protection against people; the tree of storage/merkle.h is.
 */
#ifndef DD_STORAGE_CRC32C_H
#define DD_STORAGE_CRC32C_H

#include "core/bytes.h"

/* The CRC of what gave `crc` followed by the bytes; start with 0. Any thread. */
uint32_t dd_crc32c(uint32_t crc, struct dd_slice bytes);

#endif
