/* XDMF 2 [xdmf.org], a temporal collection of one grid of points per snapshot. Both readers of
 * ParaView ("XDMF Reader" and "Xdmf3") take datasets with a leading dimension of one frame as they
 * are. Tensors go component by component, since XDMF's order of them is another; that needs
 * HyperSlabs, which only the first reader knows, while the other passes over them.
 */
#include "mgmd/io/xdmf.h"

#include "mgmd/base/mem.h"
#include "mgmd/io/commit.h"
#include "mgmd/io/h5.h"
#include "snapshot_impl.h"

#include <stdio.h>
#include <string.h>

/* Text as the value of an attribute or element. */
static void append_escaped(mg_text *text, const char *value) {
  for (; *value; value++) switch (*value) {
    case '&': mg_text_append(text, "&amp;"); break;
    case '<': mg_text_append(text, "&lt;"); break;
    case '>': mg_text_append(text, "&gt;"); break;
    case '"': mg_text_append(text, "&quot;"); break;
    default: mg_text_append_bytes(text, value, 1);
    }
}

/* A whole dataset of rows. */
static void append_item(mg_text *text, const char *file, const char *path,
                        const mg_h5_shape *shape) {
  mg_text_append(text, "          <DataItem Dimensions=\"1 %lld", (long long)shape->dims[1]);
  if (shape->rank == 3) mg_text_append(text, " %lld", (long long)shape->dims[2]);
  mg_text_append(text, "\" NumberType=\"%s\" Precision=\"%lld\" Format=\"HDF\">",
                 shape->type == MG_H5_FLOAT ? "Float" : "Int", (long long)shape->size);
  append_escaped(text, file);
  mg_text_append(text, ":");
  append_escaped(text, path);
  mg_text_append(text, "</DataItem>\n");
}

/* One component of its rows. */
static void append_component(mg_text *text, const char *file, const char *path,
                             const mg_h5_shape *shape, int64_t component) {
  const long long n = (long long)shape->dims[1];
  mg_text_append(text,
                 "          <DataItem ItemType=\"HyperSlab\" Dimensions=\"%lld\">\n"
                 "          <DataItem Dimensions=\"3 3\" Format=\"XML\">0 0 %lld 1 1 1 1 %lld 1"
                 "</DataItem>\n",
                 n, (long long)component, n);
  append_item(text, file, path, shape);
  mg_text_append(text, "          </DataItem>\n");
}

static void append_attribute(mg_text *text, const char *file, const char *name, const char *path,
                             const mg_h5_shape *shape) {
  static const char *const tensor[6] = {"xx", "yy", "zz", "xy", "xz", "yz"};
  const int64_t k = shape->rank == 3 ? shape->dims[2] : 1;
  const int64_t pieces = k == 1 || k == 3 ? 1 : k;
  for (int64_t c = 0; c < pieces; c++) {
    mg_text_append(text, "        <Attribute Name=\"");
    append_escaped(text, name);
    if (k == 6)
      mg_text_append(text, "_%s", tensor[c]);
    else if (pieces > 1)
      mg_text_append(text, "_%lld", (long long)c);
    mg_text_append(text, "\" AttributeType=\"%s\" Center=\"Node\">\n",
                   k == 3 ? "Vector" : "Scalar");
    if (pieces == 1)
      append_item(text, file, path, shape);
    else
      append_component(text, file, path, shape, c);
    mg_text_append(text, "        </Attribute>\n");
  }
}

/* The NAME of MG_SNAPSHOT_ATOMS/NAME/value when that holds rows of @p n atoms, else "". */
static void field_name(mg_h5 *file, const char *path, int64_t n, mg_h5_shape *shape,
                       char name[MG_H5_NAME]) {
  static const char before[] = MG_SNAPSHOT_ATOMS "/", after[] = "/value";
  const size_t length = strlen(path), most = sizeof before - 1, least = sizeof after - 1;
  name[0] = '\0';
  if (length <= most + least || length >= MG_H5_NAME || strncmp(path, before, most) != 0 ||
      strcmp(path + length - least, after) != 0)
    return;
  const char *start = path + most;
  const size_t size = length - most - least;
  if (memchr(start, '/', size) || mg_h5_get_shape(file, path, shape) != MG_OK) return;
  const bool rows =
      (shape->rank == 2 || shape->rank == 3) && shape->dims[0] == 1 && shape->dims[1] == n;
  if (!rows || shape->type == MG_H5_TEXT || shape->type == MG_H5_OTHER) return;
  memcpy(name, start, size);
  name[size] = '\0';
}

