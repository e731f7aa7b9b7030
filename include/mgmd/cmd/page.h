/** One description, three renderings: terminal help, Markdown, man page.
 *
 *  Content is given as headings, paragraphs, literal blocks and items; inside text, `backticks`
 *  mark words to be typed. What is said once can so not differ between the three.
 */
#ifndef MGMD_CMD_PAGE_H
#define MGMD_CMD_PAGE_H

#include "mgmd/base/text.h"
#include "mgmd/comm/comm.h"

typedef enum mg_page_style {
  MG_PAGE_TEXT,     /**< 80 columns, for a terminal */
  MG_PAGE_MARKDOWN, /**< GitHub flavour */
  MG_PAGE_MAN       /**< man macros of troff */
} mg_page_style;

typedef enum mg_page_block {
  MG_BLOCK_NONE,
  MG_BLOCK_HEADING,
  MG_BLOCK_PARAGRAPH,
  MG_BLOCK_CODE,
  MG_BLOCK_ITEM
} mg_page_block;

/** Zero-initialise with a style; end with mg_page_print. Nothing but that communicates. */
typedef struct mg_page {
  mg_page_style style;
  mg_page_block last; /**< block written last: decides about empty lines */
  mg_text text;
} mg_page;

/** @p level 1 to 3. In a man page 1 and 2 are sections, 3 a subsection. */
void mg_page_heading(mg_page *page, int level, const char *title);

void mg_page_paragraph(mg_page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Lines shown as they are; every line of @p lines ends with a newline. @p language is for
 *  Markdown ("yaml", "sh"). */
void mg_page_code(mg_page *page, const char *language, const char *lines);

/** A term and what it means, in a list whose meanings start at @p column on a terminal. */
void mg_page_item(mg_page *page, int column, const char *term, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** A second paragraph of the item just written. */
void mg_page_item_more(mg_page *page, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Text with `backticks` in the page's style, without breaking lines: for table cells. */
void mg_page_inline(mg_page *page, const char *text);

/** Print the page to stdout on rank 0 and release it.
 *  Collective, also with a communicator that was never opened (one process without MPI).
 *  @return agreed; MG_ERR_IO when stdout cannot be written, MG_ERR_MEMORY  */
mg_status mg_page_print(mg_page *page, const mg_comm *comm);

#endif
