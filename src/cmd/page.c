/* Text is first turned into words that know where a line may break, then set: on a terminal filled
 * to 79 columns, in Markdown to 99, for troff left alone since it fills by itself. Inside backticks
 * nothing breaks, so a command can be copied from the terminal in one piece. */

#include "mgmd/cmd/page.h"

#include "mgmd/base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 4096, TEXT_WIDTH = 79, MARKDOWN_WIDTH = 99, INDENT = 2 };

static const char FIXED_SPACE = '\x1f'; /* stands for a blank at which no line may break */

/* One character outside or inside of backticks, as the style needs it. */
static void put_character(mg_page *page, char c, bool literal) {
  const char *replaced = NULL;
  if (page->style == MG_PAGE_MAN) {
    if (c == '\\') replaced = "\\e";
    if (c == '-' && literal) replaced = "\\-";
    if (c == '\'') replaced = "\\(aq";
  } else if (page->style == MG_PAGE_MARKDOWN && !literal) {
    if (c == '<') replaced = "\\<";
    if (c == '*') replaced = "\\*";
  }
  if (page->style == MG_PAGE_MARKDOWN && c == '|') replaced = "\\|";
  if (literal && c == ' ' && page->style != MG_PAGE_MAN) c = FIXED_SPACE;
  if (replaced)
    mg_text_append(&page->text, "%s", replaced);
  else
    mg_text_append_bytes(&page->text, &c, 1);
}

static void put_backtick(mg_page *page, bool opens) {
  if (page->style == MG_PAGE_TEXT) mg_text_append(&page->text, "'");
  if (page->style == MG_PAGE_MARKDOWN) mg_text_append(&page->text, "`");
  if (page->style == MG_PAGE_MAN) mg_text_append(&page->text, "%s", opens ? "\\fB" : "\\fR");
}

/* Append the marked-up text; blanks inside backticks are left as FIXED_SPACE. */
static void put_marked(mg_page *page, const char *text) {
  bool literal = false;
  for (const char *c = text; *c; c++) {
    if (*c == '`') {
      literal = !literal;
      put_backtick(page, literal);
    } else {
      put_character(page, *c, literal);
    }
  }
}

static void free_spaces(char *text) {
  for (; text && *text; text++)
    if (*text == FIXED_SPACE) *text = ' ';
}

void mg_page_inline(mg_page *page, const char *text) {
  const size_t start = page->text.length;
  put_marked(page, text);
  if (page->text.data && page->text.status == MG_OK) free_spaces(page->text.data + start);
}

/* Fill the words of @p text into lines. The cursor stands at column @p at; later lines are indented
 * by @p indent. Ends with a newline. */
static void put_filled(mg_page *page, const char *text, int at, int indent) {
  if (page->style == MG_PAGE_MAN) { /* a line must not look like a request */
    if (*text == '.' || *text == '\'') mg_text_append(&page->text, "\\&");
    mg_page_inline(page, text);
    mg_text_append(&page->text, "\n");
    return;
  }
  mg_page marked = {.style = page->style};
  put_marked(&marked, text);
  const int width = page->style == MG_PAGE_TEXT ? TEXT_WIDTH : MARKDOWN_WIDTH;
  int column = at;
  bool first = true;
  for (char *word = marked.text.data ? strtok(marked.text.data, " ") : NULL; word;
       word = strtok(NULL, " "), first = false) {
    const int length = (int)strlen(word);
    free_spaces(word);
    if (!first && column + 1 + length > width) {
      mg_text_append(&page->text, "\n%*s%s", indent, "", word);
      column = indent + length;
    } else {
      mg_text_append(&page->text, "%s%s", first ? "" : " ", word);
      column += length + !first;
    }
  }
  mg_text_append(&page->text, "\n");
  if (marked.text.status != MG_OK) page->text.status = marked.text.status;
  mg_text_clear(&marked.text);
}

/* An empty line where the style wants one between the last block and the next. */
static void separate(mg_page *page, mg_page_block next) {
  const mg_page_block last = page->last;
  page->last = next;
  if (last == MG_BLOCK_NONE || page->style == MG_PAGE_MAN) return;
  if (last == MG_BLOCK_ITEM && next == MG_BLOCK_ITEM) return;
  if (last == MG_BLOCK_HEADING && next != last && page->style == MG_PAGE_TEXT) return;
  mg_text_append(&page->text, "\n");
}

