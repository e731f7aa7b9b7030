#include "label.h"

#include "mgmd/base/str.h"

#include <math.h>
#include <string.h>

/* As many words of @p text as fit on a line, one at least; @return what is left of it. */
static const char *take_line(mg_canvas *canvas, const mg_text_style *style, double width,
                             const char *text, char *line) {
  size_t taken = 0;
  for (size_t end = 0; text[end];) {
    end += strspn(text + end, " ");
    end += strcspn(text + end, " ");
    if (end >= MG_LABEL_TEXT) break;
    char longer[MG_LABEL_TEXT];
    memcpy(longer, text, end);
    longer[end] = '\0';
    if (taken > 0 && mg_canvas_text_width(canvas, style, longer) > width) break;
    mg_str_copy(line, MG_LABEL_TEXT, longer);
    taken = end;
  }
  if (taken == 0) mg_str_copy(line, MG_LABEL_TEXT, text); /* one word, cut to what is kept of it */
  if (taken == 0) return "";
  return text + taken + strspn(text + taken, " ");
}

static bool break_lines(mg_canvas *canvas, double width, int lines, const char *text,
                        mg_label *label) {
  label->n = 0;
  label->width = 0;
  while (*text && label->n < lines) {
    char *line = label->line[label->n++];
    text = take_line(canvas, &label->style, width, text, line);
    label->width = fmax(label->width, mg_canvas_text_width(canvas, &label->style, line));
  }
  return !*text && label->width <= width;
}

bool mg_label_fit(mg_canvas *canvas, const mg_text_style *style, double width, int lines,
                  const char *text, mg_label *label) {
  *label = (mg_label){.style = *style};
  if (strlen(text) >= MG_LABEL_TEXT) return false;
  while (!break_lines(canvas, width, lines, text, label)) {
    if (label->style.size - 0.5 < MG_TEXT_LEAST) return false;
    label->style.size -= 0.5;
  }
  return true;
}

double mg_label_pitch(const mg_label *label) { return 1.3 * label->style.size; }

void mg_label_draw(mg_canvas *canvas, double x, double y, const mg_label *label) {
  for (int k = 0; k < label->n; k++)
    mg_canvas_text(canvas, x, y + k * mg_label_pitch(label), &label->style, label->line[k]);
}
