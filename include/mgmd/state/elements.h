/** The chemical elements. */
#ifndef MGMD_STATE_ELEMENTS_H
#define MGMD_STATE_ELEMENTS_H

/** Standard atomic weight [u] of an element, abridged [IUPAC, Pure Appl. Chem. 94, 573 (2022)]; 0
 *  for one without stable isotopes, -1 when @p symbol names no element. Pure. */
double mg_element_mass(const char *symbol);

#endif
