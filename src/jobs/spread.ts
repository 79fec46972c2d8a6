/** At most this part of a wait comes on top of it. */
const MOST = 0.25;

/**
 * A wait, made a little longer by chance and never shorter: those that met the same fault at the same moment do not
 * come back at the same moment.
 */
export const spread = (ms: number, random: () => number): number => Math.round(ms * (1 + MOST * random()));