void mg_page_heading(mg_page *page, int level, const char *title) {
  separate(page, MG_BLOCK_HEADING);
  if (page->style == MG_PAGE_MARKDOWN) {
    mg_text_append(&page->text, "%.*s ", level, "###");
    mg_page_inline(page, title);
  } else if (page->style == MG_PAGE_MAN) {
    mg_text_append(&page->text, "%s \"", level <= 2 ? ".SH" : ".SS");
    for (; *title; title++) {
      if (level <= 2 && *title >= 'a' && *title <= 'z')
        mg_text_append(&page->text, "%c", *title - 'a' + 'A');
      else if (*title != '`')
        put_character(page, *title, false);
    }
    mg_text_append(&page->text, "\"");
  } else {
    mg_page_inline(page, title);
  }
  mg_text_append(&page->text, "\n");
}

void mg_page_paragraph(mg_page *page, const char *format, ...) {
  char text[MOST];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  const bool opens = page->last == MG_BLOCK_HEADING;
  separate(page, MG_BLOCK_PARAGRAPH);
  const int indent = page->style == MG_PAGE_TEXT ? INDENT : 0;
  if (page->style == MG_PAGE_MAN && !opens) mg_text_append(&page->text, ".PP\n");
  mg_text_append(&page->text, "%*s", indent, "");
  put_filled(page, text, indent, indent);
}

void mg_page_code(mg_page *page, const char *language, const char *lines) {
  separate(page, MG_BLOCK_CODE);
  if (page->style == MG_PAGE_MARKDOWN) {
    mg_text_append(&page->text, "```%s\n%s```\n", language, lines);
    return;
  }
  if (page->style == MG_PAGE_MAN) mg_text_append(&page->text, ".PP\n.RS 4\n.nf\n");
  while (*lines) {
    const char *end = strchr(lines, '\n');
    const size_t length = end ? (size_t)(end - lines) : strlen(lines);
    if (page->style == MG_PAGE_TEXT) {
      mg_text_append(&page->text, "%*s%.*s\n", length ? 2 * INDENT : 0, "", (int)length, lines);
    } else {
      if (*lines == '.' || *lines == '\'') mg_text_append(&page->text, "\\&");
      for (size_t k = 0; k < length; k++) put_character(page, lines[k], true);
      mg_text_append(&page->text, "\n");
    }
    lines += length + (end != NULL);
  }
  if (page->style == MG_PAGE_MAN) mg_text_append(&page->text, ".fi\n.RE\n");
}

static void item_on_terminal(mg_page *page, int column, const char *term, const char *text) {
  mg_text_append(&page->text, "%*s%s", INDENT, "", term);
  int at = INDENT + (int)strlen(term);
  if (at + 2 > column) {
    mg_text_append(&page->text, "\n");
    at = 0;
  }
  mg_text_append(&page->text, "%*s", column - at, "");
  put_filled(page, text, column, column);
}

void mg_page_item(mg_page *page, int column, const char *term, const char *format, ...) {
  char text[MOST];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  separate(page, MG_BLOCK_ITEM);
  if (page->style == MG_PAGE_TEXT) {
    item_on_terminal(page, column, term, text);
  } else if (page->style == MG_PAGE_MARKDOWN) {
    mg_text_append(&page->text, "- `%s`: ", term);
    put_filled(page, text, (int)strlen(term) + 6, 2);
  } else {
    mg_text_append(&page->text, ".TP\n\\fB");
    for (const char *c = term; *c; c++) put_character(page, *c, true);
    mg_text_append(&page->text, "\\fR\n");
    put_filled(page, text, 0, 0);
  }
}

void mg_page_item_more(mg_page *page, int column, const char *format, ...) {
  char text[MOST];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (page->style == MG_PAGE_MAN) {
    mg_text_append(&page->text, ".br\n");
    put_filled(page, text, 0, 0);
  } else {
    const int indent = page->style == MG_PAGE_TEXT ? column : 2;
    mg_text_append(&page->text, "%*s", indent, "");
    put_filled(page, text, indent, indent);
  }
}

static mg_status print_local(const mg_page *page, bool speaks) {
  MG_TRY(page->text.status);
  if (!speaks || page->text.length == 0) return MG_OK;
  const bool whole = fwrite(page->text.data, 1, page->text.length, stdout) == page->text.length;
  const bool flushed = fflush(stdout) == 0;
  MG_REQUIRE(whole && flushed, MG_ERR_IO, "stdout could not be written: %s", strerror(errno));
  return MG_OK;
}

mg_status mg_page_print(mg_page *page, const mg_comm *comm) {
  mg_status status = print_local(page, comm->rank == 0);
  if (comm->mpi) status = mg_agree(comm, status);
  mg_text_clear(&page->text);
  return status;
}
