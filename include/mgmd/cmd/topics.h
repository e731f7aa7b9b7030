/** What `mgmd help` can tell besides stages and commands. */
#ifndef MGMD_CMD_TOPICS_H
#define MGMD_CMD_TOPICS_H

#include "mgmd/cmd/page.h"

typedef struct mg_topic {
  const char *name;
  const char *title;            /**< of its section in manual and reference */
  const char *summary;          /**< one line, lower case, no full stop */
  void (*write)(mg_page *page); /**< the text below the heading */
} mg_topic;

/** All topics, the last row's name NULL. */
extern const mg_topic mg_topics[];

/** The topic of this name, or NULL. */
const mg_topic *mg_topic_find(const char *name);

#endif
