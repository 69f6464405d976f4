// The calls of libxlsxwriter, and what it leaves unseen: errors of its temporary files.

#define _GNU_SOURCE
#include "CXlsxWriter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

struct cxlsx_book {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head;
    lxw_format *text;
    lxw_format *time;
};

cxlsx_book *cxlsx_begin(const char *path, const char *folder, const char *time_format) {
    cxlsx_book *made = calloc(1, sizeof *made);
    if (made == NULL) return NULL;
    // Its own copy is made of the folder's path.
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = (char *)folder};
    made->book = workbook_new_opt(path, &options);
    if (made->book != NULL) made->sheet = workbook_add_worksheet(made->book, NULL);
    if (made->sheet == NULL || made->sheet->optimize_tmpfile == NULL) {
        cxlsx_discard(made);
        return NULL;
    }
    made->head = workbook_add_format(made->book);
    made->text = workbook_add_format(made->book);
    made->time = workbook_add_format(made->book);
    if (made->head == NULL || made->text == NULL || made->time == NULL) {
        cxlsx_discard(made);
        return NULL;
    }
    format_set_bold(made->head);
    format_set_num_format(made->head, "@");
    format_set_num_format(made->text, "@");
    format_set_num_format(made->time, time_format);
    worksheet_freeze_panes(made->sheet, 1, 0);
    return made;
}

int cxlsx_head(cxlsx_book *book, uint16_t column, const char *text) {
    return worksheet_write_string(book->sheet, 0, column, text, book->head);
}

int cxlsx_text(cxlsx_book *book, uint32_t row, uint16_t column, const char *text) {
    return worksheet_write_string(book->sheet, row, column, text, book->text);
}

int cxlsx_time(cxlsx_book *book, uint32_t row, uint16_t column, double days) {
    return worksheet_write_number(book->sheet, row, column, days, book->time);
}

int cxlsx_width(cxlsx_book *book, uint16_t column, double characters) {
    return worksheet_set_column(book->sheet, column, column, characters, NULL);
}

// The bytes of a row that is not written yet, and of all that is no row.
static const off_t unwritten_bytes = 4 << 20;

// Whether all rows have reached their temporary file, and as much fits on the disk twice more: the sheet
// with its head and its end, and the packed file.
static int check_room(cxlsx_book *book, int descriptor) {
    FILE *rows = book->sheet->optimize_tmpfile;
    if (fflush(rows) != 0) return errno;
    if (ferror(rows)) return ENOSPC;
    off_t size = ftello(rows);
    if (size < 0) return errno;
    int failure = posix_fallocate(descriptor, 0, 2 * size + unwritten_bytes);
    if (ftruncate(descriptor, 0) != 0 && failure == 0) failure = errno;
    return failure;
}

int cxlsx_finish(cxlsx_book *book, int descriptor, int64_t created) {
    lxw_doc_properties properties = {.created = (time_t)created};
    int code = -check_room(book, descriptor);
    if (code == 0) code = workbook_set_properties(book->book, &properties);
    if (code != 0) {
        cxlsx_discard(book);
        return code;
    }
    errno = 0;
    code = workbook_close(book->book);
    free(book);
    // The library knows no more of it than that it was the system's.
    if (code != 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) return -errno;
    return code;
}

void cxlsx_discard(cxlsx_book *book) {
    if (book->book != NULL) lxw_workbook_free(book->book);
    free(book);
}

const char *cxlsx_error(int code) {
    return lxw_strerror((lxw_error)code);
}
