#include "frame_rows.h"

#include "mgmd/base/mem.h"
#include "mgmd/base/str.h"
#include "mgmd/io/fields.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void mg_layout_init(mg_layout *layout, const char *source) {
  memset(layout, 0, sizeof *layout);
  mg_str_copy(layout->source, sizeof layout->source, source);
  layout->id = layout->type = layout->symbol = layout->mass = -1;
  for (int a = 0; a < 3; a++) layout->position[a] = layout->image[a] = layout->velocity[a] = -1;
}

bool mg_read_wants(const mg_read_options *options, const char *name) {
  if (!options->only && strcmp(name, "reference_position") == 0) return true;
  if (!options->fields) return false;
  for (int k = 0; options->only && k < options->only->n; k++)
    if (strcmp(options->only->name[k], name) == 0) return true;
  return !options->only;
}

void mg_names_add(mg_text *names, const char *name) {
  for (size_t at = 0; at < names->length; at += strlen(names->data + at) + 1)
    if (strcmp(names->data + at, name) == 0) return;
  mg_text_append_bytes(names, name, strlen(name) + 1);
}

mg_status mg_layout_add(mg_layout *layout, const mg_scan *scan, const mg_read_options *options,
                        const mg_layout_field *field) {
  if (!mg_read_wants(options, field->name)) return MG_OK;
  for (int k = 0; k < layout->n_fields; k++)
    if (strcmp(layout->field[k].name, field->name) == 0)
      return mg_scan_fail(scan, "%s: %s stands there twice", layout->source, field->name);
  if (layout->n_fields == MG_LAYOUT_FIELDS)
    return mg_scan_fail(scan, "%s: has more than %d fields; choose some with --fields",
                        layout->source, MG_LAYOUT_FIELDS);
  layout->field[layout->n_fields++] = *field;
  return MG_OK;
}

static void describe(const mg_layout_field *from, mg_frame_field *to) {
  const mg_field_info *info = mg_field_find(from->name);
  if (info && info->components != from->components) info = NULL;
  mg_str_copy(to->name, sizeof to->name, from->name);
  mg_str_copy(to->unit, sizeof to->unit, info ? info->unit : "");
  mg_str_copy(to->description, sizeof to->description, info ? info->description : "");
  to->components = from->components;
  to->ctype = from->type == 'R' ? MG_FLOAT64 : from->type == 'L' ? MG_INT32 : MG_INT64;
  if (from->type == 'I' && info && info->ctype == MG_INT32) to->ctype = MG_INT32;
}

mg_status mg_share_start(mg_share *share) {
  mg_frame *frame = share->frame;
  frame->n_fields = 0;
  MG_TRY(MG_NEW(frame->fields, share->layout->n_fields));
  frame->n_fields = share->layout->n_fields;
  for (int k = 0; k < frame->n_fields; k++) describe(&share->layout->field[k], &frame->fields[k]);
  return MG_OK;
}

static mg_status make_room(mg_share *share, int64_t n) {
  if (n <= share->capacity) return MG_OK;
  int64_t capacity = share->capacity + share->capacity / 2;
  if (capacity < n) capacity = n;
  MG_TRY(mg_atoms_reserve(&share->frame->atoms, capacity));
  for (int k = 0; k < share->frame->n_fields; k++) {
    mg_frame_field *field = &share->frame->fields[k];
    const size_t row = mg_ctype_size(field->ctype) * (size_t)field->components;
    void *data = mg_realloc(field->data, (size_t)capacity, row);
    if (!data) return MG_ERR_MEMORY;
    field->data = data;
  }
  share->capacity = capacity;
  return MG_OK;
}

/* "Cu" and the like; other words are numbers or wrong. */
static bool is_symbol(mg_word word) {
  bool good = word.length > 0 && word.length < MG_SYMBOL && isalpha((unsigned char)word.at[0]);
  for (size_t k = 0; good && k < word.length; k++) good = isalnum((unsigned char)word.at[k]);
  return good;
}

static bool is_named(const mg_names *names, const mg_atom_kind *kind) {
  if (kind->type > 0) return kind->type <= names->n;
  for (int k = 0; k < names->n; k++)
    if (strcmp(names->name[k], kind->symbol) == 0) return true;
  return false;
}