static void append_box(mg_text *text, mg_h5 *file) {
  double edges[9], origin[3];
  if (mg_h5_get(file, MG_SNAPSHOT_BOX "/edges/value", MG_FLOAT64, 9, edges) != MG_OK) return;
  if (mg_h5_get(file, MG_SNAPSHOT_BOX "/origin/value", MG_FLOAT64, 3, origin) != MG_OK) return;
  mg_text_append(text,
                 "        <Information Name=\"box_edges\" Value=\"%.17g %.17g %.17g\"/>\n"
                 "        <Information Name=\"box_origin\" Value=\"%.17g %.17g %.17g\"/>\n",
                 edges[0], edges[4], edges[8], origin[0], origin[1], origin[2]);
}

static mg_status append_grid(mg_text *text, mg_h5 *file, const char *name) {
  static const char position[] = MG_SNAPSHOT_ATOMS "/position/value";
  mg_h5_shape shape;
  double time;
  int64_t step;
  char *paths;
  int64_t n_paths;
  MG_TRY(mg_h5_get_shape(file, position, &shape));
  MG_REQUIRE(shape.rank == 3 && shape.dims[0] == 1 && shape.dims[2] == 3, MG_ERR_INPUT,
             "%s: %s: its shape is not [1][N][3]", mg_h5_path(file), position);
  MG_TRY(mg_h5_get(file, MG_SNAPSHOT_TIMELINE "/time", MG_FLOAT64, 1, &time));
  MG_TRY(mg_h5_get(file, MG_SNAPSHOT_TIMELINE "/step", MG_INT64, 1, &step));
  if (time == 0) time = (double)step; /* from a file that tells no times */
  MG_TRY(mg_h5_list(file, &paths, &n_paths));
  const long long n = (long long)shape.dims[1];
  mg_text_append(text, "      <Grid Name=\"");
  append_escaped(text, name);
  mg_text_append(text, "\" GridType=\"Uniform\">\n        <Time Value=\"%.17g\"/>\n", time);
  append_box(text, file);
  mg_text_append(text,
                 "        <Topology TopologyType=\"Polyvertex\" NumberOfElements=\"%lld\" "
                 "NodesPerElement=\"1\"/>\n        <Geometry GeometryType=\"XYZ\">\n",
                 n);
  append_item(text, name, position, &shape);
  mg_text_append(text, "        </Geometry>\n");
  const char *path = paths;
  for (int64_t k = 0; k < n_paths; k++, path += strlen(path) + 1) {
    char field[MG_H5_NAME];
    field_name(file, path, n, &shape, field);
    if (field[0] && strcmp(field, "position") != 0)
      append_attribute(text, name, field, path, &shape);
  }
  mg_text_append(text, "      </Grid>\n");
  mg_free(paths);
  return text->status;
}

mg_status mg_xdmf_add(mg_xdmf *series, const char *snapshot) {
  mg_h5 *file;
  mg_text grid = {0};
  const char *slash = strrchr(snapshot, '/');
  MG_TRY(mg_h5_open(NULL, snapshot, &file));
  mg_status status = append_grid(&grid, file, slash ? slash + 1 : snapshot);
  mg_h5_abandon(&file);
  if (status == MG_OK) {
    mg_text_append_bytes(&series->grids, grid.data, grid.length);
    status = series->grids.status;
  }
  if (status == MG_OK) series->n++;
  mg_text_clear(&grid);
  return status;
}

mg_status mg_xdmf_write(const mg_xdmf *series, const char *path) {
  mg_text text = {0};
  mg_text_append(&text, "<?xml version=\"1.0\" ?>\n<Xdmf Version=\"2.0\">\n  <Domain>\n"
                        "    <Grid Name=\"snapshots\" GridType=\"Collection\" "
                        "CollectionType=\"Temporal\">\n");
  mg_text_append_bytes(&text, series->grids.data ? series->grids.data : "", series->grids.length);
  mg_text_append(&text, "    </Grid>\n  </Domain>\n</Xdmf>\n");
  mg_status status = text.status;
  if (status == MG_OK) status = mg_commit_text(path, text.data, text.length);
  mg_text_clear(&text);
  return status;
}

void mg_xdmf_clear(mg_xdmf *series) {
  mg_text_clear(&series->grids);
  series->n = 0;
}
