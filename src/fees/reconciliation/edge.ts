/**
 * How near to midnight a line may have fallen on another day for them: they go by their own clock and by when a query was carried out, and
 * a query takes seconds. Wide enough for a clock that nobody watches.
 */
export const EDGE_MINUTES = 5;