static mg_status find_kind(mg_share *share, const mg_scan *scan, const mg_word *words,
                           int32_t *found) {
  const mg_layout *layout = share->layout;
  const mg_names *names = share->options->species;
  const bool named = names && names->n > 0;
  mg_atom_kind kind = {.line = scan->line};
  char quote[MG_SCAN_QUOTE];
  const mg_word what = words[layout->type >= 0 ? layout->type : layout->symbol];
  if (layout->type >= 0 &&
      (!mg_scan_int(words[layout->type], &kind.type) || kind.type < 1 || kind.type > MG_ATOM_KINDS))
    return mg_scan_fail(scan, "'%s' is no atom type; valid: 1 to %d", mg_scan_quote(what, quote),
                        MG_ATOM_KINDS);
  const bool number = layout->type < 0 && named && mg_scan_int(what, &kind.type);
  if (layout->symbol >= 0 && !number && !(named && layout->type >= 0)) {
    const mg_word symbol = words[layout->symbol];
    if (!is_symbol(symbol))
      return mg_scan_fail(scan, "'%s' is no name of an element", mg_scan_quote(symbol, quote));
    memcpy(kind.symbol, symbol.at, symbol.length);
  }
  if (named && (kind.type < 0 || (number && kind.type < 1) || !is_named(names, &kind)))
    return mg_scan_fail(scan, "'%s' is not among the elements of species",
                        mg_scan_quote(what, quote));
  if (layout->mass >= 0 && (!mg_scan_real(words[layout->mass], &kind.mass) || kind.mass < 0))
    return mg_scan_fail(scan, "'%s' is no mass", mg_scan_quote(words[layout->mass], quote));
  int k = 0;
  while (k < share->n_kinds &&
         (share->kind[k].type != kind.type || strcmp(share->kind[k].symbol, kind.symbol) != 0))
    k++;
  if (k == MG_ATOM_KINDS)
    return mg_scan_fail(scan, "'%s' is one element too many", mg_scan_quote(what, quote));
  if (k == share->n_kinds) share->kind[share->n_kinds++] = kind;
  *found = k;
  return MG_OK;
}

static bool take_flag(mg_word word, int32_t *value) {
  *value = mg_scan_is(word, "T") || mg_scan_is(word, "True");
  return *value || mg_scan_is(word, "F") || mg_scan_is(word, "False");
}

static mg_status take_field(const mg_scan *scan, const mg_layout_field *field, mg_frame_field *to,
                            int64_t row, const mg_word *words) {
  char quote[MG_SCAN_QUOTE];
  for (int c = 0; c < field->components; c++) {
    const mg_word word = words[field->word + c];
    const int64_t at = row * field->components + c;
    int64_t whole = 0;
    int32_t flag = 0;
    double real = 0;
    bool good = field->type == 'R'   ? mg_scan_real(word, &real)
                : field->type == 'L' ? take_flag(word, &flag)
                                     : mg_scan_int(word, &whole);
    if (to->ctype == MG_FLOAT64)
      ((double *)to->data)[at] = real;
    else if (to->ctype == MG_INT64)
      ((int64_t *)to->data)[at] = whole;
    else if (field->type == 'L')
      ((int32_t *)to->data)[at] = flag;
    else
      ((int32_t *)to->data)[at] = (int32_t)whole;
    if (!good || (to->ctype == MG_INT32 && whole != (int32_t)whole))
      return mg_scan_fail(scan, "'%s' is no value of %s; valid: a finite decimal number",
                          mg_scan_quote(word, quote), field->name);
  }
  return MG_OK;
}

static mg_status take_motion(const mg_share *share, const mg_scan *scan, int64_t row,
                             const mg_word *words) {
  const mg_layout *layout = share->layout;
  const mg_box *box = &share->frame->box;
  mg_atoms *atoms = &share->frame->atoms;
  for (int a = 0; a < 3; a++) {
    int64_t image = 0;
    double x;
    bool good = mg_scan_real(words[layout->position[a]], &x);
    if (good && layout->velocity[a] >= 0)
      good = mg_scan_real(words[layout->velocity[a]], &atoms->v[row][a]);
    if (good && layout->image[a] >= 0)
      good = mg_scan_int(words[layout->image[a]], &image) && image >= -1000000 && image <= 1000000;
    if (!good)
      return mg_scan_fail(scan, "a position, velocity or image is no finite decimal number");
    atoms->x[row][a] = layout->scaled[a] ? box->lo[a] + x * box->length[a] : x;
    atoms->image[row][a] = layout->unwrapped[a] ? 0 : (int32_t)image;
  }
  return MG_OK;
}

