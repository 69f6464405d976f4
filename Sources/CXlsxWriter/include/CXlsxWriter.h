// One sheet of a workbook of libxlsxwriter, row by row in constant memory.

#ifndef CXLSXWRITER_H
#define CXLSXWRITER_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// A workbook with one sheet, whose first row is a header that stays in sight.
typedef struct cxlsx_book cxlsx_book;

/// Begins a workbook.
///
/// - Parameters:
///   - path: where the file will be once it is closed.
///   - folder: for temporary files, which hold the rows until then; they have no name there, and mode 0600.
///   - time_format: how a spreadsheet shows times.
/// - Returns: NULL where memory is short or a temporary file cannot be made.
cxlsx_book *_Nullable cxlsx_begin(const char *path, const char *folder, const char *time_format);

/// Writes a text into the header, the first row.
int cxlsx_head(cxlsx_book *book, uint16_t column, const char *text);

/// Writes a text, in UTF-8, into a row; rows are written from the top.
int cxlsx_text(cxlsx_book *book, uint32_t row, uint16_t column, const char *text);

/// Writes a time as days since 1899-12-30.
int cxlsx_time(cxlsx_book *book, uint32_t row, uint16_t column, double days);

/// Makes a column so many characters wide.
int cxlsx_width(cxlsx_book *book, uint16_t column, double characters);

/// Writes the file, and ends the workbook, whatever comes of it.
///
/// The library looks at no error of its temporary files. So those of the rows are looked at here, and what the
/// library is about to write is first seen to have room on the disk.
///
/// - Parameters:
///   - descriptor: of an empty file on that disk, which is empty again afterwards.
///   - created: the time that the file says it was made at, in seconds since 1970.
/// - Returns: 0; a positive error of the library; a negative number of the system.
int cxlsx_finish(cxlsx_book *book, int descriptor, int64_t created);

/// Ends the workbook without its file.
void cxlsx_discard(cxlsx_book *book);

/// What a positive error means.
const char *cxlsx_error(int code);

#pragma clang assume_nonnull end

#endif
