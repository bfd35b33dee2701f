/** The two sides of a question. Their keys are never shared, so that destroying one leaves the other readable. */
export type Side = 'actor' | 'subject';