static mg_status take_atom(mg_share *share, const mg_scan *scan, int64_t atom,
                           const mg_word *words) {
  const mg_layout *layout = share->layout;
  mg_atoms *atoms = &share->frame->atoms;
  const int64_t row = atoms->n;
  char quote[MG_SCAN_QUOTE];
  atoms->id[row] = atom + 1;
  if (layout->id >= 0 && (!mg_scan_int(words[layout->id], &atoms->id[row]) || atoms->id[row] < 1 ||
                          atoms->id[row] > INT64_MAX / 4))
    return mg_scan_fail(scan, "'%s' is no atom id; valid: a whole number from 1",
                        mg_scan_quote(words[layout->id], quote));
  MG_TRY(find_kind(share, scan, words, &atoms->species[row]));
  MG_TRY(take_motion(share, scan, row, words));
  for (int k = 0; k < layout->n_fields; k++)
    MG_TRY(take_field(scan, &layout->field[k], &share->frame->fields[k], row, words));
  atoms->n++;
  return MG_OK;
}

mg_status mg_share_add(mg_share *share, mg_word block, int64_t atom, int64_t line) {
  mg_scan scan = {.name = share->name, .text = block.at, .length = block.length, .line = line - 1};
  mg_word text, words[MG_LAYOUT_WORDS];
  mg_status status = MG_OK;
  while (status == MG_OK && mg_scan_line(&scan, &text)) {
    const int n = mg_scan_words(text, false, MG_LAYOUT_WORDS, words);
    if (n != share->layout->n_words)
      status = mg_scan_fail(&scan, "an atom has %d columns; valid: %d, as %s says", n,
                            share->layout->n_words, share->layout->source);
    if (status == MG_OK) status = make_room(share, share->frame->atoms.n + 1);
    if (status == MG_OK) status = take_atom(share, &scan, atom++, words);
  }
  share->failed_line = scan.line;
  return status;
}

static int by_type_and_line(const void *a, const void *b) {
  const mg_atom_kind *x = *(const mg_atom_kind *const *)a, *y = *(const mg_atom_kind *const *)b;
  if (x->type != y->type) return x->type < y->type ? -1 : 1;
  return (x->line > y->line) - (x->line < y->line);
}

mg_status mg_read_check_names(const char *name, const mg_names *names) {
  mg_species species = {0};
  for (int k = 0; names && k < names->n; k++) {
    const mg_word word = {names->name[k], strlen(names->name[k])};
    MG_REQUIRE(mg_frame_element(&species, word) >= 0, MG_ERR_INPUT,
               "%s: '%s' in species is no name of an element, or one too many", name,
               names->name[k]);
  }
  return MG_OK;
}

/* Do all kinds have symbols? Of a type that is written with two, the first is meant. */
static bool have_symbols(int n, const mg_atom_kind *kind) {
  for (int k = 0; k < n; k++)
    if (!kind[k].symbol[0]) return false;
  return true;
}

