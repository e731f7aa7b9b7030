/* Replays inputs to one fuzz target, where libFuzzer is not at hand:
 *
 *     fuzz_READER FILE|FOLDER...
 *
 * The name of each file is printed before it is read, so that the last one printed is to blame for
 * a crash; SIGALRM ends an input that takes longer than ten seconds. */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECONDS = 10, MOST_BYTES = 1 << 20 };

static int n_inputs;

static void fail(const char *path, const char *why) {
  fprintf(stderr, "%s: %s\n", path, why);
  exit(2);
}

static void replay_file(const char *path) {
  FILE *file = fopen(path, "rb");
  uint8_t *data = malloc(MOST_BYTES);
  if (!file || !data) fail(path, "cannot be opened");
  size_t size = fread(data, 1, MOST_BYTES, file);
  fclose(file);
  /* a block of just this size, so that a sanitizer sees reading beyond its end */
  uint8_t *exact = malloc(size ? size : 1);
  if (!exact) fail(path, "out of memory");
  memcpy(exact, data, size);
  free(data);
  printf("reading %s\n", path);
  fflush(stdout);
  alarm(SECONDS);
  LLVMFuzzerTestOneInput(exact, size);
  alarm(0);
  free(exact);
  n_inputs++;
}

static void replay(const char *path) {
  struct stat info;
  if (stat(path, &info) != 0) fail(path, "is not there");
  if (!S_ISDIR(info.st_mode)) {
    replay_file(path);
    return;
  }
  struct dirent **entry;
  const int n = scandir(path, &entry, NULL, alphasort);
  if (n < 0) fail(path, "cannot be listed");
  for (int k = 0; k < n; k++) {
    char inner[4096];
    const int length = snprintf(inner, sizeof inner, "%s/%s", path, entry[k]->d_name);
    if (length >= (int)sizeof inner) fail(path, "the path is too long");
    if (entry[k]->d_name[0] != '.') replay(inner);
    free(entry[k]);
  }
  free(entry);
}

int main(int argc, char **argv) {
  for (int k = 1; k < argc; k++) replay(argv[k]);
  if (n_inputs == 0) fail(argv[0], "there is nothing to replay");
  printf("ok %d inputs\n", n_inputs);
  return 0;
}
