/** Signals that ask a run to stop: SIGUSR1 (batch systems, before the time is up), SIGTERM and
 *  SIGINT. They only leave a note; the run looks at it between two steps. */
#ifndef MGMD_BASE_STOP_H
#define MGMD_BASE_STOP_H

/** Take note of the signals from here on. A second SIGINT ends the program at once. */
void mg_stop_listen(void);

/** Name of the last signal that was caught, "SIGUSR1"; NULL: none. */
const char *mg_stop_signal(void);

#endif
