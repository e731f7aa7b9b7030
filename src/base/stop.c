#include "mgmd/base/stop.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

/* The one thing that a handler can reach. */
static volatile sig_atomic_t caught;

static void note(int number) { caught = number; }

void mg_stop_listen(void) {
  static const int numbers[] = {SIGUSR1, SIGTERM, SIGINT};
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = note;
  sigemptyset(&action.sa_mask);
  for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
    action.sa_flags = SA_RESTART;
    if (numbers[k] == SIGINT) action.sa_flags |= (int)SA_RESETHAND;
    sigaction(numbers[k], &action, NULL);
  }
}

const char *mg_stop_signal(void) {
  switch (caught) {
  case 0: return NULL;
  case SIGUSR1: return "SIGUSR1";
  case SIGTERM: return "SIGTERM";
  default: return "SIGINT";
  }
}