mg_status mg_kinds_resolve(const char *name, const mg_read_options *options,
                           const mg_species *masses, int n, const mg_atom_kind *kind,
                           mg_species *species, int32_t *element) {
  const mg_names *names = options->species;
  const mg_atom_kind **order;
  memset(species, 0, sizeof *species);
  const bool named = names && names->n > 0, symbols = have_symbols(n, kind);
  for (int k = 0; named && k < names->n; k++)
    mg_frame_element(species, (mg_word){names->name[k], strlen(names->name[k])});
  /* a file that lists its species means them in this order */
  for (int k = 0; !named && k < masses->n; k++)
    mg_frame_element(species, (mg_word){masses->symbol[k], strlen(masses->symbol[k])});
  MG_TRY(MG_NEW(order, n));
  for (int k = 0; k < n; k++) order[k] = &kind[k];
  qsort(order, (size_t)n, sizeof *order, by_type_and_line);
  mg_status status = MG_OK;
  for (int k = 0; k < n && status == MG_OK; k++) {
    const mg_atom_kind *now = order[k];
    mg_word word = {now->symbol, strlen(now->symbol)};
    if (named && now->type > 0)
      word = (mg_word){names->name[now->type - 1], strlen(names->name[now->type - 1])};
    int found = named || symbols ? mg_frame_element(species, word) : (int)now->type - 1;
    if (found < 0)
      status = mg_fail(MG_ERR_INPUT, "%s:%lld: '%s' is one element too many; valid: up to %d", name,
                       (long long)now->line, now->symbol, MG_MAX_SPECIES);
    else if (now->mass > 0 && found < MG_MAX_SPECIES)
      species->mass[found] = now->mass;
    element[now - kind] = found;
  }
  mg_free(order);
  for (int k = 0; k < species->n; k++) {
    const int known = mg_species_index(masses, species->symbol[k]);
    if (known >= 0 && species->mass[k] == 0) species->mass[k] = masses->mass[known];
  }
  return status;
}

void mg_frame_take_reference(mg_frame *frame) {
  for (int k = 0; k < frame->n_fields; k++) {
    mg_frame_field *field = &frame->fields[k];
    if (strcmp(field->name, "reference_position") != 0) continue;
    if (!frame->has_reference || field->components != 3 || field->ctype != MG_FLOAT64) continue;
    frame->reference = field->data;
    memmove(field, field + 1, (size_t)(--frame->n_fields - k) * sizeof *field);
    return;
  }
  frame->has_reference = false;
}

mg_status mg_rows_fit(const mg_scan *scan, int64_t n, int words) {
  /* every word takes a character and a blank or line end */
  const size_t room = (scan->length - scan->at + scan->beyond + 1) / (2 * (size_t)words);
  if (n > (int64_t)room)
    return mg_scan_fail(scan, "%lld atoms are announced, but the file is too short for them",
                        (long long)n);
  return MG_OK;
}

static mg_status parse_all(mg_scan *scan, mg_share *share, int64_t n) {
  mg_frame *frame = share->frame;
  mg_word block, words[1];
  for (int64_t done = 0, now; done < n; done += now) {
    now = mg_scan_block(scan, n - done, &block);
    if (now == 0)
      return mg_scan_fail(scan, "the file ends after %lld of %lld atoms", (long long)done,
                          (long long)n);
    MG_TRY(mg_share_add(share, block, done, scan->line - now + 1));
  }
  while (mg_scan_line(scan, &block))
    if (mg_scan_words(block, false, 1, words) > 0)
      return mg_scan_fail(scan, "more follows after the last atom; valid: a single frame");
  const mg_species masses = frame->species;
  int32_t element[MG_ATOM_KINDS];
  MG_TRY(mg_kinds_resolve(share->name, share->options, &masses, share->n_kinds, share->kind,
                          &frame->species, element));
  for (int32_t i = 0; i < frame->atoms.n; i++)
    frame->atoms.species[i] = element[frame->atoms.species[i]];
  mg_frame_take_reference(frame);
  mg_frame_row *index = NULL;
  MG_TRY(mg_frame_index(share->name, &frame->atoms, &index));
  mg_free(index);
  return mg_frame_finish(share->name, frame);
}

mg_status mg_frame_parse_rows(mg_head_parser *head, const char *name, const char *text,
                              size_t length, const mg_read_options *options, mg_frame *frame) {
  mg_frame_init(frame);
  mg_scan scan = {.name = name, .text = text, .length = length};
  mg_layout layout;
  int64_t n;
  mg_share share = {.name = name, .layout = &layout, .options = options, .frame = frame};
  mg_status status = mg_read_check_names(name, options->species);
  if (status == MG_OK) status = head(&scan, options, frame, &layout, &n);
  if (status == MG_OK) status = mg_share_start(&share);
  if (status == MG_OK) status = make_room(&share, n);
  if (status == MG_OK) status = parse_all(&scan, &share, n);
  if (status != MG_OK) mg_frame_clear(frame);
  return status;
}
