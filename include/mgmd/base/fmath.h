/** Exponential and logarithm with the same bits on every machine.
 *
 *  The C library's differ in the last bit between versions and between its FMA and plain variants;
 *  box lengths and thermostat factors decide the trajectory, so ranks on unlike nodes must agree.
 *  Built without floating-point contraction; accurate to about 2 ulp.
 */
#ifndef MGMD_BASE_FMATH_H
#define MGMD_BASE_FMATH_H

double mg_exp(double x);  /**< e^x for |x| < 700; 0 below, infinity above */
double mg_log1(double x); /**< natural logarithm, x > 0 finite */

#endif
