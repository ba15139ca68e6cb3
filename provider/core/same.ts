/**
 * Types that compare the names of a declaration with those of the code that has to know each of them.
 *
 * @module
 */

/** Whether two types have the same members. */
export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Compiles only if all members are `true`. */
export type AllTrue<T extends readonly true[]> = T;
